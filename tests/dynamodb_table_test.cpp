// Tables of DynamoDB. Texts: facts/dynamodb-kinesis.md 1.14, 1.15.
#include <catch2/catch.hpp>

#include "tests/test_cloud.h"

namespace sbemu {

namespace {

const std::string kInvalid = "One or more parameter values were invalid: ";

const char* const kKeys =
    R"("AttributeDefinitions": [{"AttributeName": "name", "AttributeType": "S"}],
       "KeySchema": [{"AttributeName": "name", "KeyType": "HASH"}])";
const char* const kThroughput =
    R"("ProvisionedThroughput": {"ReadCapacityUnits": 10, "WriteCapacityUnits": 5})";

std::string table(const std::string& name, const std::string& more = "") {
    return R"({"TableName": ")" + name + "\", " + kKeys + ", " + kThroughput + more + "}";
}

}  // namespace

TEST_CASE("CreateTable", "[dynamodb][create-table]") {
    TestCloud cloud;

    SECTION("answers CREATING; the table is not found by writers, then ACTIVE") {
        auto reply = cloud.result("dynamodb.CreateTable", table("env"));
        auto& description = reply.at("TableDescription").as_object();
        CHECK(description.at("TableId").as_string().size() == 36);
        description.erase("TableId");
        CHECK(reply == json(R"({"TableDescription": {
            "TableName": "env", "TableStatus": "CREATING",
            "TableArn": "arn:aws:dynamodb:us-east-1:123456789012:table/env",
            "AttributeDefinitions": [{"AttributeName": "name", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "name", "KeyType": "HASH"}],
            "CreationDateTime": 1488326400000, "ItemCount": 0, "TableSizeBytes": 0,
            "DeletionProtectionEnabled": false,
            "ProvisionedThroughput": {"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 10,
                                      "WriteCapacityUnits": 5}}})"));
        const char* put = R"({"TableName": "env", "Item": {"name": {"S": "fn"}}})";
        CHECK(error_of(cloud.call("dynamodb.PutItem", put)) ==
              "ResourceNotFoundException: Requested resource not found");
        cloud.settle();
        CHECK(error_of(cloud.call("dynamodb.PutItem", put)) == "none");
        const auto described = cloud.result("dynamodb.DescribeTable", R"({"TableName": "env"})");
        CHECK(described.at_pointer("/Table/TableStatus") == "ACTIVE");
        CHECK(described.at_pointer("/Table/ItemCount") == 1);
        CHECK(described.at_pointer("/Table/TableSizeBytes") == 6);
        CHECK(described.at_pointer("/Table/WarmThroughput") ==
              json(R"({"ReadUnitsPerSecond": 10, "WriteUnitsPerSecond": 5, "Status": "ACTIVE"})"));
    }

    SECTION("takes on demand, stream, encryption, class, protection and tags") {
        cloud.result(
            "dynamodb.CreateTable",
            R"({"TableName": "env", "BillingMode": "PAY_PER_REQUEST", )" + std::string(kKeys) + R"(,
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"},
            "SSESpecification": {"Enabled": true, "SSEType": "KMS", "KMSMasterKeyId": "mine"},
            "TableClass": "STANDARD_INFREQUENT_ACCESS", "DeletionProtectionEnabled": true,
            "Tags": [{"Key": "team", "Value": "maps"}]})");
        cloud.settle();
        const auto reply = cloud.result("dynamodb.DescribeTable", R"({"TableName": "env"})");
        const auto& description = reply.at("Table");
        CHECK(description.at("BillingModeSummary") == json(R"({"BillingMode": "PAY_PER_REQUEST",
                       "LastUpdateToPayPerRequestDateTime": 1488326400000})"));
        CHECK(description.at("LatestStreamLabel") == "2017-03-01T00:00:00.000");
        CHECK(description.at("LatestStreamArn") ==
              "arn:aws:dynamodb:us-east-1:123456789012:table/env/stream/2017-03-01T00:00:00.000");
        CHECK(description.at("SSEDescription") == json(R"({"Status": "ENABLED", "SSEType": "KMS",
            "KMSMasterKeyArn": "arn:aws:kms:us-east-1:123456789012:key/mine"})"));
        CHECK(description.at_pointer("/TableClassSummary/TableClass") ==
              "STANDARD_INFREQUENT_ACCESS");
        CHECK(description.at("DeletionProtectionEnabled") == true);
        CHECK(description.at_pointer("/WarmThroughput/ReadUnitsPerSecond") == 12000);
        CHECK(cloud.result("dynamodb.ListTagsOfResource", R"({"ResourceArn":
                  "arn:aws:dynamodb:us-east-1:123456789012:table/env"})") ==
              json(R"({"Tags": [{"Key": "team", "Value": "maps"}]})"));
    }

    SECTION("refuses") {
        const std::string hash = R"({"AttributeName": "a", "KeyType": "HASH"})";
        const std::string define = R"({"AttributeName": "a", "AttributeType": "S"})";
        const auto request = [](const std::string& definitions, const std::string& schema,
                                const std::string& more) {
            return R"({"TableName": "t-1", "AttributeDefinitions": [)" + definitions +
                   R"(], "KeySchema": [)" + schema + "]" + more + "}";
        };
        const std::string on_demand = R"(, "BillingMode": "PAY_PER_REQUEST")";
        const auto [text,
                    error] = GENERATE_COPY(Catch::Generators::table<std::string, std::string>({
            // ack-api-quirks (2026-10), DDB-TABLE-042.
            {R"({"TableName": "t-1", "KeySchema": [)" + hash + "]" + on_demand + "}",
             "1 validation error detected: Value null at 'attributeDefinitions' failed to satisfy "
             "constraint: Member must not be null"},
            {R"({"TableName": "t-1", "AttributeDefinitions": [)" + define + "]" + on_demand + "}",
             "1 validation error detected: Value null at 'keySchema' failed to satisfy "
             "constraint: Member must not be null"},
            {R"({"TableName": ""})",
             "2 validation errors detected: Value '' at 'tableName' failed to satisfy constraint: "
             "Member must have length greater than or equal to 3; Value '' at 'tableName' failed "
             "to satisfy constraint: Member must satisfy regular expression pattern: "
             "[a-zA-Z0-9_.-]+"},
            {request(define, hash, ""),
             kInvalid + "ReadCapacityUnits and WriteCapacityUnits must both be specified when "
                        "BillingMode is PROVISIONED"},
            {request(define, hash, on_demand + ", " + kThroughput),
             kInvalid + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when "
                        "BillingMode is PAY_PER_REQUEST"},
            {request(define, hash,
                     R"(, "ProvisionedThroughput": {"ReadCapacityUnits": 1000000000001,
                        "WriteCapacityUnits": 1})"),
             "Given value 1000000000001 for ReadCapacityUnits is out of bounds"},
            {request(R"({"AttributeName": "b", "AttributeType": "S"})", hash, on_demand),
             kInvalid +
                 "Some index key attributes are not defined in AttributeDefinitions. Keys: [a], "
                 "AttributeDefinitions: [b]"},
            {request(define, R"({"AttributeName": "a", "KeyType": "RANGE"})", on_demand),
             "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"},
            {request(define, hash + "," + hash, on_demand),
             "Invalid KeySchema: Some index key attribute have no definition"},
            {request(define + R"(, {"AttributeName": "b", "AttributeType": "S"})",
                     hash + "," + hash, on_demand),
             "Invalid KeySchema: Both the Hash Key and the Range Key element in the KeySchema "
             "have the same name"},
            {request(define + R"(, {"AttributeName": "b", "AttributeType": "S"})",
                     hash + R"(, {"AttributeName": "b", "KeyType": "HASH"})", on_demand),
             "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"},
            {request(define + R"(, {"AttributeName": "b", "AttributeType": "S"})", hash, on_demand),
             kInvalid +
                 "Number of attributes in KeySchema does not exactly match number of attributes "
                 "defined in AttributeDefinitions"},
            {request(define + "," + define, hash, on_demand), "Attribute Name is duplicated: a"},
            {request(define, hash, on_demand + R"(, "GlobalSecondaryIndexes": [])"),
             kInvalid + "List of GlobalSecondaryIndexes is empty"},
            {request(define, hash, on_demand + R"(, "StreamSpecification":
                {"StreamEnabled": true})"),
             kInvalid + "Table is being created with a stream enabled, UpdateViewType is required"},
            {request(define, hash, on_demand + R"(, "SSESpecification":
                {"Enabled": true, "KMSMasterKeyId": "mine"})"),
             kInvalid + "SSEType KMS is required if KMSMasterKeyId is specified"},
            {request(define, hash, on_demand + R"(, "WarmThroughput":
                {"ReadUnitsPerSecond": 11999})"),
             kInvalid +
                 "Requested ReadUnitsPerSecond for WarmThroughput for table is lower than initial "
                 "throughput for OnDemand. See: https://docs.aws.amazon.com/amazondynamodb/latest/"
                 "developerguide/on-demand-capacity-mode.html#on-demand-capacity-mode-initial"},
            {request(define, hash, on_demand + R"(, "OnDemandThroughput":
                {"MaxReadRequestUnits": -1})"),
             kInvalid +
                 "Requested MaxReadRequestUnits for OnDemandThroughput for table is outside of "
                 "valid range"},
            {request(define, hash, on_demand + R"(, "Tags": [{"Key": "aws:a", "Value": "1"}])"),
             "Tag Key cannot be prefixed with aws:, Key: aws:a"},
            {request(define, hash, on_demand + R"(, "ResourcePolicy": "{")"),
             kInvalid + "Invalid policy document: This policy contains invalid Json"},
            {request(define, hash, on_demand + R"(, "TableClass": "CHEAP")"),
             "Invalid table-class parameter provided. Please try again with a valid table-class "
             "value: [STANDARD, STANDARD_INFREQUENT_ACCESS]."},
        }));
        INFO(text);
        CHECK(error_of(cloud.call("dynamodb.CreateTable", text)) ==
              "ValidationException: " + error);
    }

    SECTION("refuses more than a table may have") {
        CHECK(error_of(cloud.call("dynamodb.CreateTable", R"({"TableName": "env", )" +
                                                              std::string(kKeys) +
                                                              R"(, "ProvisionedThroughput":
                         {"ReadCapacityUnits": 40001, "WriteCapacityUnits": 1}})")) ==
              "LimitExceededException: The requested ReadCapacityUnits, 40001, is above the per "
              "table maximum for the account in us-east-1. Per table maximum: 40000. Refer to the "
              "Amazon DynamoDB Developer Guide for current limits and how to request higher "
              "limits.");
        CHECK(cloud.result("dynamodb.DescribeLimits") ==
              json(R"({"AccountMaxReadCapacityUnits": 80000, "AccountMaxWriteCapacityUnits": 80000,
                       "TableMaxReadCapacityUnits": 40000, "TableMaxWriteCapacityUnits": 40000})"));
    }

    SECTION("refuses a name that exists, and what copies another table") {
        cloud.result("dynamodb.CreateTable", table("env"));
        CHECK(error_of(cloud.call("dynamodb.CreateTable", table("env"))) ==
              "ResourceInUseException: Attempt to change a resource which is still in use: Table "
              "is being created: env");  // ack-api-quirks (2026-10), DDB-TABLE-005
        cloud.settle();
        CHECK(error_of(cloud.call("dynamodb.CreateTable", table("env"))) ==
              "ResourceInUseException: Table already exists: env");
        CHECK(error_of(cloud.call("dynamodb.CreateTable",
                                  table("new", R"(, "GlobalTableSourceArn": "arn")"))) ==
              "NotImplemented: sbemu does not implement dynamodb:CreateTable with "
              "GlobalTableSourceArn yet.");
    }
}

TEST_CASE("ListTables", "[dynamodb][list-tables]") {
    TestCloud cloud;
    for (const char* name : {"bbb", "AAA", "ccc"}) {
        cloud.result("dynamodb.CreateTable", table(name));
    }
    CHECK(cloud.result("dynamodb.ListTables") == json(R"({"TableNames": ["AAA", "bbb", "ccc"]})"));
    CHECK(cloud.result("dynamodb.ListTables", R"({"Limit": 2})") ==
          json(R"({"TableNames": ["AAA", "bbb"], "LastEvaluatedTableName": "bbb"})"));
    CHECK(cloud.result("dynamodb.ListTables", R"({"ExclusiveStartTableName": "aaa"})") ==
          json(R"({"TableNames": ["bbb", "ccc"]})"));
    cloud.caller.account = "000000000000";
    CHECK(cloud.result("dynamodb.ListTables") == json(R"({"TableNames": []})"));
}

TEST_CASE("UpdateTable", "[dynamodb][update-table]") {
    TestCloud cloud;
    cloud.result("dynamodb.CreateTable", table("env"));
    cloud.settle();
    const auto update = [&](const std::string& members) {
        return cloud.call("dynamodb.UpdateTable", R"({"TableName": "env")" + members + "}");
    };
    const auto described = [&](const std::string& pointer) {
        return cloud.result("dynamodb.DescribeTable", R"({"TableName": "env"})")
            .at_pointer("/Table" + pointer);
    };

    SECTION("changes throughput, UPDATING in between") {
        CHECK(error_of(update(R"(, "ProvisionedThroughput":
            {"ReadCapacityUnits": 3, "WriteCapacityUnits": 7})")) == "none");
        CHECK(described("/TableStatus") == "UPDATING");
        CHECK(error_of(update(R"(, "BillingMode": "PAY_PER_REQUEST")")) ==
              "ResourceInUseException: Attempt to change a resource which is still in use: Table "
              "IOPS are currently being updated. Table: env");
        CHECK(error_of(cloud.call("dynamodb.DeleteTable", R"({"TableName": "env"})")) ==
              "ResourceInUseException: Attempt to change a resource which is still in use: Table: "
              "env is in the process of being updated.");
        cloud.settle();
        CHECK(described("/TableStatus") == "ACTIVE");
        CHECK(described("/ProvisionedThroughput") ==
              json(R"({"NumberOfDecreasesToday": 1, "ReadCapacityUnits": 3,
                       "WriteCapacityUnits": 7, "LastDecreaseDateTime": 1488326400000,
                       "LastIncreaseDateTime": 1488326400000})"));
    }

    SECTION("switches the billing mode there and back") {
        CHECK(error_of(update(R"(, "BillingMode": "PAY_PER_REQUEST")")) == "none");
        cloud.settle();
        CHECK(described("/ProvisionedThroughput/ReadCapacityUnits") == 0);
        CHECK(error_of(update(R"(, "BillingMode": "PROVISIONED")")) ==
              "ValidationException: " + kInvalid +
                  "ProvisionedThroughput must be specified when BillingMode is PROVISIONED");
        CHECK(error_of(update(R"(, "BillingMode": "PROVISIONED", )" + std::string(kThroughput))) ==
              "none");
        CHECK(described("/BillingModeSummary/BillingMode") == "PROVISIONED");
    }

    SECTION("enables and disables the stream; its ARN stays known, a new one differs") {
        const std::string enable = R"(, "StreamSpecification":
            {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"})";
        CHECK(error_of(update(enable)) == "none");
        cloud.settle();
        const auto first = described("/LatestStreamArn");
        CHECK(error_of(update(enable)) ==
              "ValidationException: Table already has an enabled stream: TableName: env");
        CHECK(error_of(update(R"(, "StreamSpecification": {"StreamEnabled": false})")) == "none");
        cloud.settle();
        CHECK(described("/LatestStreamArn") == first);
        CHECK_FALSE(described("").as_object().contains("StreamSpecification"));
        CHECK(error_of(update(R"(, "StreamSpecification": {"StreamEnabled": false})")) ==
              "ValidationException: Table has no stream to disable: TableName: env");
        CHECK(error_of(update(enable)) == "none");
        CHECK(described("/LatestStreamArn") != first);
    }

    SECTION("refuses") {
        const auto [members, error] = GENERATE(Catch::Generators::table<std::string, std::string>({
            {"",
             "ValidationException: At least one of ProvisionedThroughput, BillingMode, "
             "UpdateStreamEnabled, GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, "
             "MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, "
             "DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is "
             "required"},
            {R"(, "ProvisionedThroughput": {"ReadCapacityUnits": 10, "WriteCapacityUnits": 5})",
             "ValidationException: The provisioned throughput for the table will not change. The "
             "requested value equals the current value. Current ReadCapacityUnits provisioned for "
             "the table: 10. Requested ReadCapacityUnits: 10. Current WriteCapacityUnits "
             "provisioned for the table: 5. Requested WriteCapacityUnits: 5. Refer to the Amazon "
             "DynamoDB Developer Guide for current limits and how to request higher limits."},
            {R"(, "ReplicaUpdates": [{}])",
             "ValidationException: There are no actions specified in the Replica Update Action of "
             "the request."},
            {R"(, "ReplicaUpdates": [{"Create": {"RegionName": "eu-west-1"}}])",
             "NotImplemented: sbemu does not implement dynamodb:UpdateTable with "
             "ReplicaUpdates yet."},
            {R"(, "MultiRegionConsistency": "EVENTUAL", "GlobalTableWitnessUpdates": [{}])",
             "ValidationException: At least one of ProvisionedThroughput, BillingMode, "
             "UpdateStreamEnabled, GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, "
             "MultiAccountReplicaReady, ReplicaTransitRoleArn, DeletionProtectionEnabled, "
             "OnDemandThroughput, WarmThroughput or TableClass is required"},
            {R"(, "SSESpecification": {"Enabled": true}, "DeletionProtectionEnabled": true)",
             "ValidationException: " + kInvalid +
                 "Server-Side Encryption modification must be the only operation in the request"},
            {R"(, "TableClass": "STANDARD", "DeletionProtectionEnabled": true)",
             "ValidationException: " + kInvalid +
                 "TableClass modification must be the only operation in the request"},
            {R"(, "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
                "StreamSpecification": {"StreamEnabled": false})",
             "ValidationException: " + kInvalid +
                 "You cannot modify stream status while updating table IOPS"},
            {R"(, "OnDemandThroughput": {"MaxReadRequestUnits": 5})",
             "ValidationException: " + kInvalid +
                 "MaxReadRequestUnits for OnDemandThroughput cannot be specified when the table "
                 "BillingMode is PROVISIONED"},
            {R"(, "WarmThroughput": {"ReadUnitsPerSecond": 9})",
             "ValidationException: " + kInvalid +
                 "Requested ReadUnitsPerSecond for WarmThroughput for table is lower than current "
                 "WarmThroughput, decreasing WarmThroughput is not supported"},
            {R"(, "SSESpecification": {"Enabled": false})",
             "ValidationException: " + kInvalid + "Table is already encrypted by default"},
            {R"(, "ReplicaTransitRoleArn": "x", "GlobalSecondaryIndexUpdates": [],
                "DeletionProtectionEnabled": true)",
             "ValidationException: " + kInvalid + "List of GlobalSecondaryIndexUpdates is empty"},
            {R"(, "StreamSpecification": {"StreamEnabled": true})",
             "ValidationException: " + kInvalid +
                 "If stream is being enabled then UpdateViewType is required"},
        }));
        INFO(members);
        CHECK(error_of(update(members)) == error);
    }
}

TEST_CASE("UpdateTable limits how often throughput decreases", "[dynamodb][update-table]") {
    TestCloud cloud;
    cloud.result("dynamodb.CreateTable", table("env"));
    cloud.settle();
    const auto decrease = [&](int reads) {
        auto error = error_of(
            cloud.call("dynamodb.UpdateTable", R"({"TableName": "env", "ProvisionedThroughput":
                {"ReadCapacityUnits": )" + std::to_string(reads) +
                                                   R"(, "WriteCapacityUnits": 5}})"));
        cloud.settle();
        return error;
    };
    for (const int reads : {9, 8, 7, 6}) CHECK(decrease(reads) == "none");
    CHECK(decrease(5) ==
          "LimitExceededException: Subscriber limit exceeded: Provisioned throughput decreases are "
          "limited within a given UTC day. After the first 4 decreases, each subsequent decrease "
          "in the same UTC day can be performed at most once every 3600 seconds. Number of "
          "decreases today: 4. Last decrease at Wednesday, March 1, 2017 at 12:00:00 AM "
          "Coordinated Universal Time. Next decrease can be made at Wednesday, March 1, 2017 at "
          "1:00:00 AM Coordinated Universal Time");
    cloud.advance(std::chrono::hours(1));
    CHECK(decrease(5) == "none");
    CHECK(decrease(4) != "none");
    cloud.advance(std::chrono::hours(23));
    CHECK(decrease(4) == "none");
    // What was warm once stays so.
    CHECK(cloud.result("dynamodb.DescribeTable", R"({"TableName": "env"})")
              .at_pointer("/Table/WarmThroughput/ReadUnitsPerSecond") == 10);
}

TEST_CASE("Tables are named by their ARNs, where they are", "[dynamodb]") {
    // ack-api-quirks (2026-10), DDB-TABLE-011, 442.
    TestCloud cloud;
    cloud.result("dynamodb.CreateTable", table("env"));
    cloud.settle();
    const std::string detected = "ValidationException: 1 validation error detected: Invalid ";
    const auto check = [&](const std::string& arn, const std::string& error) {
        INFO(arn);
        for (const std::string operation :
             {"DescribeTable", "DescribeTimeToLive", "DescribeContinuousBackups",
              "DescribeContributorInsights", "DeleteTable"}) {
            if (error == "none" && operation == "DeleteTable") continue;
            CHECK(error_of(cloud.call("dynamodb." + operation,
                                      R"({"TableName": ")" + arn + "\"}")) == error);
        }
    };
    const std::string own = "arn:aws:dynamodb:us-east-1:123456789012:table/env";
    check(own, "none");
    const std::string far = "arn:aws:dynamodb:eu-west-1:123456789012:table/env";
    check(far, detected + "AWS region in '" + far + "'");
    const std::string china = "arn:aws-cn:dynamodb:us-east-1:123456789012:table/env";
    check(china, detected + "AWS partition in '" + china + "'");
    check(own + "/index/i", detected + "resource type in '" + own + "/index/i'");
    check("arn:aws:dynamodb:us-east-1:111122223333:table/env",
          "AccessDeniedException: Access is denied");
}

TEST_CASE("Tools ask tables for more", "[dynamodb]") {
    TestCloud cloud;
    cloud.result("dynamodb.CreateTable", table("env"));
    cloud.settle();
    CHECK(cloud.result("dynamodb.DescribeTimeToLive", R"({"TableName": "env"})") ==
          json(R"({"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}})"));
    CHECK(cloud.result("dynamodb.DescribeContinuousBackups", R"({"TableName": "env"})") ==
          json(R"({"ContinuousBackupsDescription": {"ContinuousBackupsStatus": "ENABLED",
                   "PointInTimeRecoveryDescription":
                   {"PointInTimeRecoveryStatus": "DISABLED"}}})"));
    const std::string arn = R"("ResourceArn": "arn:aws:dynamodb:us-east-1:123456789012:table/env")";
    CHECK(cloud.result("dynamodb.TagResource",
                       "{" + arn + R"(, "Tags": [{"Key": "a", "Value": "1"}]})") == json("{}"));
    CHECK(cloud.result("dynamodb.UntagResource", "{" + arn + R"(, "TagKeys": ["a"]})") ==
          json("{}"));
    CHECK(cloud.result("dynamodb.ListTagsOfResource", "{" + arn + "}") == json(R"({"Tags": []})"));
    CHECK(error_of(cloud.call("dynamodb.TagResource", "{" + arn + R"(, "Tags": []})")) ==
          "ValidationException: Atleast one Tag needs to be provided as Input.");
    CHECK(error_of(cloud.call("dynamodb.ListTagsOfResource", R"({"ResourceArn":
              "arn:aws:dynamodb:us-east-1:123456789012:table/no"})")) ==
          "ResourceNotFoundException: Requested resource not found: ResourceArn: "
          "arn:aws:dynamodb:us-east-1:123456789012:table/no not found");
    // Another account's (paritysuite tags/basic; text assumed).
    CHECK(error_of(cloud.call("dynamodb.ListTagsOfResource", R"({"ResourceArn":
              "arn:aws:dynamodb:us-east-1:111122223333:table/no"})")) ==
          "AccessDeniedException: Access is denied");
}

}  // namespace sbemu
