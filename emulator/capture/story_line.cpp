#include "emulator/capture/story_line.h"

#include <boost/json.hpp>

#include "emulator/capture/captured_text.h"
#include "emulator/capture/world.h"
#include "emulator/core/json_text.h"

namespace sbemu {
namespace json = boost::json;
namespace {

// The key of the ResponseURL in an event for a custom resource, as PutResponse has it in Query.
std::string response_query(const std::string& payload) {
    json::error_code error;
    const json::value event = parse_json(payload, error);
    if (error || !event.is_object()) return {};
    const std::string url = text_or_nothing(event.as_object(), "ResponseURL");
    const auto query = url.find('?');
    return query == std::string::npos ? std::string() : url.substr(query + 1);
}

class Reader {
  public:
    explicit Reader(const Capture& capture) {
        for (const CapturedEvent& captured : capture.events) take(captured);
    }

    StoryLine line;

  private:
    void take(const CapturedEvent& captured) {
        const Event& event = captured.event;
        if (is_call(event, "sbemu.Pulse")) {
            line.pulses.push_back(captured);
        } else if (is_call(event, "lambda.InvocationStarted")) {
            if (Transcript* one = known(text_or_nothing(event.params, "InvocationId"))) {
                one->started = captured;
            }
        } else if (is_call(event, "lambda.InvocationEnded")) {
            if (Transcript* one = known(text_or_nothing(event.params, "InvocationId"))) {
                one->ended = captured;
            }
        } else if (Transcript* caller = caller_of(event)) {
            caller->calls.push_back(captured);
        } else {
            line.outside.push_back(captured);
        }
        for (const Effect& effect : world_.kernel.apply(event).effects) {
            if (effect.kind == "lambda.invoke") note_invocation(effect.payload);
        }
    }

    void note_invocation(const json::object& payload) {
        Transcript one;
        one.invocation = text_or_nothing(payload, "InvocationId");
        one.function = text_or_nothing(payload.at("Function").as_object(), "FunctionArn");
        one.payload = text_or_nothing(payload, "Payload");
        if (const std::string query = response_query(one.payload); !query.empty()) {
            by_query_[query] = line.transcripts.size();
        }
        by_invocation_[one.invocation] = line.transcripts.size();
        line.transcripts.push_back(std::move(one));
    }

    Transcript* known(const std::string& invocation) {
        const auto found = by_invocation_.find(invocation);
        return found == by_invocation_.end() ? nullptr : &line.transcripts[found->second];
    }

    Transcript* caller_of(const Event& event) {
        if (!event.invocation.empty()) return known(event.invocation);
        if (!is_call(event, "cloudformation.PutResponse")) return nullptr;
        const auto found = by_query_.find(text_or_nothing(event.params, "Query"));
        return found == by_query_.end() ? nullptr : &line.transcripts[found->second];
    }

    World world_;
    std::map<std::string, std::size_t> by_invocation_;
    std::map<std::string, std::size_t> by_query_;
};

}  // namespace

bool is_call(const Event& event, std::string_view name) {
    return name.size() == event.service.size() + 1 + event.operation.size() &&
           name.starts_with(event.service) && name.ends_with(event.operation) &&
           name[event.service.size()] == '.';
}

std::string function_name_of(const std::string& arn) {
    constexpr std::string_view kMark = ":function:";
    const auto start = arn.find(kMark);
    if (start == std::string::npos) return arn;
    const std::string rest = arn.substr(start + kMark.size());
    return rest.substr(0, rest.find(':'));
}

bool is_function(const std::string& arn, const std::string& wanted) {
    const std::string name = function_name_of(arn);
    return arn == wanted || name == wanted || name.find("-" + wanted + "-") != std::string::npos;
}

StoryLine take_apart(const Capture& capture) { return std::move(Reader(capture).line); }

}  // namespace sbemu
