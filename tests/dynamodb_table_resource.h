// A table with a stream, and requests that name either by its ARN.
#pragma once

#include "tests/test_cloud.h"

namespace sbemu {

const std::string kTable = "arn:aws:dynamodb:us-east-1:123456789012:table/env";

struct TableWithStream : TestCloud {
    TableWithStream() {
        const auto made =
            result("dynamodb.CreateTable", R"({"TableName": "env", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "name", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "name", "KeyType": "HASH"}],
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}})");
        stream = made.at_pointer("/TableDescription/LatestStreamArn").as_string();
        settle();
    }
    std::string stream;
};

// A request on the resource, with more members.
inline std::string on(const std::string& arn, const std::string& more = "") {
    return R"({"ResourceArn": ")" + arn + "\"" + more + "}";
}

}  // namespace sbemu
