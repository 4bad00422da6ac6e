#include "emulator/cli/stacks.h"

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <iostream>
#include <thread>

namespace sbemu {
namespace {

namespace json = boost::json;

using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{2};
constexpr milliseconds kLongestPause{200};
constexpr milliseconds kPatience{5'000};

StackEvent event_of(const json::object& event) {
    return {text_of(event, "EventId"),
            text_of(event, "Timestamp"),
            text_of(event, "LogicalResourceId"),
            text_of(event, "PhysicalResourceId"),
            text_of(event, "ResourceType"),
            text_of(event, "ResourceStatus"),
            text_of(event, "ResourceStatusReason")};
}

// Nothing has happened for a while: say where to look, once.
void explain_waiting(const Client& client) {
    const json::object status = ask_control(client.endpoint(), "GET", "/_sbemu/status");
    const bool stands = text_of(status.at("clock").as_object(), "mode") == "virtual";
    std::cerr << (stands ? "The clock is virtual and stands still: in another terminal, `sbemu "
                           "clock advance --to-next` moves it.\n"
                         : "Still waiting; `sbemu status` in another terminal tells for what.\n");
}

}  // namespace

bool StackEvent::failed() const {
    return status.ends_with("_FAILED") || status.find("ROLLBACK") != std::string::npos;
}

std::optional<json::object> find_stack(const Client& client, const std::string& stack) {
    try {
        const json::object answer =
            client.call("cloudformation", "DescribeStacks", {{"StackName", stack}});
        return answer.at("Stacks").at(0).as_object();
    } catch (const CallError& error) {
        if (error.message.find("does not exist") != std::string::npos) return std::nullopt;
        throw;
    }
}

std::vector<StackEvent> stack_events(const Client& client, const std::string& stack_id) {
    std::vector<StackEvent> events;
    json::object request{{"StackName", stack_id}};
    while (true) {
        const json::object page = client.call("cloudformation", "DescribeStackEvents", request);
        if (const json::value* list = page.if_contains("StackEvents")) {
            for (const json::value& event : list->as_array()) {
                events.push_back(event_of(event.as_object()));
            }
        }
        const std::string more = text_of(page, "NextToken");
        if (more.empty()) break;
        request["NextToken"] = more;
    }
    std::reverse(events.begin(), events.end());
    return events;
}

json::object follow_stack(const Client& client, const std::string& stack_id,
                          std::set<std::string> known,
                          const std::function<void(const StackEvent&)>& on_event) {
    milliseconds pause = kFirstPause;
    milliseconds quiet{0};
    while (true) {
        // The status first: whatever led to it is among the events then.
        auto stack = find_stack(client, stack_id);
        if (!stack) throw CommandError("the stack " + stack_id + " is gone");
        for (const StackEvent& event : stack_events(client, stack_id)) {
            if (!known.insert(event.id).second) continue;
            on_event(event);
            pause = kFirstPause;
            quiet = milliseconds{0};
        }
        if (!text_of(*stack, "StackStatus").ends_with("_IN_PROGRESS")) return std::move(*stack);
        std::this_thread::sleep_for(pause);
        const bool was_patient = quiet < kPatience;
        quiet += pause;
        if (was_patient && quiet >= kPatience) explain_waiting(client);
        pause = std::min(pause * 2, kLongestPause);
    }
}

bool succeeded(const std::string& status) {
    return status == "CREATE_COMPLETE" || status == "UPDATE_COMPLETE" ||
           status == "DELETE_COMPLETE";
}

json::array stack_parameters(const std::vector<std::pair<std::string, std::string>>& parameters) {
    json::array list;
    for (const auto& [key, value] : parameters) {
        list.push_back(json::object{{"ParameterKey", key}, {"ParameterValue", value}});
    }
    return list;
}

std::string output_of(const json::object& stack, std::string_view name) {
    const json::value* outputs = stack.if_contains("Outputs");
    if (!outputs) return "";
    for (const json::value& output : outputs->as_array()) {
        if (text_of(output.as_object(), "OutputKey") == name) {
            return text_of(output.as_object(), "OutputValue");
        }
    }
    return "";
}

}  // namespace sbemu
