// What the fuzz targets of expressions have in common: the text is the fuzzer's, the names and
// values it may refer to are fixed.
#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "emulator/core/error.h"
#include "emulator/core/json_text.h"
#include "fakes/dynamodb/expressions/attributes.h"

namespace sbemu::dynamodb {

inline std::string_view text_of_fuzzer(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

inline ExpressionAttributes fuzzed_attributes() {
    static const boost::json::object kRequest = parse_json(R"({
        "ExpressionAttributeNames": {"#a": "a", "#b": "b.c", "#p": "p"},
        "ExpressionAttributeValues": {":n": {"N": "1"}, ":s": {"S": "x"}, ":l": {"L": [{"N": "1"}]},
            ":ss": {"SS": ["x", "y"]}, ":m": {"M": {"a": {"NULL": true}}}, ":b": {"B": "AA=="}}})")
                                                    .as_object();
    return ExpressionAttributes(kRequest);
}

inline const Item& fuzzed_item() {
    static const Item kItem = normalize_item(parse_json(R"({
        "p": {"S": "k"}, "a": {"N": "2"}, "b": {"M": {"c": {"L": [{"S": "x"}, {"N": "3"}]}}},
        "b.c": {"SS": ["x"]}, "l": {"L": [{"N": "1"}, {"M": {"a": {"S": "y"}}}]}})")
                                                 .as_object());
    return kItem;
}

// Refusing is right, as long as it is said as AWS says it.
template <class Work>
int refusing(Work work) {
    try {
        work();
    } catch (const ApiError&) {
    }
    return 0;
}

}  // namespace sbemu::dynamodb
