// A table that is updated, and what requests say of it.
#pragma once

#include "tests/test_cloud.h"

namespace sbemu {

const std::string kInvalid = "ValidationException: One or more parameter values were invalid: ";
const std::string kInUse =
    "ResourceInUseException: Attempt to change a resource which is still in use: ";

inline std::string units(int reads, int writes) {
    return R"("ProvisionedThroughput": {"ReadCapacityUnits": )" + std::to_string(reads) +
           R"(, "WriteCapacityUnits": )" + std::to_string(writes) + "}";
}

const std::string kOnDemand = R"("BillingMode": "PAY_PER_REQUEST")";
const std::string kInfrequent = R"("TableClass": "STANDARD_INFREQUENT_ACCESS")";
const std::string kStream =
    R"("StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"})";

struct UpdatedTable : TestCloud {
    explicit UpdatedTable(bool slowly = false) {
        if (slowly) result("sbemu.SetLatency", R"({"Mode": "aws"})");
    }
    boost::json::value create(const std::string& more, const std::string& name = "env") {
        auto made = result("dynamodb.CreateTable", R"({"TableName": ")" + name +
                                                       R"(", "AttributeDefinitions":
                               [{"AttributeName": "p", "AttributeType": "S"}],
                               "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}], )" +
                                                       more + "}");
        advance(std::chrono::seconds(16));
        return made.at("TableDescription");
    }
    std::string error(const std::string& change, const std::string& operation = "UpdateTable") {
        return error_of(call("dynamodb." + operation, R"({"TableName": "env", )" + change + "}"));
    }
    std::string error_of_deletion() {
        return error_of(call("dynamodb.DeleteTable", R"({"TableName": "env"})"));
    }
    boost::json::value update(const std::string& change) {
        return result("dynamodb.UpdateTable", R"({"TableName": "env", )" + change + "}")
            .at("TableDescription");
    }
    boost::json::value described(const std::string& pointer = "") {
        return result("dynamodb.DescribeTable", R"({"TableName": "env"})")
            .at_pointer("/Table" + pointer);
    }
    bool tells(const std::string& member) { return described().as_object().contains(member); }
};

const std::string kGlobalIndex = R"(, "GlobalSecondaryIndexes": [{"IndexName": "idx",
    "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}],
    "Projection": {"ProjectionType": "ALL"})";

}  // namespace sbemu
