// Two tables for tests of items.
#pragma once

#include "tests/test_cloud.h"

namespace sbemu {

// "env" (key: name S) and "log" (keys: id S, at N).
struct EnvAndLogTables : TestCloud {
    EnvAndLogTables() {
        result("dynamodb.CreateTable", R"({"TableName": "env", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "name", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "name", "KeyType": "HASH"}]})");
        result("dynamodb.CreateTable", R"({"TableName": "log", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"},
                                     {"AttributeName": "at", "AttributeType": "N"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"},
                          {"AttributeName": "at", "KeyType": "RANGE"}]})");
        settle();
    }
};

}  // namespace sbemu
