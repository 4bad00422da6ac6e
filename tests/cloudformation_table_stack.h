// A stack "s" with the table "env", T, and what its template says.
#pragma once

#include "tests/test_cloud.h"

namespace sbemu {

struct TableStack : TestCloud {
    std::string apply(const std::string& operation, const std::string& properties) {
        const std::string body = R"({"Resources": {"T": {"Type": "AWS::DynamoDB::Table",
            "Properties": {"TableName": "env",
            "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}], )" +
                                 properties + "}}}}";
        const auto error =
            error_of(call("cloudformation." + operation,
                          R"({"StackName": "s", "TemplateBody": )" +
                              boost::json::serialize(boost::json::value(body)) + "}"));
        advance(std::chrono::minutes(20));
        return error == "none" ? status() : error;
    }
    std::string status() {
        return std::string(result("cloudformation.DescribeStacks", R"({"StackName": "s"})")
                               .at_pointer("/Stacks/0/StackStatus")
                               .as_string());
    }
    // Why the resource failed.
    std::string reason() {
        const auto events = result("cloudformation.DescribeStackEvents", R"({"StackName": "s"})");
        for (const auto& event : events.at("StackEvents").as_array()) {
            if (event.at("ResourceStatus") == "UPDATE_FAILED") {
                return std::string(event.at("ResourceStatusReason").as_string());
            }
        }
        return "";
    }
    boost::json::value described(const std::string& pointer = "") {
        return result("dynamodb.DescribeTable", R"({"TableName": "env"})")
            .at_pointer("/Table" + pointer);
    }
    void set_insights(const std::string& table, const std::string& action,
                      const std::string& more = "") {
        result("dynamodb.UpdateContributorInsights", R"({"TableName": ")" + table +
                                                         R"(", "ContributorInsightsAction": ")" +
                                                         action + "\"" + more + "}");
        settle();
    }
    // So many tables with two rules of Contributor Insights each: table0, table1, ...
    void take_rules(int tables) {
        for (int i = 0; i < tables; ++i) {
            const std::string name = "table" + std::to_string(i);
            result("dynamodb.CreateTable", R"({"TableName": ")" + name +
                                               R"(", "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}]})");
            settle();
            set_insights(name, "ENABLE");
        }
    }
    boost::json::value ask(const std::string& operation) {
        return result("dynamodb." + operation, R"({"TableName": "env"})");
    }
};

// Definitions of p and these.
inline std::string attribute_definitions(const std::string& names) {
    std::string list = R"({"AttributeName": "p", "AttributeType": "S"})";
    for (const char name : names) {
        list += R"(, {"AttributeName": ")" + std::string(1, name) + R"(", "AttributeType": "S"})";
    }
    return R"("AttributeDefinitions": [)" + list + "]";
}

inline std::string global_index(const std::string& name, const std::string& key,
                                const std::string& more = "") {
    return R"({"IndexName": ")" + name + R"(", "Projection": {"ProjectionType": "ALL"},
        "KeySchema": [{"AttributeName": ")" +
           key + R"(", "KeyType": "HASH"}])" + more + "}";
}

inline std::string global_indexes(const std::string& list) {
    return R"(, "GlobalSecondaryIndexes": [)" + list + "]";
}

const std::string kOnDemand = R"(, "BillingMode": "PAY_PER_REQUEST")";
const std::string kExtras = R"(,
    "TimeToLiveSpecification": {"AttributeName": "ttl", "Enabled": true},
    "PointInTimeRecoverySpecification":
        {"PointInTimeRecoveryEnabled": "true", "RecoveryPeriodInDays": 7},
    "SSESpecification": {"SSEEnabled": true, "SSEType": "KMS", "KMSMasterKeyId": "mine"},
    "ResourcePolicy": {"PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
        "Principal": {"AWS": "123456789012"}, "Action": "dynamodb:GetItem", "Resource": "*"}]}},
    "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
    "DeletionProtectionEnabled": true, "Tags": [{"Key": "a", "Value": "1"}])";

}  // namespace sbemu
