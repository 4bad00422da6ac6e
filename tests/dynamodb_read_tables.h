// Tables with all kinds of indexes, for tests of what reads many items.
#pragma once

#include <string>

#include "emulator/core/random.h"
#include "fakes/dynamodb/rows.h"
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
            "AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "S"},
                                     {"AttributeName": "b", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"},
                          {"AttributeName": "b", "KeyType": "RANGE"}]})");
        settle();
        add_indexes();
    }

    void put(const std::string& table, const std::string& item) {
        result("dynamodb.PutItem", R"({"TableName": ")" + table + R"(", "Item": )" + item + "}");
    }

  private:
    void add_indexes() {
        using namespace dynamodb;
        Random random(1);
        Outbox outbox;
        Context ctx{store, random, now(), caller, all_services(), 0, "", "", outbox};
        Table table = *find_table(ctx, "range");
        const KeyAttribute a{"a", "S"};
        const KeyAttribute c{"c", "S"};
        const KeyAttribute d{"d", "S"};
        table.indexes = {
            {1, "by-c", false, "ACTIVE", {a}, {c}, "ALL", {}},
            {2, "by-d", false, "ACTIVE", {a}, {d}, "INCLUDE", {"e"}},
            {3, "c-all", true, "ACTIVE", {c}, {}, "ALL", {}},
            {4, "c-d", true, "ACTIVE", {c}, {d}, "INCLUDE", {"e"}},
            {5,
             "several",
             true,
             "ACTIVE",
             {{"h", "S"}, {"g", "N"}},
             {{"r", "S"}, {"s", "N"}},
             "KEYS_ONLY",
             {}},
        };
        update_table(ctx, table);
    }
};

}  // namespace sbemu
