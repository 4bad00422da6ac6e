// Tables with all kinds of indexes, for tests of what reads many items.
#pragma once

#include <string>
#include <vector>

#include "tests/test_cloud.h"

namespace sbemu {

// "hash" (a S), and "range" (a S, b S) with the local indexes by-c (ALL), by-d (INCLUDE e) and the
// global ones c-all (c; ALL), c-d (c, d; INCLUDE e), several (h S, g N; r S, s N; KEYS_ONLY).
struct ReadTables : TestCloud {
    ReadTables() {
        result("dynamodb.CreateTable", R"({"TableName": "hash", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}]})");
        result("dynamodb.CreateTable", R"({"TableName": "range", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [
                {"AttributeName": "a", "AttributeType": "S"},
                {"AttributeName": "b", "AttributeType": "S"},
                {"AttributeName": "c", "AttributeType": "S"},
                {"AttributeName": "d", "AttributeType": "S"},
                {"AttributeName": "h", "AttributeType": "S"},
                {"AttributeName": "g", "AttributeType": "N"},
                {"AttributeName": "r", "AttributeType": "S"},
                {"AttributeName": "s", "AttributeType": "N"}],
            "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"},
                          {"AttributeName": "b", "KeyType": "RANGE"}],
            "LocalSecondaryIndexes": [)" + index("by-c", {"a"}, {"c"}, R"("ALL")") +
                                           ", " + index("by-d", {"a"}, {"d"}, kIncludeE) + R"(],
            "GlobalSecondaryIndexes": [)" + index("c-all", {"c"}, {}, R"("ALL")") +
                                           ", " + index("c-d", {"c"}, {"d"}, kIncludeE) + ", " +
                                           index("several", {"h", "g"}, {"r", "s"},
                                                 R"("KEYS_ONLY")") +
                                           "]}");
        settle();
    }

    void put(const std::string& table, const std::string& item) {
        result("dynamodb.PutItem", R"({"TableName": ")" + table + R"(", "Item": )" + item + "}");
    }

  private:
    static constexpr const char* kIncludeE = R"("INCLUDE", "NonKeyAttributes": ["e"])";

    static std::string index(const std::string& name, const std::vector<std::string>& partition,
                             const std::vector<std::string>& sort, const std::string& projection) {
        std::string schema;
        const auto add = [&](const std::vector<std::string>& attributes, const char* type) {
            for (const std::string& attribute : attributes) {
                schema += (schema.empty() ? "" : ", ") + (R"({"AttributeName": ")" + attribute) +
                          R"(", "KeyType": ")" + type + R"("})";
            }
        };
        add(partition, "HASH");
        add(sort, "RANGE");
        return R"({"IndexName": ")" + name + R"(", "KeySchema": [)" + schema +
               R"(], "Projection": {"ProjectionType": )" + projection + "}}";
    }
};

// Key conditions with :a, :b, ... being the texts a, b, ...
inline std::string where(const std::string& condition) {
    std::string values;
    for (char c = 'a'; c <= 'z'; ++c) {
        const std::string reference = std::string(":") + c;
        if (condition.find(reference) == std::string::npos) continue;
        values += (values.empty() ? R"(")" : R"(, ")") + reference + R"(": {"S": ")" + c + R"("})";
    }
    return R"("KeyConditionExpression": ")" + condition + R"(", "ExpressionAttributeValues": {)" +
           values + "}";
}

}  // namespace sbemu
