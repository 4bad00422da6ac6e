// Attribute values in their wire form, {"S": "text"}: checked, normalised, measured, compared.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <string_view>

namespace sbemu::dynamodb {

using Item = boost::json::object;  // attribute name to attribute value

inline constexpr std::size_t kMaxItemSize = 409600;
// An attribute is level 1, a leaf may be at level 32 (facts/dynamodb-kinesis.md 1.6).
inline constexpr std::size_t kMaxNesting = 32;

// Operations word errors of values differently (facts/dynamodb-kinesis.md 1.4).
enum class ValueLayer { current, older };

// The value as it is stored and answered: one type, numbers in plain decimal, sets sorted.
// Throws ValidationException or, for bad base64, SerializationException.
boost::json::object normalize_value(const boost::json::value& value,
                                    ValueLayer layer = ValueLayer::current);
// A value of an expression, which the older layer lets nest one level deeper than an attribute: 32
// maps around a text pass, 40 do not (paritysuite nestingDepth, deepRequests; between is assumed).
boost::json::object normalize_expression_value(const boost::json::value& value, ValueLayer layer);
// All values of an item or key. `Empty attribute name` and nesting are checked too.
Item normalize_item(const boost::json::object& item, ValueLayer layer = ValueLayer::current);

// Of a normalised value: "S", "NS", ...; its content.
std::string_view type_of(const boost::json::object& value);
const boost::json::value& content_of(const boost::json::object& value);
std::string_view text_of(const boost::json::object& value);  // content of S, N or B

// Equality as conditions see it: sets by members, numbers by value, maps by key.
bool equal(const boost::json::object& left, const boost::json::object& right);
bool equal_items(const Item& left, const Item& right);
// Order of two values of one type S, N or B: negative, zero, positive.
int compare(const boost::json::object& left, const boost::json::object& right);

// Throws ValidationException if the value of an attribute, or what is `level` deep in one, nests
// deeper than items can.
void check_nesting(const boost::json::object& value, std::size_t level = 1);

std::size_t size_of_value(const boost::json::object& value);
std::size_t size_of_item(const Item& item);

// The bytes of an S, N or B value whose order is DynamoDB's: keys are stored so.
std::string sortable_bytes(const boost::json::object& value);

}  // namespace sbemu::dynamodb
