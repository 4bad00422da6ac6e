// What conditions may have in them, whichever language they are written in.
#pragma once

#include <cstddef>
#include <string_view>

namespace sbemu::dynamodb {

inline constexpr int kMaxOperators = 300;
inline constexpr std::size_t kMaxInOperands = 100;

struct ConditionFunction {
    std::string_view name;
    std::size_t operands;
};
inline constexpr ConditionFunction kConditionFunctions[] = {
    {"attribute_exists", 1}, {"attribute_not_exists", 1},
    {"attribute_type", 2},   {"begins_with", 2},
    {"contains", 2},         {"size", 1}};

// Null if there is none of the name, which is in lower case.
constexpr const ConditionFunction* find_condition_function(std::string_view name) {
    for (const ConditionFunction& function : kConditionFunctions) {
        if (function.name == name) return &function;
    }
    return nullptr;
}

// Functions of the other kind of expression are called by their name where they are refused
// (Alternator's test_update_condition_other_funcs; DynamoDB Local has the whole texts).
constexpr bool is_update_function(std::string_view name) {
    return name == "if_not_exists" || name == "list_append";
}

// Whether < and > compare values of the type.
constexpr bool is_ordered(std::string_view type) {
    return type == "S" || type == "N" || type == "B";
}

}  // namespace sbemu::dynamodb
