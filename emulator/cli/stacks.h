// Watching a stack operation as it goes on.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "emulator/cli/client.h"

namespace sbemu {

struct StackEvent {
    std::string id;
    std::string timestamp;  // 2023-09-24T00:24:15.544Z
    std::string logical_id;
    std::string physical_id;
    std::string type;
    std::string status;
    std::string reason;

    bool is_of_stack() const { return type == "AWS::CloudFormation::Stack"; }
    bool failed() const;
};

// The stack as DescribeStacks gives it, by name or id; nothing if there is none.
std::optional<boost::json::object> find_stack(const Client& client, const std::string& stack);

// All events of a stack, the oldest first.
std::vector<StackEvent> stack_events(const Client& client, const std::string& stack_id);

// Hands over each event that is not in `known`, in order, until the stack's operation has ended,
// and returns the stack. Throws CommandError.
boost::json::object follow_stack(const Client& client, const std::string& stack_id,
                                 std::set<std::string> known,
                                 const std::function<void(const StackEvent&)>& on_event);

// Whether a stack with this status is as its owner wanted it.
bool succeeded(const std::string& status);

// "Parameters" of CreateStack and UpdateStack.
boost::json::array stack_parameters(
    const std::vector<std::pair<std::string, std::string>>& parameters);

// The value of an output; empty if there is none.
std::string output_of(const boost::json::object& stack, std::string_view name);

}  // namespace sbemu
