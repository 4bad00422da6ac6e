// An Aws whose answers a test scripts and whose calls it reads back as lines of text; and the
// context that goes with it.
#pragma once
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <deque>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "handlers/runtime/aws.h"
#include "handlers/runtime/context.h"

namespace sbemu::streambot_test {

using lambda_runtime::AwsError;

class FakeAws : public lambda_runtime::Aws {
  public:
    using Answer = std::variant<boost::json::object, AwsError>;

    // The next answer of an operation; without one it answers {}.
    void answer(const std::string& operation, const std::string& json_text) {
        answers_[operation].emplace_back(boost::json::parse(json_text).as_object());
    }
    void fail(const std::string& operation, const AwsError& error) {
        answers_[operation].emplace_back(error);
    }

    boost::json::object call(const std::string& service, const std::string& region,
                             const std::string& operation,
                             const boost::json::object& params) override {
        calls.push_back(service + " " + region + " " + operation + " " +
                        boost::json::serialize(params));
        auto& waiting = answers_[operation];
        if (waiting.empty()) return {};
        const Answer next = waiting.front();
        waiting.pop_front();
        if (const auto* error = std::get_if<AwsError>(&next)) throw AwsError(*error);
        return std::get<boost::json::object>(next);
    }

    int put(const std::string& url, const std::string& body) override {
        put_urls.push_back(url);
        put_bodies.push_back(body);
        if (put_error) throw AwsError(*put_error);
        return put_status;
    }

    // The one response CloudFormation got.
    boost::json::object response() const {
        REQUIRE(put_bodies.size() == 1);
        return boost::json::parse(put_bodies[0]).as_object();
    }

    std::vector<std::string> calls;
    std::vector<std::string> put_urls;
    std::vector<std::string> put_bodies;
    int put_status = 200;
    std::optional<AwsError> put_error;

  private:
    std::map<std::string, std::deque<Answer>> answers_;
};

// A function's surroundings with a log and an environment to look into.
struct Sandbox {
    Sandbox() {
        context.request_id = "0b3f8c1e-0000-4000-8000-000000000001";
        context.invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:the-handler";
        context.function_name = "the-handler";
        context.log_stream_name = "2026/11/22/[$LATEST]0123456789abcdef0123456789abcdef";
        context.started_ms = 1'795'336'000'123;
        context.log = [this](std::string_view line) { log.emplace_back(line); };
        context.variable = [this](const std::string& name) -> std::optional<std::string> {
            const auto found = environment.find(name);
            if (found == environment.end()) return std::nullopt;
            return found->second;
        };
        context.set_variable = [this](const std::string& name, const std::string& value) {
            if (name.empty() || name.find('=') != name.npos) return false;
            environment[name] = value;
            return true;
        };
    }
    Sandbox(const Sandbox&) = delete;
    Sandbox& operator=(const Sandbox&) = delete;

    bool has_logged(const std::string& text) const {
        for (const std::string& line : log) {
            if (line.find(text) != line.npos) return true;
        }
        return false;
    }

    lambda_runtime::Context context;
    std::vector<std::string> log;
    std::map<std::string, std::string> environment;
};

// A request event of CloudFormation's (cloudformation.md 1.2), `rest` being further members.
inline boost::json::value custom_resource_event(const std::string& type,
                                                const std::string& properties,
                                                const std::string& rest = "") {
    return boost::json::parse(
        R"({"RequestType": ")" + type +
        R"(", "ServiceToken": "arn:aws:lambda:eu-west-1:123456789012:function:the-handler",
            "ResponseURL": "https://bucket.s3.amazonaws.com/arn%3Aaws%7CConfig?X-Amz-Signature=ab",
            "StackId": "arn:aws:cloudformation:eu-west-1:123456789012:stack/ex/1111",
            "RequestId": "aaaa-bbbb", "LogicalResourceId": "Config",
            "ResourceType": "Custom::StreambotEnv", "ResourceProperties": )" +
        properties + (rest.empty() ? "" : ", " + rest) + "}");
}

inline std::string text(const boost::json::object& object, std::string_view name) {
    return std::string(object.at(name).as_string());
}

}  // namespace sbemu::streambot_test
