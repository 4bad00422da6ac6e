// The table of the index model test, and its items as the model has them.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/test_cloud.h"

namespace sbemu::index_model {

inline boost::json::object text(const std::string& value) { return {{"S", value}}; }
inline boost::json::object number(std::int64_t value) { return {{"N", std::to_string(value)}}; }
inline std::string name_of(const boost::json::value& value) {
    return boost::json::serialize(value);
}

// Keys p S and n N. Local: by-c (p, c; INCLUDE a). Global: by-a (a, c; KEYS_ONLY), all-a (a; ALL).
inline const char* const kTable = R"({"TableName": "model", "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"},
                             {"AttributeName": "n", "AttributeType": "N"},
                             {"AttributeName": "a", "AttributeType": "S"},
                             {"AttributeName": "c", "AttributeType": "N"}],
    "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"},
                  {"AttributeName": "n", "KeyType": "RANGE"}],
    "LocalSecondaryIndexes": [{"IndexName": "by-c",
        "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"},
                      {"AttributeName": "c", "KeyType": "RANGE"}],
        "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["a"]}}],
    "GlobalSecondaryIndexes": [{"IndexName": "by-a",
        "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"},
                      {"AttributeName": "c", "KeyType": "RANGE"}],
        "Projection": {"ProjectionType": "KEYS_ONLY"}}, {"IndexName": "all-a",
        "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"}}],
    "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"}})";

struct IndexOfModel {
    std::string name;
    std::string partition;
    std::string sort;                 // empty: none
    std::set<std::string> projected;  // empty: all
    bool has_d;                       // a query can filter by d
};
inline const std::vector<IndexOfModel> kIndexes{{"by-c", "p", "c", {"p", "n", "c", "a"}, false},
                                                {"by-a", "a", "c", {"p", "n", "c", "a"}, false},
                                                {"all-a", "a", "", {}, true}};

using Items = std::map<std::string, boost::json::object>;  // by the text of the key

inline boost::json::object key_of(const boost::json::object& item) {
    return {{"p", item.at("p")}, {"n", item.at("n")}};
}

inline boost::json::object projected(const boost::json::object& item,
                                     const std::set<std::string>& names) {
    if (names.empty()) return item;
    boost::json::object result;
    for (const auto& [name, value] : item) {
        if (names.contains(std::string(name))) result[name] = value;
    }
    return result;
}

inline std::int64_t number_in(const boost::json::object& item, const std::string& name) {
    return std::stoll(std::string(item.at(name).at("N").as_string()));
}

}  // namespace sbemu::index_model
