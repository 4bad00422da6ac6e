#include "fakes/dynamodb/partiql/values.h"

#include <boost/json.hpp>
#include <set>

#include "emulator/core/members.h"
#include "fakes/dynamodb/partiql/problems.h"
#include "fakes/dynamodb/values/attribute_value.h"
#include "fakes/dynamodb/values/number.h"
#include "fakes/dynamodb/values/number_scale.h"

namespace sbemu::dynamodb::partiql {
namespace json = boost::json;
namespace {

using Kind = Expression::Kind;

std::string normal_number(const Expression& number, const std::string& path) {
    try {
        check_magnitude(scale_of(number.text));
        return parse_number(number.text).text();
    } catch (const ApiError& error) {
        throw validation_error(std::string(error.what()) + " under " + path);
    }
}

[[noreturn]] void unsupported(const Expression& expression, const std::string& path) {
    throw problem_at("Unsupported data type: " + describe(expression) + " under key " + path,
                     expression.position);
}

// Sets of numbers or strings: PartiQL has no literal for binaries.
json::object bag_value(const Expression& bag, const std::string& path) {
    if (bag.children.empty()) throw validation_error("Empty bags are not supported");
    const Kind kind = bag.children.front().kind;
    const bool numbers = kind == Kind::number;
    std::string written;
    std::set<std::string> known;
    bool repeats = false;
    json::array members;
    for (const Expression& member : bag.children) {
        if (member.kind != kind || (!numbers && kind != Kind::string)) {
            throw validation_error(
                "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in "
                "bags");
        }
        const std::string text = numbers ? normal_number(member, path) : member.text;
        repeats |= !known.insert(text).second;
        written += (written.empty() ? "" : ", ") + member.text;
        members.emplace_back(text);
    }
    if (repeats) {
        throw invalid_values("Input collection [" + written + "] contains duplicates" +
                             (numbers ? "! under " + path : "."));
    }
    return normalize_value(json::object{{numbers ? "NS" : "SS", std::move(members)}});
}

json::object literal_value(const Expression& expression, const std::string& path,
                           std::size_t depth);

json::object structure_value(const Expression& structure, const std::string& path,
                             std::size_t depth) {
    json::object map;
    for (std::size_t i = 0; i < structure.children.size(); i += 2) {
        const Expression& key = structure.children[i];
        if (key.kind != Kind::string) {
            throw validation_error("Tuple keys must be of type String. Actual type: " +
                                   describe(key) + " under " + path);
        }
        if (map.contains(key.text)) {
            throw validation_error("Duplicate keys in tuple. Key: " + key.text + " under " + path);
        }
        map[key.text] = literal_value(structure.children[i + 1], path + "." + key.text, depth + 1);
    }
    return {{"M", std::move(map)}};
}

json::object list_value(const Expression& list, const std::string& path, std::size_t depth) {
    json::array members;
    for (std::size_t i = 0; i < list.children.size(); ++i) {
        members.push_back(
            literal_value(list.children[i], path + "[" + std::to_string(i) + "]", depth + 1));
    }
    return {{"L", std::move(members)}};
}

json::object literal_value(const Expression& expression, const std::string& path,
                           std::size_t depth) {
    if (depth == kMaxNesting) {
        throw validation_error("Nesting Levels have exceeded supported limits under " + path);
    }
    switch (expression.kind) {
        case Kind::string:
            return {{"S", expression.text}};
        case Kind::number:
            return {{"N", normal_number(expression, path)}};
        case Kind::boolean:
            return {{"BOOL", expression.text == "true"}};
        case Kind::null:
            return {{"NULL", true}};
        case Kind::list:
            return list_value(expression, path, depth);
        case Kind::structure:
            return structure_value(expression, path, depth);
        case Kind::bag:
            return bag_value(expression, path);
        default:
            unsupported(expression, path);
    }
}

}  // namespace

Parameters read_parameters(const json::object& request) {
    Parameters parameters;
    const json::array* given = find_array(request, "Parameters");
    if (!given) return parameters;
    for (const json::value& value : *given) {
        parameters.push_back(normalize_value(value, ValueLayer::older));
    }
    return parameters;
}

bool is_value(const Expression& expression) {
    switch (expression.kind) {
        case Kind::string:
        case Kind::number:
        case Kind::boolean:
        case Kind::null:
        case Kind::ion:
        case Kind::parameter:
        case Kind::list:
        case Kind::bag:
        case Kind::structure:
            return true;
        default:
            return false;
    }
}

json::object value_of(const Expression& expression, const Parameters& parameters) {
    if (expression.kind == Kind::parameter) return parameters.at(expression.index);
    return literal_value(expression, "root", 0);
}

// Recorded: Parameter, IsType and the names of functions; the rest is assumed.
std::string describe(const Expression& expression) {
    switch (expression.kind) {
        case Kind::parameter:
            return "Parameter";
        case Kind::name:
            return "VariableReference";
        case Kind::path:
            return "Path";
        case Kind::call:
            return expression.text;
        case Kind::is_type:
            return "IsType";
        case Kind::operation:
            return expression.text;
        case Kind::both:
            return "AND";
        case Kind::either:
            return "OR";
        case Kind::negation:
            return "NOT";
        case Kind::between:
            return "BETWEEN";
        case Kind::in:
            return "IN";
        case Kind::missing:
            return "LiteralMissing";
        case Kind::statement:
            return "Select";
        case Kind::list:
            return "List";
        case Kind::bag:
            return "Bag";
        case Kind::structure:
            return "Struct";
        default:
            return "Literal";
    }
}

}  // namespace sbemu::dynamodb::partiql
