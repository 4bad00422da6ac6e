#include "emulator/scenario/fault_words.h"

#include <boost/json.hpp>
#include <stdexcept>

namespace sbemu {
namespace json = boost::json;
namespace {

constexpr const char* kForms =
    "a fault is SERVICE.OPERATION WHAT [times N] [after N] [probability P] [resource TEXT]"
    " [function NAME], or: invoke FUNCTION killed after 100ms | twice | cold, or: response 403 |"
    " 500 | silence | twice | late by 10s";

class Words {
  public:
    explicit Words(const std::vector<std::string>& words) : words_(words) {}

    bool done() const { return next_ >= words_.size(); }
    std::string take() {
        if (done()) throw std::runtime_error(kForms);
        return words_[next_++];
    }
    void expect(const std::string& word) {
        if (take() != word) throw std::runtime_error(kForms);
    }
    std::int64_t take_duration() { return duration_of_word(take()).count(); }
    std::int64_t take_number() {
        const std::string word = take();
        if (word.empty() || word.find_first_not_of("0123456789") != std::string::npos ||
            word.size() > 15) {
            throw std::runtime_error("'" + word + "' is no whole number");
        }
        return std::stoll(word);
    }

  private:
    const std::vector<std::string>& words_;
    std::size_t next_ = 1;  // after the verb
};

void read_invoke(Words& words, json::object& rule) {
    rule["Service"] = "lambda";
    rule["Operation"] = "Invoke";
    rule["Resource"] = words.take();
    const std::string what = words.take();
    rule["Kind"] = what == "killed" ? "kill" : what;
    if (what != "killed") return;
    words.expect("after");
    rule["Delay"] = words.take_duration();
}

void read_response(Words& words, json::object& rule) {
    rule["Service"] = "cloudformation";
    rule["Operation"] = "PutResponse";
    const std::string what = words.take();
    if (what == "403" || what == "500" || what == "503") {
        rule["Code"] = what;
        return;
    }
    rule["Kind"] = what;
    if (what != "late") return;
    words.expect("by");
    rule["Delay"] = words.take_duration();
}

void read_call(Words& words, json::object& rule, const std::string& target) {
    const auto dot = target.find('.');
    if (dot == std::string::npos) throw std::runtime_error(kForms);
    rule["Service"] = target.substr(0, dot);
    rule["Operation"] = target.substr(dot + 1);
    const std::string what = words.take();
    if (what == "latency") {
        rule["Kind"] = what;
        rule["Delay"] = words.take_duration();
    } else if (what == "drop") {
        rule["Kind"] = what;
        rule["When"] = words.take();
    } else if (what == "silence") {
        rule["Kind"] = what;
    } else {
        rule["Code"] = what;
    }
}

double probability_of(const std::string& word) {
    std::size_t read = 0;
    double probability = 0;
    try {
        probability = std::stod(word, &read);
    } catch (const std::exception&) {
        read = 0;
    }
    if (read != word.size()) throw std::runtime_error("'" + word + "' is no probability (0.2)");
    return probability;
}

void read_option(Words& words, json::object& rule) {
    const std::string option = words.take();
    if (option == "times") {
        rule["Count"] = words.take_number();
    } else if (option == "after") {
        rule["After"] = words.take_number();
    } else if (option == "probability") {
        rule["Probability"] = probability_of(words.take());
    } else if (option == "resource") {
        rule["Resource"] = words.take();
    } else if (option == "function") {
        rule["Function"] = words.take();
    } else if (option == "caller") {
        rule["Caller"] = words.take();
    } else if (option == "from") {
        rule["From"] = words.take();
    } else if (option == "id") {
        rule["Id"] = words.take();
    } else {
        throw std::runtime_error("'" + option + "' is no option of a fault; " + kForms);
    }
}

}  // namespace

Duration duration_of_word(const std::string& text) {
    static constexpr std::pair<std::string_view, std::int64_t> kUnits[] = {
        {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
    const auto digits = text.find_first_not_of("0123456789");
    for (const auto& [unit, milliseconds] : kUnits) {
        if (digits != 0 && digits != std::string::npos && text.substr(digits) == unit) {
            return Duration{std::stoll(text.substr(0, digits)) * milliseconds};
        }
    }
    throw std::runtime_error("'" + text + "' is no duration (try 90s, 5m, 1h, 250ms)");
}

json::object fault_of_words(const std::vector<std::string>& given, const std::string& message) {
    json::object rule;
    Words words(given);
    const std::string target = words.take();
    if (target == "invoke") {
        read_invoke(words, rule);
    } else if (target == "response") {
        read_response(words, rule);
    } else {
        read_call(words, rule, target);
    }
    while (!words.done()) read_option(words, rule);
    if (!message.empty()) rule["Message"] = message;
    return rule;
}

}  // namespace sbemu
