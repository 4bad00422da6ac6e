#include "emulator/core/model_violations.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "emulator/core/encoding.h"
#include "emulator/core/json_text.h"
#include "emulator/core/model_type_errors.h"

namespace sbemu::model {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostReported = 10;  // facts/dynamodb-kinesis.md 1.3

std::string bound_text(const Shape& shape, double bound) {
    const bool fraction = shape.type == Type::single || shape.type == Type::real;
    char text[40];
    const bool whole = bound == std::floor(bound) && std::abs(bound) < 1e15;  // never 1e+06
    const auto end = whole ? std::to_chars(text, text + sizeof text, static_cast<long>(bound)).ptr
                           : std::to_chars(text, text + sizeof text, bound).ptr;
    std::string printed(text, end);
    if (fraction && printed.find('.') == std::string::npos) printed += ".0";
    return printed;
}

std::string value_bound(std::string_view side, const Shape& shape, double bound) {
    std::string text = "Member must have value ";
    text.append(side).append(" than or equal to ") += bound_text(shape, bound);
    return text;
}

std::size_t blob_length(std::string_view base64) {
    const std::size_t pads = base64.ends_with("==") ? 2 : base64.ends_with('=') ? 1 : 0;
    return base64.size() / 4 * 3 - pads;
}

bool is_table_name(const Shape& shape) {
    return shape.name == "TableArn" || shape.name == "TableNameOrArn";
}

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
}

constexpr std::string_view kPatternText = "Member must satisfy regular expression pattern: ";

std::string pattern_text(std::string_view pattern) {
    std::string text(kPatternText);
    text += pattern;
    return text;
}

// The model's TableArn takes names too, and a name's own limits hold for those
// (facts/dynamodb-kinesis.md 1.3).
void check_table_name(const Shape& shape, std::string_view name, std::vector<std::string>& broken) {
    if (name.starts_with("arn:")) {
        if (name.size() > 1024)
            broken.emplace_back("Member must have length less than or equal to 1024");
        return;
    }
    if (static_cast<double>(name.size()) < *shape.min) broken.push_back(length_at_least(shape));
    if (name.size() > 255) broken.emplace_back("Member must have length less than or equal to 255");
    const bool is_empty_and_managed = name.empty() && *shape.min > 1;
    if (is_empty_and_managed || !std::all_of(name.begin(), name.end(), is_name_character)) {
        broken.emplace_back(pattern_text("[a-zA-Z0-9_.-]+"));
    }
}

std::string enum_text(const Shape& shape) {
    std::string text = "Member must satisfy enum value set: [";
    for (std::size_t i = 0; i < shape.enumeration.size(); ++i) {
        text += (i ? ", " : "") + shape.enumeration[i];
    }
    return text + "]";
}

void check_size(const Shape& shape, std::size_t size, std::vector<std::string>& broken) {
    const auto length = static_cast<double>(size);
    if (shape.min && length < *shape.min) broken.emplace_back(length_at_least(shape));
    if (shape.max && length > *shape.max) broken.emplace_back(length_at_most(shape));
}

void check_text(const Shape& shape, std::string_view text, std::vector<std::string>& broken) {
    if (is_table_name(shape)) return check_table_name(shape, text, broken);
    if (shape.min || shape.max) check_size(shape, utf16_length(text), broken);
    if (!shape.pattern.text.empty() && !shape.pattern.matches(text)) {
        broken.emplace_back(pattern_text(shape.pattern.text));
    }
    if (!shape.enumeration.empty() && std::find(shape.enumeration.begin(), shape.enumeration.end(),
                                                text) == shape.enumeration.end()) {
        broken.emplace_back(enum_text(shape));
    }
}

ApiError one_error(const Operation& operation, const std::string& message) {
    const Service& service = *operation.service;
    if (service.protocol == "query") return {"ValidationError", message};
    return {"ValidationException", message};
}

std::string joined(const std::vector<Violation>& violations) {
    const std::size_t count = std::min(violations.size(), kMostReported);
    std::string message = std::to_string(count) + (count == 1 ? " validation error detected: "
                                                              : " validation errors detected: ");
    for (std::size_t i = 0; i < count; ++i) {
        const Violation& violation = violations[i];
        if (i) message += "; ";
        if (violation.path.empty()) {
            message += "Failed to satisfy constraint: " + violation.constraint;
            continue;
        }
        message += "Value " + (violation.is_null ? "null" : "'" + violation.value + "'") + " at '" +
                   violation.path + "' failed to satisfy constraint: " + violation.constraint;
    }
    return message;
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

ApiError alone(const std::string& member, const std::string& constraint) {
    return {"ValidationException", "1 validation error detected: Value at '" + member +
                                       "' failed to satisfy constraint: " + constraint};
}

const Violation* find_violation(const std::vector<Violation>& violations, std::string_view path) {
    for (const Violation& violation : violations) {
        if (violation.path == path) return &violation;
    }
    return nullptr;
}

ApiError classic_error(const std::vector<Violation>& violations) {
    return {"ValidationException", joined(violations)};
}

ApiError batch_get_error(const json::object& request, std::vector<Violation> violations) {
    const json::value* items = request.if_contains("RequestItems");
    if (items && items->is_object()) {
        if (items->get_object().empty()) {
            return alone("RequestItems", "Member must have length greater than or equal to 1");
        }
        for (const auto& [table, wanted] : items->get_object()) {
            const json::value* keys =
                wanted.is_object() ? wanted.get_object().if_contains("Keys") : nullptr;
            const std::size_t count = keys && keys->is_array() ? keys->get_array().size() : 1;
            if (count >= 1 && count <= 100) continue;
            return alone("RequestItems." + std::string(table) + ".member.Keys",
                         count ? "Member must have length less than or equal to 100"
                               : "Member must have length greater than or equal to 1");
        }
        for (Violation& violation : violations) {  // echoed as it came
            if (violation.path == "requestItems") violation.value = json::serialize(*items);
        }
    }
    return classic_error(violations);
}

// Names that have a text of their own (ack-api-quirks 2026-10, DDB-TABLE-457).
std::optional<ApiError> own_length_error(const std::string& operation,
                                         const std::vector<Violation>& violations) {
    const bool is_restore = operation.starts_with("RestoreTable");
    if (!is_restore && !operation.ends_with("ContributorInsights")) return std::nullopt;
    const Violation* violation =
        find_violation(violations, is_restore ? "targetTableName" : "indexName");
    if (!violation || !violation->constraint.starts_with("Member must have length")) {
        return std::nullopt;
    }
    return ApiError("ValidationException",
                    std::string(is_restore ? "TableName" : "IndexName") +
                        " must be at least 3 characters long and at most 255 characters long");
}

// The order in which AWS looks at a text differs by its shape (DDB-TABLE-457).
void put_patterns_first(std::vector<Violation>& violations) {
    for (std::size_t i = 1; i < violations.size(); ++i) {
        Violation& before = violations[i - 1];
        const bool is_such =
            is_one_of(violations[i].path, {"backupName", "exclusiveStartTableName"});
        if (is_such && before.path == violations[i].path &&
            violations[i].constraint.starts_with(kPatternText)) {
            std::swap(before, violations[i]);
        }
    }
}

// What us-east-1 answers today (facts/dynamodb-kinesis.md 1.3, "2026 rollout").
ApiError dynamodb_error(const Operation& operation, const json::object& request,
                        std::vector<Violation> violations) {
    const std::string& name = operation.name;
    const Violation* key = find_violation(violations, "key");
    if (name == "UpdateItem" && key && key->is_null) return classic_error(violations);
    const Violation* table = find_violation(violations, "tableName");
    if (table && is_one_of(name, {"CreateTable", "DescribeTable", "DeleteTable", "UpdateTable"})) {
        if (table->is_null) {
            return {"ValidationException",
                    "The parameter 'TableName' is required but was not present in the request"};
        }
    }
    if (const auto error = own_length_error(name, violations)) return *error;
    put_patterns_first(violations);
    const bool is_write = is_one_of(name, {"PutItem", "UpdateItem", "DeleteItem"});
    if (is_write && is_nested_deeper(request, kDeepestCurrentJson)) {
        return classic_error(violations);
    }
    if (table && !table->is_null && table->value.empty() && (is_write || name == "GetItem")) {
        return alone("TableName", "Member must have length greater than or equal to 1");
    }
    if (name == "BatchGetItem") return batch_get_error(request, std::move(violations));
    if (name == "BatchWriteItem") {
        const Violation* items = find_violation(violations, "requestItems");
        if (items && (items->is_null || items->value == "{}")) {
            return {"ValidationException",
                    "The requestItems parameter is required for BatchWriteItem"};
        }
        if (violations.size() > 1) {  // a table's bad name gives way to the rest
            std::erase_if(violations, [](const Violation& violation) {
                return violation.path == "requestItems" &&
                       violation.constraint.starts_with("Map keys ");
            });
        }
    }
    if (name == "Query" && violations.size() == 1 && violations[0].path == "limit") {
        return alone("Limit", violations[0].constraint);
    }
    const Violation* combined = find_violation(violations, "conditionalOperator");
    if (combined && (name == "Query" || (is_write && violations.size() == 1))) {
        // AWS names neither member nor value, and its own values wrongly.
        const std::string text =
            "Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]";
        return {"ValidationException", is_write ? "1 validation error detected: " + text : text};
    }
    if (is_write) {
        for (Violation& violation : violations) {
            if (violation.path != "returnValues") continue;
            violation.path.clear();  // AWS names neither member nor value, and its typo stays
            violation.constraint =
                "Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, "
                "NONE]";
            if (name == "UpdateItem") return {"ValidationException", joined({violation})};
        }
    }
    return classic_error(violations);
}

// CloudWatch Logs measures names itself, after the other constraints (recorded/logs
// test_create_log_group_invalid_name_length; that they go first is assumed).
ApiError logs_error(std::vector<Violation> violations) {
    std::erase_if(violations, [](const Violation& violation) {
        return is_one_of(violation.shape, {"LogGroupName", "LogStreamName"}) &&
               violation.constraint == "Member must have length less than or equal to 512";
    });
    return {"InvalidParameterException",
            violations.empty()
                ? "Invalid LogGroup or LogStream, both must have length less than or equal to 512."
                : joined(violations)};
}

}  // namespace

std::string lower_camel(std::string_view name) {
    std::string text(name);
    if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z')
        text[0] = static_cast<char>(text[0] + 32);
    return text;
}

std::string java_list(const Shape& shape, const json::array& value) {
    std::string text = "[";
    for (const json::value& entry : value) {
        if (text.size() > 1) text += ", ";
        text += java_text(*shape.element().shape, entry);
    }
    return text + "]";
}

std::string java_map(const Shape& shape, const json::object& value) {
    std::string text = "{";
    for (const auto& [key, entry] : value) {
        if (text.size() > 1) text += ", ";
        text.append(key).append("=") += java_text(*shape.value().shape, entry);
    }
    return text + "}";
}

namespace {

// Members that AWS prints and no model has (paritysuite's cross-region capture, 2026-09-20).
std::string_view unlisted_after(std::string_view shape, std::string_view member) {
    if (shape == "PutRequest") return ", workloadProfileName=null";
    if (shape != "AttributeValue") return "";
    if (member == "B") return ", iNT=null, dECIMAL=null, dOUBLE=null";
    return member == "BS" ? ", iNTSET=null, dECIMALSET=null, dOUBLESET=null" : "";
}

}  // namespace

std::string java_text(const Shape& shape, const json::value& value) {
    if (value.is_null()) return "null";
    if (shape.type == Type::list && value.is_array()) return java_list(shape, value.get_array());
    if (shape.type == Type::map && value.is_object()) return java_map(shape, value.get_object());
    if (shape.type == Type::structure && value.is_object()) {
        std::string text;
        for (const Member& member : shape.members) {
            const json::value* found = value.get_object().if_contains(member.name);
            text += (text.empty() ? "" : ", ") + lower_camel(member.name) + "=" +
                    (found ? java_text(*member.shape, *found) : "null");
            text += unlisted_after(shape.name, member.name);
        }
        return shape.name + "(" + text + ")";
    }
    if (shape.type == Type::blob && value.is_string()) {
        const std::string size = std::to_string(blob_length(value.get_string()));
        return "java.nio.HeapByteBuffer[pos=0 lim=" + size + " cap=" + size + "]";
    }
    if (value.is_string()) return std::string(value.get_string());
    const bool fraction = shape.type == Type::single || shape.type == Type::real;
    if (fraction && value.is_number()) return bound_text(shape, value.to_number<double>());
    return json::serialize(value);
}

std::string length_at_least(const Shape& shape) {
    return "Member must have length greater than or equal to " + bound_text(shape, *shape.min);
}

std::string length_at_most(const Shape& shape) {
    return "Member must have length less than or equal to " + bound_text(shape, *shape.max);
}

std::vector<std::string> broken_constraints(const Shape& shape, const json::value& value) {
    std::vector<std::string> broken;
    if (!shape.has_constraints) return broken;
    if (value.is_string()) {
        if (shape.type == Type::blob) {
            check_size(shape, blob_length(value.get_string()), broken);
        } else {
            check_text(shape, value.get_string(), broken);
        }
    } else if (value.is_number() && shape.type != Type::timestamp) {
        const auto number = value.to_number<double>();
        if (shape.min && number < *shape.min) {
            broken.push_back(value_bound("greater", shape, *shape.min));
        }
        if (shape.max && number > *shape.max) {
            broken.push_back(value_bound("less", shape, *shape.max));
        }
    }
    return broken;
}

bool is_sound_text(const Shape& shape, std::string_view text) {
    std::vector<std::string> broken;
    check_text(shape, text, broken);
    return broken.empty();
}

std::string all_constraints(const Shape& shape) {
    if (is_table_name(shape)) {
        return "Member must have length less than or equal to 255, Member must have length greater "
               "than or equal to 3, " +
               pattern_text("[a-zA-Z0-9_.-]+");
    }
    std::string text;
    const auto add = [&text](const std::string& more) {
        text += (text.empty() ? "" : ", ") + more;
    };
    const bool is_number =
        shape.is_scalar() && shape.type != Type::string && shape.type != Type::blob;
    const std::string what = is_number ? "Member must have value " : "Member must have length ";
    if (shape.max) add(what + "less than or equal to " + bound_text(shape, *shape.max));
    if (shape.min) add(what + "greater than or equal to " + bound_text(shape, *shape.min));
    if (!shape.pattern.text.empty()) add(pattern_text(shape.pattern.text));
    if (!shape.enumeration.empty()) add(enum_text(shape));
    return text;
}

ApiError violation_error(const Operation& operation, const json::object& request,
                         std::vector<Violation> violations) {
    switch (family_of(*operation.service)) {
        case Family::dynamodb:
            return dynamodb_error(operation, request, std::move(violations));
        case Family::rest_xml:
            return {"MalformedXML",
                    "The XML you provided was not well-formed or did not validate against our "
                    "published schema"};
        default:
            if (operation.service->name == "logs") return logs_error(std::move(violations));
            return one_error(operation, joined(violations));
    }
}

}  // namespace sbemu::model
