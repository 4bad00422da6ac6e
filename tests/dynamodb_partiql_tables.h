// Tables that tests of PartiQL run statements on.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/test_cloud.h"

namespace sbemu {

// "hash" (key: pk S), "pair" (keys: pk S, sk S), "numbers" (key: pk N), and "indexed" (keys: pk S,
// sk S) with gsi-all, gsi-keys, gsi-inc, lsi-all, lsi-keys.
struct PartiqlTables : TestCloud {
    PartiqlTables() {
        create("hash", R"(, "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}])");
        create("numbers", R"(, "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType":
            "N"}], "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}])");
        create("pair", definitions({"pk", "sk"}) + ", " + keys("pk", "sk"));
        create_indexed();
        settle();
    }

    static std::string request(const std::string& statement, const std::string& more = "") {
        return R"({"Statement": )" + boost::json::serialize(boost::json::value(statement)) +
               (more.empty() ? "" : ", " + more) + "}";
    }
    boost::json::value run(const std::string& statement, const std::string& more = "") {
        return result("dynamodb.ExecuteStatement", request(statement, more));
    }
    std::string error(const std::string& statement, const std::string& more = "") {
        return error_of(call("dynamodb.ExecuteStatement", request(statement, more)));
    }
    // "ValidationException: " left out.
    std::string refusal(const std::string& statement, const std::string& more = "") {
        const std::string text = error(statement, more);
        const std::string prefix = "ValidationException: ";
        return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
    }
    void put(const std::string& table, const std::string& item) {
        result("dynamodb.PutItem", R"({"TableName": ")" + table + R"(", "Item": )" + item + "}");
    }
    // The item of "hash" with this key; null if there is none.
    boost::json::value stored(const std::string& pk) {
        const auto reply = result(
            "dynamodb.GetItem", R"({"TableName": "hash", "Key": {"pk": {"S": ")" + pk + R"("}}})");
        const auto* item = reply.as_object().if_contains("Item");
        return item ? *item : boost::json::value();
    }
    // One string attribute of every item that the statement answers: "a b c".
    std::string column(const std::string& name, const std::string& statement,
                       const std::string& more = "") {
        return column_of(run(statement, more), name);
    }
    static std::string column_of(const boost::json::value& reply, const std::string& name) {
        std::string text;
        for (const auto& item : reply.at("Items").as_array()) {
            text += (text.empty() ? "" : " ") +
                    std::string(std::string_view(item.at(name).at("S").as_string()));
        }
        return text;
    }

  private:
    void create_indexed() {
        const std::string all = R"({"ProjectionType": "ALL"})";
        const std::string keys_only = R"({"ProjectionType": "KEYS_ONLY"})";
        const std::string included =
            R"({"ProjectionType": "INCLUDE", "NonKeyAttributes": ["projattr"]})";
        const std::string rest =
            definitions({"pk", "sk", "gsiPk", "gsiPk2", "lsiSk"}) + ", " + keys("pk", "sk") +
            R"(, "GlobalSecondaryIndexes": [)" + index("gsi-all", "gsiPk", "", all) + ", " +
            index("gsi-inc", "gsiPk2", "", included) + ", " +
            index("gsi-keys", "gsiPk2", "", keys_only) + R"(], "LocalSecondaryIndexes": [)" +
            index("lsi-all", "pk", "lsiSk", all) + ", " +
            index("lsi-keys", "pk", "lsiSk", keys_only) + "]";
        create("indexed", rest);
    }
    void create(const std::string& name, const std::string& rest) {
        result("dynamodb.CreateTable",
               R"({"TableName": ")" + name + R"(", "BillingMode": "PAY_PER_REQUEST")" + rest + "}");
    }
    static std::string definitions(const std::vector<std::string>& names) {
        std::string text;
        for (const std::string& name : names) {
            text += (text.empty() ? "" : ", ") + (R"({"AttributeName": ")" + name) +
                    R"(", "AttributeType": "S"})";
        }
        return R"(, "AttributeDefinitions": [)" + text + "]";
    }
    static std::string keys(const std::string& partition, const std::string& sort) {
        std::string text = R"({"AttributeName": ")" + partition + R"(", "KeyType": "HASH"})";
        if (!sort.empty()) {
            text += R"(, {"AttributeName": ")" + sort + R"(", "KeyType": "RANGE"})";
        }
        return R"("KeySchema": [)" + text + "]";
    }
    static std::string index(const std::string& name, const std::string& partition,
                             const std::string& sort, const std::string& projection) {
        return R"({"IndexName": ")" + name + R"(", )" + keys(partition, sort) +
               R"(, "Projection": )" + projection + "}";
    }
};

}  // namespace sbemu
