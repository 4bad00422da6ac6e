// Scenarios as text: read, and printed as they were written.
#include "emulator/scenario/scenario.h"

#include <filesystem>
#include <sstream>

namespace sbemu {
namespace {

constexpr std::string_view kSubset = "---- subset";

std::string prefixed(const std::string& lines, const char* mark) {
    std::istringstream stream(lines);
    std::string text;
    for (std::string line; std::getline(stream, line);) text += mark + line + "\n";
    return text;
}

}  // namespace

std::vector<Step> parse_scenario(std::string_view text) {
    std::istringstream stream{std::string(text)};
    std::vector<Step> steps;
    std::string* target = nullptr;
    int number = 0;
    for (std::string line; std::getline(stream, line);) {
        ++number;
        const bool in_expected = target && steps.back().expects;
        if (line.empty() || (line.front() == '#' && !in_expected)) {
            steps.push_back({number, line, "", "", false});
            target = nullptr;
        } else if ((line == "----" || line == kSubset) && !steps.empty() &&
                   !steps.back().is_comment()) {
            steps.back().expects = true;
            steps.back().subset = line == kSubset;
            target = &steps.back().expected;
        } else if (!target) {
            steps.push_back({number, line, "", "", false});
            target = &steps.back().body;
        } else {
            *target += line + "\n";
        }
    }
    return steps;
}

std::string print_scenario(const std::vector<Step>& steps) {
    std::string text;
    for (const Step& step : steps) {
        text += step.verb + "\n" + step.body;
        if (step.expected.empty()) continue;
        text += (step.subset ? std::string(kSubset) : "----") + "\n" + step.expected;
    }
    return text;
}

std::string_view name_of(Mode mode) {
    switch (mode) {
        case Mode::plain:
            return "plain";
        case Mode::reversed_selects:
            return "with reversed selects";
        case Mode::reopened:
            return "killed and reopened before every event";
    }
    return "";
}

std::string scenario_root(const std::string& scenario) {
    namespace files = std::filesystem;
    for (files::path folder = files::absolute(scenario).parent_path();;
         folder = folder.parent_path()) {
        if (files::exists(folder / ".git")) return folder.string();
        if (folder == folder.root_path()) return ".";
    }
}

std::string explain(const Difference& difference) {
    return "line " + std::to_string(difference.line) + ": " + difference.verb + "\n" +
           prefixed(difference.expected, "- ") + prefixed(difference.actual, "+ ");
}

}  // namespace sbemu
