#include "emulator/scenario/expectation.h"

#include <boost/json.hpp>
#include <optional>

namespace sbemu {
namespace json = boost::json;
namespace {

bool is_text(const json::value& value, std::string_view text) {
    return value.is_string() && value.get_string() == text;
}

// The line of an answer: what must be exact, and its JSON if it has some.
struct Answer {
    std::string head;  // "200 ", or "404 Code: message "
    std::optional<json::value> document;
    std::string rest;  // the lines that follow
};

Answer parse_answer(const std::string& text) {
    const auto end = text.find('\n');
    const std::string line = text.substr(0, end);
    Answer answer{line, std::nullopt, end == std::string::npos ? "" : text.substr(end + 1)};
    for (auto at = line.find_first_of("{[\""); at != std::string::npos;
         at = line.find_first_of("{[\"", at + 1)) {
        boost::system::error_code failed;
        json::value document = json::parse(line.substr(at), failed);
        if (failed) continue;
        answer.head = line.substr(0, at);
        answer.document = std::move(document);
        break;
    }
    while (answer.head.ends_with(' ')) answer.head.pop_back();
    return answer;
}

// Walks both documents, notes what differs by its path, and returns the expectation that holds.
class Comparison {
  public:
    json::value walk(const json::value& expected, const json::value& actual,
                     const std::string& path) {
        if (is_text(expected, "*")) return expected;
        if (expected.is_object() && actual.is_object()) {
            return walk_object(expected.get_object(), actual.get_object(), path);
        }
        if (expected.is_array() && actual.is_array()) {
            return walk_array(expected.get_array(), actual.get_array(), path);
        }
        if (expected != actual) note(path, json::serialize(expected), json::serialize(actual));
        return actual;
    }

    void note(const std::string& path, const std::string& expected, const std::string& actual) {
        shown_expected += path + " " + expected + "\n";
        shown_actual += path + " " + actual + "\n";
    }

    std::string shown_expected;
    std::string shown_actual;

  private:
    json::value walk_object(const json::object& expected, const json::object& actual,
                            const std::string& path) {
        json::object updated;
        for (const auto& [name, value] : expected) {
            const std::string below = path + "." + std::string(name);
            if (const json::value* found = actual.if_contains(name)) {
                updated[name] = walk(value, *found, below);
            } else {
                note(below, json::serialize(value), "is missing");
            }
        }
        return updated;
    }

    json::value walk_array(const json::array& expected, const json::array& actual,
                           const std::string& path) {
        const bool open = !expected.empty() && is_text(expected.back(), "...");
        const std::size_t written = expected.size() - (open ? 1 : 0);
        if (open ? actual.size() < written : actual.size() != written) {
            note(path, json::serialize(expected), json::serialize(actual));
            return actual;
        }
        json::array updated;
        for (std::size_t i = 0; i < written; ++i) {
            updated.push_back(walk(expected[i], actual[i], path + "[" + std::to_string(i) + "]"));
        }
        if (open) updated.push_back("...");
        return updated;
    }
};

}  // namespace

Compared compare(const Step& step, const std::string& actual) {
    if (!step.subset) return {actual == step.expected, actual, step.expected, actual};
    const Answer expected = parse_answer(step.expected);
    const Answer answer = parse_answer(actual);
    if (expected.head != answer.head || (expected.document && !answer.document) ||
        (!expected.rest.empty() && expected.rest != answer.rest)) {
        return {false, actual, step.expected, actual};
    }
    if (!expected.document) return {true, step.expected, "", ""};
    Comparison comparison;
    const json::value updated = comparison.walk(*expected.document, *answer.document, "");
    if (comparison.shown_expected.empty()) return {true, step.expected, "", ""};
    return {false, answer.head + " " + json::serialize(updated) + "\n" + expected.rest,
            comparison.shown_expected, comparison.shown_actual};
}

}  // namespace sbemu
