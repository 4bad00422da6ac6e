#include "emulator/core/model_type_errors.h"

#include <array>
#include <boost/json.hpp>

namespace sbemu::model {
namespace {

namespace json = boost::json;

std::string_view type_name(Type type) {
    switch (type) {
        case Type::integer:
            return "Integer";
        case Type::long_integer:
            return "Long";
        case Type::single:
            return "Float";
        case Type::real:
            return "Double";
        case Type::boolean:
            return "Boolean";
        case Type::timestamp:
            return "Timestamp";
        case Type::blob:
            return "Blob";
        default:
            return "String";
    }
}

std::string_view token_name(const json::value& seen) {
    switch (seen.kind()) {
        case json::kind::double_:
            return "DECIMAL_VALUE";
        case json::kind::bool_:
            return seen.get_bool() ? "TRUE_VALUE" : "FALSE_VALUE";
        case json::kind::string:
            return "STRING_VALUE";
        default:
            return "NUMBER_VALUE";
    }
}

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

ApiError serialization(const std::string& message) { return {"SerializationException", message}; }

std::string java_type(const Shape& shape) {
    switch (shape.type) {
        case Type::structure:
            return "com.amazonaws.dynamodb.v20120810." + shape.name;
        case Type::list:
            return "java.util.List<" + java_type(*shape.element().shape) + ">";
        case Type::map:
            return "java.util.Map<java.lang.String, " + java_type(*shape.value().shape) + ">";
        case Type::blob:
            return "java.nio.ByteBuffer";
        case Type::timestamp:
            return "java.util.Date";
        default:
            return "java.lang." + std::string(type_name(shape.type));
    }
}

// facts/dynamodb-kinesis.md 1.2
ApiError dynamodb_error(const Shape& wanted, const json::value& seen) {
    const bool collection = seen.is_array() || seen.is_object();
    if (seen.is_array()) {
        const bool is_class = wanted.is_scalar() || wanted.type == Type::structure;
        return serialization("Unrecognized collection type " +
                             std::string(is_class ? "class " : "") + java_type(wanted));
    }
    if (collection) return serialization("Start of structure or map found where not expected");
    if (wanted.type == Type::structure && wanted.name == "AttributeValue") {
        return serialization("Unexpected value type in payload");
    }
    if (!wanted.is_scalar()) return serialization("Unexpected field type");
    if (wanted.type == Type::blob) {
        return serialization("only base-64-encoded strings are convertible to bytes");
    }
    if (wanted.type == Type::boolean && seen.is_string()) {
        return serialization("Unexpected token received from parser");
    }
    return serialization(std::string(token_name(seen)) + " cannot be converted to " +
                         std::string(type_name(wanted.type)));
}

// facts/dynamodb-kinesis.md 3.1; the words for collections after kinesalite.
ApiError kinesis_error(const Shape& wanted, const json::value& seen) {
    if (!wanted.is_scalar()) {
        if (seen.is_array()) return serialization("Start of list found where not expected");
        if (seen.is_object()) {
            return serialization("Start of structure or map found where not expected");
        }
        if (wanted.type == Type::list) return serialization("Expected list or null");
        return serialization(wanted.type == Type::map ? "Expected map or null" : "Expected null");
    }
    if (seen.is_array()) return serialization("Start of list found where not expected");
    if (seen.is_object()) {
        return serialization("Start of structure or map found where not expected");
    }
    std::string what = "class com.amazon.coral.value.json.numbers.TruncatingBigNumber";
    if (seen.is_bool()) what = "class java.lang.Boolean";
    if (seen.is_string()) {
        what = wanted.type == Type::boolean ? quoted(seen.get_string()) : "class java.lang.String";
    }
    return serialization(what + " can not be converted to " +
                         (wanted.type == Type::blob ? "a " : "an ") +
                         std::string(type_name(wanted.type)));
}

// The wording of today's JSON services ("STRING_VALUE can not be converted to an Integer"):
// widely reported for Lambda, assumed for Logs.
ApiError plain_error(const Shape& wanted, const json::value& seen) {
    if (seen.is_array()) return serialization("Start of list found where not expected");
    if (seen.is_object()) {
        return serialization("Start of structure or map found where not expected");
    }
    if (!wanted.is_scalar()) return serialization("Unexpected field type");
    const std::string_view name = type_name(wanted.type);
    return serialization(std::string(token_name(seen)) + " can not be converted to " +
                         (wanted.type == Type::integer ? "an " : "a ") + std::string(name));
}

}  // namespace

Family family_of(const Service& service) {
    if (service.protocol == "query") return Family::query;
    if (service.protocol == "rest-xml") return Family::rest_xml;
    if (service.protocol == "rest-json") return Family::rest_json;
    if (service.signing_name == "dynamodb") return Family::dynamodb;
    return service.name == "kinesis" ? Family::kinesis : Family::json;
}

ApiError type_error(Family family, const Shape& wanted, const json::value& seen,
                    std::string_view path) {
    switch (family) {
        case Family::dynamodb:
            return dynamodb_error(wanted, seen);
        case Family::kinesis:
            return kinesis_error(wanted, seen);
        case Family::json:
        case Family::rest_json:
            return plain_error(wanted, seen);
        case Family::query:  // assumed: AWS's text is not known
            return {"ValidationError",
                    "Value " +
                        (seen.is_string() ? quoted(seen.get_string()) : json::serialize(seen)) +
                        " at '" + std::string(path) + "' is not a valid " +
                        std::string(wanted.is_scalar() ? type_name(wanted.type) : "collection")};
        case Family::rest_xml:
            break;
    }
    return {"MalformedXML",
            "The XML you provided was not well-formed or did not validate against our published "
            "schema"};
}

std::string base64_fault(std::string_view text) {
    if (text.size() % 4 != 0) {
        return "Base64 encoded length is expected a multiple of 4 bytes but found: " +
               std::to_string(text.size());
    }
    static constexpr auto kDigits = [] {
        std::array<signed char, 256> table{};
        table.fill(-1);
        constexpr std::string_view kAlphabet =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
            table[static_cast<unsigned char>(kAlphabet[i])] = static_cast<signed char>(i);
        }
        return table;
    }();
    const std::size_t pads = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    const std::string_view digits = text.substr(0, text.size() - pads);
    for (const char c : digits) {
        if (kDigits[static_cast<unsigned char>(c)] < 0) {
            return "Invalid Base64 character: '" + std::string(1, c) + "'";
        }
    }
    const int unused = pads == 0 ? 0 : pads == 1 ? 3 : 15;
    if (pads > 0 && (kDigits[static_cast<unsigned char>(digits.back())] & unused) != 0) {
        return "Invalid last non-pad Base64 character dectected";  // AWS's spelling
    }
    return {};
}

ApiError blob_error(Family family, std::string_view text, const std::string& fault) {
    if (family == Family::dynamodb) return serialization(fault);
    if (family == Family::kinesis) {
        return serialization(quoted(text.substr(0, 100)) +
                             " can not be converted to a Blob: " + fault);
    }
    if (family == Family::query) return {"ValidationError", fault};  // assumed
    return serialization("STRING_VALUE can not be converted to a Blob: " + fault);
}

}  // namespace sbemu::model
