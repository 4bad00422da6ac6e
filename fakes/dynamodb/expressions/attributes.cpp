#include "fakes/dynamodb/expressions/attributes.h"

#include <algorithm>
#include <boost/json.hpp>

#include "emulator/core/members.h"
#include "fakes/dynamodb/values/entries.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

// The texts about what is too much are those of AWS's own client for DAX (its RequestValidator).
constexpr std::size_t kMaxReference = 255;
constexpr std::size_t kMaxBytes = 2UL * 1024 * 1024;

bool is_reference(std::string_view key, char mark) {
    if (key.size() < 2 || key[0] != mark) return false;
    return std::all_of(key.begin() + 1, key.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    });
}

void check_keys(const json::object& map, const std::string& member, char mark) {
    if (map.empty()) throw validation_error(member + " must not be empty");
    for (const auto& [key, value] : map) {
        if (!is_reference(key, mark)) {
            throw validation_error(member + " contains invalid key: Syntax error; key: \"" +
                                   std::string(std::string_view(key)) + "\"");
        }
        if (key.size() <= kMaxReference) continue;
        throw validation_error(
            member +
            " contains invalid key: The expression attribute map contains a key that is too long");
    }
}

json::object checked_value(std::string_view key, const json::value& value, ValueLayer layer) {
    if (layer == ValueLayer::current) return normalize_expression_value(value, layer);
    try {
        return normalize_expression_value(value, layer);
    } catch (const ApiError& error) {
        throw ApiError(error.code, "ExpressionAttributeValues contains invalid value: " +
                                       std::string(error.what()) + " for key " + std::string(key));
    }
}

// As users report it.
void check_name(std::string_view key, std::string_view name) {
    if (!name.empty()) return;
    throw validation_error(
        "ExpressionAttributeNames contains invalid value: Empty attribute name for key " +
        std::string(key));
}

void check_bytes(std::size_t names, std::size_t values) {
    if (names > kMaxBytes) throw validation_error("ExpressionAttributeNames exceeds max size");
    if (values > kMaxBytes) throw validation_error("ExpressionAttributeValues exceeds max size");
    if (names + values <= kMaxBytes) return;
    throw validation_error(
        "Combined size of ExpressionAttributeNames and ExpressionAttributeValues exceeds max size");
}

void check_used(const std::vector<std::string>& given,
                const std::set<std::string, std::less<>>& used, std::string_view member) {
    std::string keys;
    for (const std::string& key : given) {
        if (!used.contains(key)) keys += (keys.empty() ? "" : ", ") + key;
    }
    if (keys.empty()) return;
    throw validation_error("Value provided in " + std::string(member) +
                           " unused in expressions: keys: {" + keys + "}");
}

}  // namespace

ExpressionAttributes::ExpressionAttributes(const json::object& request, ValueLayer layer) {
    std::size_t bytes_of_names = 0;
    std::size_t bytes_of_values = 0;
    if (const json::object* names = find_object(request, "ExpressionAttributeNames")) {
        check_keys(*names, "ExpressionAttributeNames", '#');
        for (const auto& [key, name] : *names) {
            const std::string_view text = text_entry(name);
            check_name(key, text);
            names_.emplace(key, text);
            bytes_of_names += key.size() + text.size();
            given_names_.emplace_back(std::string_view(key));
        }
    }
    if (const json::object* values = find_object(request, "ExpressionAttributeValues")) {
        check_keys(*values, "ExpressionAttributeValues", ':');
        for (const auto& [key, value] : *values) {
            json::object checked = checked_value(key, value, layer);
            bytes_of_values += key.size() + size_of_value(checked);
            values_[key] = std::move(checked);
            given_values_.emplace_back(std::string_view(key));
        }
    }
    check_bytes(bytes_of_names, bytes_of_values);
}

const std::string* ExpressionAttributes::name(std::string_view reference) {
    used_.emplace(reference);
    const auto found = names_.find(reference);
    return found == names_.end() ? nullptr : &found->second;
}

const json::object* ExpressionAttributes::value(std::string_view reference) {
    used_.emplace(reference);
    const json::value* found = values_.if_contains(reference);
    return found ? &found->as_object() : nullptr;
}

void ExpressionAttributes::check_all_used() const {
    check_used(given_names_, used_, "ExpressionAttributeNames");
    check_used(given_values_, used_, "ExpressionAttributeValues");
}

}  // namespace sbemu::dynamodb
