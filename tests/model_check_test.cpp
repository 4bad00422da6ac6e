// The generic errors that the API models give.
#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "emulator/core/error.h"
#include "emulator/core/model.h"

namespace sbemu {
namespace {

struct Case {
    const char* operation;
    const char* request;
    const char* message;  // "" for none
};

void check_all(const char* service, const char* code, std::initializer_list<Case> cases) {
    for (const Case& one : cases) {
        INFO(one.operation << " " << one.request);
        std::string seen_code;
        std::string message;
        try {
            check_request(service, one.operation, boost::json::parse(one.request).as_object());
        } catch (const ApiError& error) {
            seen_code = error.code;
            message = error.what();
        }
        CHECK(message == one.message);
        if (*one.message) CHECK(seen_code == code);
    }
}

}  // namespace

TEST_CASE("model: DynamoDB type errors") {
    check_all(
        "dynamodb", "SerializationException",
        {{"GetItem", R"({"TableName":23})", "NUMBER_VALUE cannot be converted to String"},
         {"GetItem", R"({"TableName":2.5})", "DECIMAL_VALUE cannot be converted to String"},
         {"GetItem", R"({"TableName":true})", "TRUE_VALUE cannot be converted to String"},
         {"GetItem", R"({"TableName":[]})", "Unrecognized collection type class java.lang.String"},
         {"GetItem", R"({"TableName":{}})", "Start of structure or map found where not expected"},
         {"GetItem", R"({"Key":"a"})", "Unexpected field type"},
         {"GetItem", R"({"Key":[]})",
          "Unrecognized collection type java.util.Map<java.lang.String, "
          "com.amazonaws.dynamodb.v20120810.AttributeValue>"},
         {"GetItem", R"({"Key":{"a":"b"}})", "Unexpected value type in payload"},
         {"GetItem", R"({"Key":{"a":[]}})",
          "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue"},
         {"GetItem", R"({"Key":{"a":{"B":1}}})",
          "only base-64-encoded strings are convertible to bytes"},
         {"GetItem", R"({"Key":{"a":{"B":"abcde"}}})",
          "Base64 encoded length is expected a multiple of 4 bytes but found: 5"},
         {"GetItem", R"({"Key":{"a":{"B":"ab=="}}})",
          "Invalid last non-pad Base64 character dectected"},
         {"GetItem", R"({"Key":{"a":{"N":1}}})", "NUMBER_VALUE cannot be converted to String"},
         {"GetItem", R"({"ConsistentRead":"abc"})", "Unexpected token received from parser"},
         {"Scan", R"({"Limit":"1"})", "STRING_VALUE cannot be converted to Integer"},
         {"CreateTable", R"({"KeySchema":[[]]})",
          "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.KeySchemaElement"}});
}

TEST_CASE("model: DynamoDB constraint errors") {
    check_all(
        "dynamodb", "ValidationException",
        {{"GetItem", R"({"TableName":"abc","Key":{"a":{"M":{"b":{"L":[{"SS":["x"]}]}}}}})", ""},
         {"GetItem", R"({"TableName":"arn:aws:dynamodb:us-east-1:1:table/t","Key":{}})", ""},
         {"GetItem", R"({"TableName":"t","Key":{},"Unknown":1,"ConsistentRead":null})", ""},
         {"GetItem", R"({"Key":{}})",
          "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: "
          "Member must not be null"},
         {"GetItem", R"({"TableName":"","Key":{}})",
          "1 validation error detected: Value at 'TableName' failed to satisfy constraint: Member "
          "must have length greater than or equal to 1"},
         {"PutItem", R"({"TableName":"a;","ReturnConsumedCapacity":"hi","ReturnValues":"hi"})",
          "4 validation errors detected: Value 'hi' at 'returnConsumedCapacity' failed to satisfy "
          "constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]; Value 'a;' at "
          "'tableName' failed to satisfy constraint: Member must satisfy regular expression "
          "pattern: [a-zA-Z0-9_.-]+; Value null at 'item' failed to satisfy constraint: Member "
          "must "
          "not be null; Failed to satisfy constraint: Member must satisfy enum value set: "
          "[ALL_OLD, "
          "UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]"},
         {"UpdateItem",
          R"({"TableName":"t","Key":{},"ReturnValues":"x","ConditionalOperator":"y"})",
          "1 validation error detected: Failed to satisfy constraint: Member must satisfy enum "
          "value "
          "set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]"},
         // Without a Key all of it is told as it once was.
         {"UpdateItem", R"({"TableName":"","ReturnConsumedCapacity":"x","ReturnValues":"x",
                            "ConditionalOperator":"XOR"})",
          "5 validation errors detected: Value 'x' at 'returnConsumedCapacity' failed to satisfy "
          "constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]; Value '' at "
          "'tableName' failed to satisfy constraint: Member must have length greater than or equal "
          "to 1; Value 'x' at 'returnValues' failed to satisfy constraint: Member must satisfy "
          "enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]; Value 'XOR' at "
          "'conditionalOperator' failed to satisfy constraint: Member must satisfy enum value set: "
          "[OR, AND]; Value null at 'key' failed to satisfy constraint: Member must not be null"},
         {"Query", R"({"TableName":"t","ConditionalOperator":"XOR","Select":"x"})",
          "Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]"},
         {"Query", R"({"TableName":"t","Limit":0})",
          "1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must "
          "have value greater than or equal to 1"},
         {"Scan", R"({"TableName":"t","Limit":0})",
          "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member "
          "must have value greater than or equal to 1"},
         {"BatchGetItem", R"({"RequestItems":{}})",
          "1 validation error detected: Value at 'RequestItems' failed to satisfy constraint: "
          "Member "
          "must have length greater than or equal to 1"},
         {"BatchGetItem", R"({"RequestItems":{"t":{"Keys":[]}}})",
          "1 validation error detected: Value at 'RequestItems.t.member.Keys' failed to satisfy "
          "constraint: Member must have length greater than or equal to 1"},
         {"BatchGetItem", R"({"RequestItems":{"a!b":{"Keys":[{"p":{"S":"a"}}]}},
                              "ReturnConsumedCapacity":"x"})",
          "2 validation errors detected: Value '{\"a!b\":{\"Keys\":[{\"p\":{\"S\":\"a\"}}]}}' at "
          "'requestItems' failed to satisfy constraint: Map keys must satisfy constraint: [Member "
          "must have length less than or equal to 255, Member must have length greater than or "
          "equal to 3, Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]; Value 'x' "
          "at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum "
          "value set: [INDEXES, TOTAL, NONE]"},
         {"BatchWriteItem", R"({"RequestItems":{"a!b":[{}]},"ReturnConsumedCapacity":"x"})",
          "1 validation error detected: Value 'x' at 'returnConsumedCapacity' failed to satisfy "
          "constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]"},
         {"BatchWriteItem", R"({"RequestItems":{"a!b":[{"PutRequest":{"Item":{"p":{"S":"a"}}}}]}})",
          "1 validation error detected: Value '{a!b=[WriteRequest(putRequest=PutRequest(item={p="
          "AttributeValue(s=a, n=null, b=null, iNT=null, dECIMAL=null, dOUBLE=null, sS=null, "
          "nS=null, bS=null, iNTSET=null, dECIMALSET=null, dOUBLESET=null, m=null, l=null, "
          "nULL=null, bOOL=null)}, workloadProfileName=null), deleteRequest=null)]}' at "
          "'requestItems' failed to satisfy constraint: Map keys must satisfy constraint: [Member "
          "must have length less than or equal to 255, Member must have length greater than or "
          "equal to 3, Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]"},
         {"TransactWriteItems",
          R"({"TransactItems":[{}],"ReturnConsumedCapacity":"x","ClientRequestToken":""})",
          "2 validation errors detected: Value '' at 'clientRequestToken' failed to satisfy "
          "constraint: Member must have length greater than or equal to 1; Value 'x' at "
          "'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value "
          "set: [INDEXES, TOTAL, NONE]"},
         {"BatchWriteItem", R"({"RequestItems":{}})",
          "The requestItems parameter is required for BatchWriteItem"},
         {"BatchWriteItem", R"({"RequestItems":{"abc":[]}})",
          "1 validation error detected: Value '{abc=[]}' at 'requestItems' failed to satisfy "
          "constraint: Map value must satisfy constraint: [Member must have length less than or "
          "equal to 25, Member must have length greater than or equal to 1]"},
         {"TransactWriteItems", R"({"TransactItems":[]})",
          "1 validation error detected: Value '[]' at 'transactItems' failed to satisfy "
          "constraint: "
          "Member must have length greater than or equal to 1"},
         {"DescribeTable", "{}",
          "The parameter 'TableName' is required but was not present in the request"},
         {"CreateTable", R"({"TableName":"ab"})",
          "1 validation error detected: Value 'ab' at 'tableName' failed to satisfy constraint: "
          "Member must have length greater than or equal to 3"},
         {"CreateTable", R"({"TableName":"abc","KeySchema":[{"AttributeName":"a","KeyType":"x"}]})",
          "1 validation error detected: Value 'x' at 'keySchema.1.member.keyType' failed to "
          "satisfy "
          "constraint: Member must satisfy enum value set: [HASH, RANGE]"},
         {"Scan", R"({"TableName":"t","ScanFilter":{"a":{}}})",
          "1 validation error detected: Value null at 'scanFilter.a.member.comparisonOperator' "
          "failed "
          "to satisfy constraint: Member must not be null"}});
}

// ack-api-quirks (2026-10), DDB-TABLE-035, 038, 448 and 457.
TEST_CASE("model: DynamoDB's order of errors differs by the shape") {
    const std::string three = "Member must have length greater than or equal to 3";
    const std::string pattern = "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+";
    const auto two = [](const std::string& value, const std::string& path, const std::string& first,
                        const std::string& other, const std::string& second) {
        const auto told = [&](const std::string& at, const std::string& constraint) {
            return "Value " + value + " at '" + at +
                   "' failed to satisfy constraint: " + constraint;
        };
        return "2 validation errors detected: " + told(path, first) + "; " + told(other, second);
    };
    const auto missing = [&](const std::string& in, const std::string& first,
                             const std::string& second) {
        const std::string null = "Member must not be null";
        return two("null", in + first, null, in + second, null);
    };
    const std::string backup = two("''", "backupName", pattern, "backupName", three);
    const std::string start =
        two("''", "exclusiveStartTableName", pattern, "exclusiveStartTableName", three);
    const std::string table = two("''", "tableName", three, "tableName", pattern);
    const std::string units =
        missing("provisionedThroughput.", "writeCapacityUnits", "readCapacityUnits");
    const std::string definition =
        missing("attributeDefinitions.1.member.", "attributeType", "attributeName");
    const std::string time_to_live =
        missing("timeToLiveSpecification.", "attributeName", "enabled");
    check_all(
        "dynamodb", "ValidationException",
        {{"CreateBackup", R"({"TableName":"abc","BackupName":""})", backup.c_str()},
         {"ListTables", R"({"ExclusiveStartTableName":""})", start.c_str()},
         {"DescribeTable", R"({"TableName":""})", table.c_str()},
         {"UpdateTable", R"({"TableName":"ab","WarmThroughput":{}})",
          "1 validation error detected: Value 'ab' at 'tableName' failed to satisfy constraint: "
          "Member must have length greater than or equal to 3"},
         {"UpdateTable", R"({"TableName":"abc","ProvisionedThroughput":{}})", units.c_str()},
         {"UpdateTable", R"({"TableName":"abc","AttributeDefinitions":[{}]})", definition.c_str()},
         {"UpdateTimeToLive", R"({"TableName":"abc","TimeToLiveSpecification":{}})",
          time_to_live.c_str()},
         {"UpdateTable", R"({"TableName":"abc","SSESpecification":{"KMSMasterKeyId":""}})",
          "1 validation error detected: Value '' at 'sSESpecification.kMSMasterKeyId' failed to "
          "satisfy constraint: Member must have length greater than or equal to 1"},
         {"UpdateTable", R"({"TableName":"abc","StreamSpecification":{"StreamEnabled":true,
                             "StreamViewType":""}})",
          "1 validation error detected: Value '' at 'streamSpecification.streamViewType' failed to "
          "satisfy constraint: Member must satisfy enum value set: [OLD_IMAGE, KEYS_ONLY, "
          "NEW_AND_OLD_IMAGES, NEW_IMAGE]"},
         {"RestoreTableFromBackup", R"({"BackupArn":"arn","TargetTableName":""})",
          "TableName must be at least 3 characters long and at most 255 characters long"}});
}

TEST_CASE("model: DynamoDB Streams constraint errors") {
    const std::string too_many =
        "1 validation error detected: Value '1001' at 'limit' failed to "
        "satisfy constraint: Member must have value less than or equal to ";
    check_all(
        "dynamodbstreams", "ValidationException",
        {{"GetRecords", R"({"ShardIterator":"x","Limit":1000})", ""},
         {"GetRecords", R"({"ShardIterator":"x","Limit":1001})", (too_many + "1000").c_str()},
         {"ListStreams", R"({"Limit":1001})", (too_many + "100").c_str()},
         {"DescribeStream", R"({"StreamArn":"x","Limit":1001})", (too_many + "100").c_str()}});
}

TEST_CASE("model: Kinesis errors") {
    check_all("kinesis", "SerializationException",
              {{"PutRecord", R"({"PartitionKey":1})",
                "class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be "
                "converted to an "
                "String"},
               {"CreateStream", R"({"ShardCount":"1"})",
                "class java.lang.String can not be converted to an Integer"},
               {"PutRecord", R"({"StreamName":[]})", "Start of list found where not expected"},
               {"PutRecord", R"({"Data":"abcde"})",
                "'abcde' can not be converted to a Blob: Base64 encoded length is expected a "
                "multiple of 4 "
                "bytes but found: 5"}});
    check_all("kinesis", "ValidationException",
              {{"PutRecord", R"({"StreamName":"s","Data":"","PartitionKey":"k"})", ""},
               {"PutRecord", R"({"StreamName":"s","PartitionKey":""})",
                "2 validation errors detected: Value null at 'data' failed to satisfy constraint: "
                "Member must not be null; Value '' at 'partitionKey' failed to satisfy constraint: "
                "Member must have length greater than or equal to 1"}});
}

TEST_CASE("model: Lambda errors") {
    check_all(
        "lambda", "ValidationException",
        {{"CreateFunction",
          R"({"FunctionName":"f","Role":"arn:aws:iam::123456789012:role/r","Code":{},"Runtime":"x"})",
          ""},
         {"GetFunction", R"({"FunctionName":"invalid:function:name"})",
          "1 validation error detected: Value 'invalid:function:name' at 'functionName' failed to "
          "satisfy constraint: Member must satisfy regular expression pattern: "
          "(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)"
          "?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))"
          "?"},
         {"CreateEventSourceMapping",
          R"({"FunctionName":"f","BatchSize":0,"StartingPosition":"invalid"})",
          "2 validation errors detected: Value '0' at 'batchSize' failed to satisfy constraint: "
          "Member must have value greater than or equal to 1; Value 'invalid' at "
          "'startingPosition' "
          "failed to satisfy constraint: Member must satisfy enum value set: [LATEST, "
          "AT_TIMESTAMP, "
          "TRIM_HORIZON]"},
         {"UpdateFunctionCode", R"({"FunctionName":"f","Architectures":["X86_64"]})",
          "1 validation error detected: Value '[X86_64]' at 'architectures' failed to satisfy "
          "constraint: Member must satisfy constraint: [Member must satisfy enum value set: "
          "[x86_64, "
          "arm64], Member must not be null]"},
         {"UpdateFunctionCode", R"({"FunctionName":"f","Architectures":["x86_64","arm64"]})",
          "1 validation error detected: Value '[x86_64, arm64]' at 'architectures' failed to "
          "satisfy "
          "constraint: Member must have length less than or equal to 1"},
         {"UntagResource", R"({"Resource":"arn:aws:lambda:us-east-1:123456789012:function:f"})",
          "1 validation error detected: Value null at 'tagKeys' failed to satisfy constraint: "
          "Member "
          "must not be null"},
         {"CreateAlias",
          R"({"FunctionName":"f","Name":"a","FunctionVersion":"1","RoutingConfig":{"AdditionalVersionWeights":{"2":2.0}}})",
          "1 validation error detected: Value '{2=2.0}' at "
          "'routingConfig.additionalVersionWeights' "
          "failed to satisfy constraint: Map value must satisfy constraint: [Member must have "
          "value "
          "less than or equal to 1.0, Member must have value greater than or equal to 0.0, Member "
          "must not be null]"},
         {"Invoke", R"({"FunctionName":"f"})", ""}});
    check_all("lambda", "SerializationException",
              {{"CreateFunction", R"({"Timeout":"x"})",
                "STRING_VALUE can not be converted to an Integer"}});
}

TEST_CASE("model: CloudFormation, Logs and S3 errors") {
    check_all(
        "cloudformation", "ValidationError",
        {{"CreateStack", R"({"StackName":"*@da591fa3_$"})",
          "1 validation error detected: Value '*@da591fa3_$' at 'stackName' failed to satisfy "
          "constraint: Member must satisfy regular expression pattern: "
          "[a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*"},
         {"CreateStack", R"({"StackName":"s","TemplateBody":"{}","TimeoutInMinutes":"x"})",
          "Value 'x' at 'timeoutInMinutes' is not a valid Integer"},
         {"DescribeStacks", R"({"StackName":"arn:aws:cloudformation:us-east-1:1:stack/s/a"})",
          ""}});
    const std::string long_name = R"({"logGroupName":")" + std::string(513, 'g') + "\"}";
    check_all(
        "logs", "InvalidParameterException",
        {{"CreateLogGroup", long_name.c_str(),
          "Invalid LogGroup or LogStream, both must have length less than or equal to 512."}});
    check_all(
        "logs", "InvalidParameterException",
        {{"FilterLogEvents", R"({"logGroupName":"g","limit":10001})",
          "1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: "
          "Member must have value less than or equal to 10000"}});
    check_all(
        "s3", "MalformedXML",
        {{"PutObject", R"({"Bucket":"b","Key":"k","ACL":"whatever"})", ""},
         {"DeleteObjects", R"({"Bucket":"b"})", ""},
         {"PutObjectTagging", R"({"Bucket":"b","Key":"k"})",
          "The XML you provided was not well-formed or did not validate against our published "
          "schema"}});
    check_all("sbemu", "", {{"Pulse", "{}", ""}});
}

TEST_CASE("model: scalars take the types of the model") {
    const auto conformed = [](const char* service, const char* operation, const char* request) {
        return boost::json::serialize(
            conform_request(service, operation, boost::json::parse(request).as_object()));
    };
    CHECK(
        conformed(
            "dynamodb", "CreateTable",
            R"({"TableName":5,"ProvisionedThroughput":{"ReadCapacityUnits":"10","WriteCapacityUnits":10},"DeletionProtectionEnabled":"true","KeySchema":[{"AttributeName":1}]})") ==
        R"({"TableName":"5","ProvisionedThroughput":{"ReadCapacityUnits":10,"WriteCapacityUnits":10},"DeletionProtectionEnabled":true,"KeySchema":[{"AttributeName":"1"}]})");
    CHECK(
        conformed(
            "lambda", "CreateFunction",
            R"({"Timeout":"abc","MemorySize":128.0,"Environment":{"Variables":{"A":true}},"X":1})") ==
        R"({"Timeout":"abc","MemorySize":128,"Environment":{"Variables":{"A":"true"}},"X":1})");
    CHECK(conformed("lambda", "CreateEventSourceMapping",
                    R"({"StartingPositionTimestamp":"2026-01-02T03:04:05Z"})") ==
          R"({"StartingPositionTimestamp":1767323045000})");
    CHECK(conformed("dynamodb", "NoSuchOperation", R"({"a":"1"})") == R"({"a":"1"})");
}

TEST_CASE("model: every operation of every service can be built") {
    for (const model::Service& service : model::services()) {
        const std::vector<std::string> names = model::operation_names(service.name);
        CHECK(names.size() >= 4);
        for (const std::string& name : names) {
            INFO(service.name << ":" << name);
            CHECK(model::find_operation(service.name, name) != nullptr);
        }
    }
    CHECK(model::operation_names("dynamodb").size() == 57);
    CHECK(model::operation_names("nothing").empty());
    CHECK(model::find_operation("dynamodb", "PutItem")->input->has_times == false);
    CHECK(model::find_operation("dynamodb", "DescribeTable")->output->has_times);
}

TEST_CASE("model: times are read in every form") {
    CHECK(model::parse_time("2026-01-02T03:04:05Z") == 1767323045000);
    CHECK(model::parse_time("2026-01-02T03:04:05.678Z") == 1767323045678);
    CHECK(model::parse_time("2026-01-02T03:04:05") == 1767323045000);
    CHECK(model::parse_time("2026-01-02T04:04:05+01:00") == 1767323045000);
    CHECK(model::parse_time("2026-01-02") == 1767312000000);
    CHECK(model::parse_time("Fri, 02 Jan 2026 03:04:05 GMT") == 1767323045000);
    CHECK(model::parse_time("1767323045") == 1767323045000);
    CHECK(model::parse_time("1767323045.5") == 1767323045500);
    for (const char* text :
         {"", "x", "2026", "2026-13-01T00:00:00Z", "2026-01-02T03:04:05+", "nan"}) {
        INFO(text);
        CHECK((model::parse_time(text).has_value() == (std::string_view(text) == "2026")));
    }
}

}  // namespace sbemu
