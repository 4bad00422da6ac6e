#include "emulator/cli/junit.h"

#include <cstdio>

#include "emulator/host/functions/function_output.h"
#include "emulator/wire/xml.h"

namespace sbemu {
namespace {

// XML takes UTF-8, and of the control characters only these.
std::string escaped(const std::string& text) {
    std::string clean = valid_utf8(text);
    for (char& c : clean) {
        if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') c = '?';
    }
    std::string result;
    wire::append_escaped(result, clean);
    return result;
}

std::string seconds_text(double seconds) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", seconds);
    return text;
}

}  // namespace

std::string junit_xml(const std::vector<JunitCase>& cases) {
    std::size_t failures = 0;
    std::size_t errors = 0;
    double total = 0;
    std::string body;
    for (const JunitCase& test : cases) {
        total += test.seconds;
        body += "<testcase classname=\"scenarios\" name=\"" + escaped(test.name) + "\" time=\"" +
                seconds_text(test.seconds) + "\">";
        if (!test.error.empty()) {
            ++errors;
            body += "<error message=\"cannot be played\">" + escaped(test.error) + "</error>";
        } else if (!test.failure.empty()) {
            ++failures;
            body += "<failure message=\"differs\">" + escaped(test.failure) + "</failure>";
        }
        body += "</testcase>\n";
    }
    const std::string counts = " tests=\"" + std::to_string(cases.size()) + "\" failures=\"" +
                               std::to_string(failures) + "\" errors=\"" + std::to_string(errors) +
                               "\" time=\"" + seconds_text(total) + "\">\n";
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + counts +
           "<testsuite name=\"scenarios\"" + counts + body + "</testsuite>\n</testsuites>\n";
}

}  // namespace sbemu
