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
        result("dynamodb.CreateTable",
               R"({"TableName": "range", "BillingMode": "PAY_PER_REQUEST",
                   "AttributeDefinitions": [)" +
                   attributes({"a S", "b S", "c S", "d S", "h S", "g N", "r S", "s N"}) +
                   R"(], "KeySchema": )" + keys({"a"}, {"b"}) + R"(, "LocalSecondaryIndexes": [)" +
                   index("by-c", keys({"a"}, {"c"}), "ALL") + ", " +
                   index("by-d", keys({"a"}, {"d"}), "INCLUDE") +
                   R"(], "GlobalSecondaryIndexes": [)" + index("c-all", keys({"c"}, {}), "ALL") +
                   ", " + index("c-d", keys({"c"}, {"d"}), "INCLUDE") + ", " +
                   index("several", keys({"h", "g"}, {"r", "s"}), "KEYS_ONLY") + "]}");
        settle();
    }

    void put(const std::string& table, const std::string& item) {
        result("dynamodb.PutItem", R"({"TableName": ")" + table + R"(", "Item": )" + item + "}");
    }

  private:
    static std::string attributes(const std::vector<std::string>& names_and_types) {
        std::string list;
        for (const std::string& each : names_and_types) {
            list += (list.empty() ? "" : ", ") + (R"({"AttributeName": ")" + each.substr(0, 1)) +
                    R"(", "AttributeType": ")" + each.substr(2) + R"("})";
        }
        return list;
    }
    static std::string keys(const std::vector<std::string>& hash,
                            const std::vector<std::string>& range) {
        std::string list;
        const auto add = [&](const std::vector<std::string>& names, const std::string& type) {
            for (const std::string& name : names) {
                list += (list.empty() ? "" : ", ") + (R"({"AttributeName": ")" + name) +
                        R"(", "KeyType": ")" + type + R"("})";
            }
        };
        add(hash, "HASH");
        add(range, "RANGE");
        return "[" + list + "]";
    }
    static std::string index(const std::string& name, const std::string& key_schema,
                             const std::string& projection) {
        const std::string more = projection == "INCLUDE" ? R"(, "NonKeyAttributes": ["e"])" : "";
        return R"({"IndexName": ")" + name + R"(", "KeySchema": )" + key_schema +
               R"(, "Projection": {"ProjectionType": ")" + projection + "\"" + more + "}}";
    }
};

}  // namespace sbemu
