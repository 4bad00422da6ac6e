#include "tests/fuzz/choices.h"

#include <boost/json.hpp>

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr const char* kTexts[] = {"x", "y", "", "xy", "\xc3\xa9", "N"};
constexpr const char* kNumbers[] = {
    "1",          "0", "-1", "2.50", "1e125", "-1E-130", "99999999999999999999999999999999999999",
    "1488326400", "10"};
constexpr const char* kBinaries[] = {"AA==", "", "/w==", "AAE="};
// Keys of the table, keys of its indexes, and others.
constexpr const char* kNames[] = {"a", "n", "b", "h", "m", "l", "x", "c.d", "s", "p"};
constexpr const char* kMembers[] = {"a", "b", "x"};

std::string quoted(const char* text) { return "'" + std::string(text) + "'"; }

json::array texts(Choices& choices, const char* (*one)(Choices&)) {
    json::array members;
    do members.emplace_back(one(choices));
    while (choices.one_in(2) && members.size() < 4);
    return members;
}

const char* text(Choices& choices) { return choices.of(kTexts); }
const char* number(Choices& choices) { return choices.of(kNumbers); }
const char* binary(Choices& choices) { return choices.of(kBinaries); }

std::string literal(Choices& choices, int depth) {
    switch (choices.below(depth > 0 ? 8 : 4)) {
        case 0:
            return quoted(text(choices));
        case 1:
            return number(choices);
        case 2:
            return "true";
        case 3:
            return "null";
        case 4:
            return "[" + literal(choices, depth - 1) + ", " + literal(choices, depth - 1) + "]";
        case 5:
            return "{'" + std::string(choices.of(kMembers)) + "': " + literal(choices, depth - 1) +
                   "}";
        case 6:
            return "<<" + quoted(text(choices)) + ", " + quoted(text(choices)) + ">>";
        default:
            return std::string("<<") + number(choices) + ", " + number(choices) + ">>";
    }
}

std::string column(Choices& choices) {
    std::string path = "\"" + std::string(choices.of(kNames)) + "\"";
    if (choices.one_in(4)) path += "." + std::string(choices.of(kMembers));
    if (choices.one_in(4)) path += "[" + std::to_string(choices.below(3)) + "]";
    return path;
}

std::string where(Choices& choices, int depth) {
    static constexpr const char* kSymbols[] = {"=", "<>", "<", "<=", ">", ">="};
    switch (choices.below(depth > 0 ? 9 : 6)) {
        case 0:
            return column(choices) + " " + choices.of(kSymbols) + " " + literal(choices, 1);
        case 1:
            return "begins_with(" + column(choices) + ", " + quoted(text(choices)) + ")";
        case 2:
            return column(choices) + " IN [" + literal(choices, 0) + ", " + literal(choices, 0) +
                   "]";
        case 3:
            return column(choices) + " BETWEEN " + literal(choices, 0) + " AND " +
                   literal(choices, 0);
        case 4:
            return column(choices) + " IS MISSING";
        case 5:
            return "contains(" + column(choices) + ", " + literal(choices, 1) + ")";
        case 6:
            return "NOT " + where(choices, depth - 1);
        case 7:
            return where(choices, depth - 1) + " OR " + where(choices, depth - 1);
        default:
            return "(" + where(choices, depth - 1) + ") AND " + where(choices, depth - 1);
    }
}

std::string where_key(Choices& choices) {
    const json::object key = chosen_key(choices);
    std::string text = " WHERE p = " + quoted(key.at("p").at("S").as_string().c_str()) +
                       " AND s = " + key.at("s").at("N").as_string().c_str();
    if (choices.one_in(3)) text += " AND " + where(choices, 1);
    return text;
}

std::string assignment(Choices& choices) {
    const std::string target = column(choices);
    switch (choices.below(6)) {
        case 0:
            return " SET " + target + " = " + literal(choices, 2);
        case 1:
            return " REMOVE " + target;
        case 2:
            return " SET " + target + " = " + column(choices) + " + " + number(choices);
        case 3:
            return " SET " + target + " = list_append(" + column(choices) + ", " +
                   literal(choices, 1) + ")";
        case 4:
            return " SET " + target + " = set_add(" + target + ", " + literal(choices, 1) + ")";
        default:
            return " SET " + target + " = set_delete(" + target + ", " + literal(choices, 1) + ")";
    }
}

std::string insertion(Choices& choices) {
    const json::object key = chosen_key(choices);
    std::string text = "INSERT INTO tab VALUE {'p': '" +
                       std::string(key.at("p").at("S").as_string().c_str()) +
                       "', 's': " + key.at("s").at("N").as_string().c_str();
    while (choices.one_in(2)) {
        text += ", '" + std::string(choices.of(kNames)) + "': " + literal(choices, 2);
    }
    return text + "}";
}

std::string selection(Choices& choices) {
    static constexpr const char* kSources[] = {"tab", "tab.\"by-a\"", "tab.\"a-all\"",
                                               "tab.\"a-keys\""};
    std::string text = "SELECT " + (choices.one_in(2) ? column(choices) : "*") + " FROM " +
                       std::string(choices.of(kSources));
    if (choices.one_in(2)) return text;
    text += choices.one_in(2) ? where_key(choices) : " WHERE " + where(choices, 2);
    return choices.one_in(4) ? text + " ORDER BY s DESC" : text;
}

}  // namespace

json::object chosen_value(Choices& choices, int depth) {
    switch (choices.below(depth > 0 ? 10 : 5)) {
        case 0:
            return {{"S", text(choices)}};
        case 1:
            return {{"N", number(choices)}};
        case 2:
            return {{"B", binary(choices)}};
        case 3:
            return {{"BOOL", choices.one_in(2)}};
        case 4:
            return {{"NULL", true}};
        case 5:
            return {{"SS", texts(choices, text)}};
        case 6:
            return {{"NS", texts(choices, number)}};
        case 7:
            return {{"BS", texts(choices, binary)}};
        case 8: {
            json::array list;
            while (choices.one_in(2)) list.push_back(chosen_value(choices, depth - 1));
            return {{"L", std::move(list)}};
        }
        default: {
            json::object map;
            while (choices.one_in(2)) {
                map[choices.of(kMembers)] = chosen_value(choices, depth - 1);
            }
            return {{"M", std::move(map)}};
        }
    }
}

json::object chosen_key(Choices& choices) {
    static constexpr const char* kPartitions[] = {"k", "l"};
    static constexpr const char* kSorts[] = {"1", "-2", "1e1"};
    return {{"p", {{"S", choices.of(kPartitions)}}}, {"s", {{"N", choices.of(kSorts)}}}};
}

json::object chosen_item(Choices& choices) {
    json::object item;
    // Mostly of the types that the indexes have.
    if (!choices.one_in(4)) item["a"] = json::object{{"S", text(choices)}};
    if (!choices.one_in(4)) item["n"] = json::object{{"N", number(choices)}};
    if (choices.one_in(2)) item["h"] = json::object{{"S", text(choices)}};
    if (choices.one_in(2)) item["b"] = json::object{{"B", binary(choices)}};
    while (choices.one_in(2)) item[choices.of(kNames)] = chosen_value(choices);
    for (const auto& [name, value] : chosen_key(choices)) item[name] = value;
    return item;
}

std::string ChosenExpressions::path() {
    const std::string name = choices_.of(kNames);
    const std::string reference = name == "c.d" ? "#cd" : "#" + name;
    json::value& names = request_["ExpressionAttributeNames"];
    if (!names.is_object()) names.emplace_object();
    names.as_object()[reference] = name;
    std::string text = reference;
    if (choices_.one_in(4)) text += "." + std::string(choices_.of(kMembers));
    if (choices_.one_in(4)) text += "[" + std::to_string(choices_.below(3)) + "]";
    return text;
}

std::string ChosenExpressions::value() {
    json::value& values = request_["ExpressionAttributeValues"];
    if (!values.is_object()) values.emplace_object();
    const std::string reference = ":v" + std::to_string(values_++);
    values.as_object()[reference] = chosen_value(choices_);
    return reference;
}

std::string ChosenExpressions::operand(int depth) {
    switch (choices_.below(depth > 0 ? 6 : 2)) {
        case 0:
            return value();
        case 1:
            return path();
        case 2:
            return "if_not_exists(" + path() + ", " + operand(depth - 1) + ")";
        case 3:
            return "list_append(" + operand(depth - 1) + ", " + operand(depth - 1) + ")";
        case 4:
            return operand(0) + " + " + operand(0);
        default:
            return operand(0) + " - " + operand(0);
    }
}

std::string ChosenExpressions::action() {
    switch (choices_.below(4)) {
        case 0:
            return "SET " + path() + " = " + operand(2) + ", " + path() + " = " + operand(1);
        case 1:
            return "REMOVE " + several_paths();
        case 2:
            return "ADD " + path() + " " + value();
        default:
            return "DELETE " + path() + " " + value();
    }
}

std::string ChosenExpressions::several_paths() {
    std::string text = path();
    while (choices_.one_in(2)) text += ", " + path();
    return text;
}

std::string ChosenExpressions::condition(int depth) {
    static constexpr const char* kSymbols[] = {" = ", " <> ", " < ", " <= ", " > ", " >= "};
    switch (choices_.below(depth > 0 ? 9 : 6)) {
        case 0:
            return path() + choices_.of(kSymbols) + value();
        case 1:
            return "attribute_exists(" + path() + ")";
        case 2:
            return "contains(" + path() + ", " + value() + ")";
        case 3:
            return path() + " BETWEEN " + value() + " AND " + path();
        case 4:
            return path() + " IN (" + value() + ", " + path() + ")";
        case 5:
            return "size(" + path() + ")" + choices_.of(kSymbols) + value();
        case 6:
            return "NOT " + condition(depth - 1);
        case 7:
            return condition(depth - 1) + " OR " + condition(depth - 1);
        default:
            return "(" + condition(depth - 1) + ") AND " + condition(depth - 1);
    }
}

void ChosenExpressions::add_update() {
    std::string text = action();
    while (choices_.one_in(2)) text += " " + action();
    request_["UpdateExpression"] = text;
}

void ChosenExpressions::add_condition(const char* member) { request_[member] = condition(2); }

void ChosenExpressions::add_projection() { request_["ProjectionExpression"] = several_paths(); }

std::string chosen_statement(Choices& choices) {
    switch (choices.below(4)) {
        case 0:
            return insertion(choices);
        case 1: {
            std::string text = "UPDATE tab" + assignment(choices);
            while (choices.one_in(3)) text += assignment(choices);
            return text + where_key(choices);
        }
        case 2:
            return "DELETE FROM tab" + where_key(choices);
        default:
            return selection(choices);
    }
}

}  // namespace sbemu::dynamodb
