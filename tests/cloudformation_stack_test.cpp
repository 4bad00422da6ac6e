// Stacks of native resources: what updates change in place, what they replace, what a failure
// undoes, and what the calls answer. Sequences: facts/cloudformation.md 2.6.
#include <catch2/catch.hpp>
#include <set>

#include "tests/test_cloud.h"

namespace sbemu {

namespace {

namespace js = boost::json;

class StackCloud : public TestCloud {
  public:
    std::string create(const std::string& body, const std::string& more = "") {
        return apply_template("CreateStack", body, more);
    }
    std::string update(const std::string& body, const std::string& more = "") {
        return apply_template("UpdateStack", body, more);
    }
    std::string remove() {
        const std::string error = error_of(call("cloudformation.DeleteStack", kName));
        settle();
        return error;
    }
    js::value stack() { return result("cloudformation.DescribeStacks", kName).at("Stacks").at(0); }
    std::string status() { return std::string(stack().at("StackStatus").as_string()); }
    std::string physical_id(const std::string& logical_id) {
        const js::value detail =
            result("cloudformation.DescribeStackResource",
                   R"({"StackName": "s", "LogicalResourceId": ")" + logical_id + "\"}");
        return std::string(detail.at("StackResourceDetail").at("PhysicalResourceId").as_string());
    }
    // "Logical STATUS reason", oldest first, from the last stack event of this status on.
    std::vector<std::string> events_since(const std::string& status) {
        const js::value found = result("cloudformation.DescribeStackEvents", kName);
        std::vector<std::string> lines;
        for (const js::value& event : found.at("StackEvents").as_array()) {
            std::string line = std::string(event.at("LogicalResourceId").as_string()) + " " +
                               std::string(event.at("ResourceStatus").as_string());
            if (const auto* reason = event.as_object().if_contains("ResourceStatusReason")) {
                line += " " + std::string(reason->as_string());
            }
            lines.insert(lines.begin(), line);
            if (event.at("LogicalResourceId") == "s" &&
                event.at("ResourceStatus").as_string() == status)
                break;
        }
        return lines;
    }

  private:
    static constexpr const char* kName = R"({"StackName": "s"})";

    std::string apply_template(const std::string& operation, const std::string& body,
                               const std::string& more) {
        const std::string error = error_of(call(
            "cloudformation." + operation,
            R"({"StackName": "s", "Capabilities": ["CAPABILITY_NAMED_IAM"], "TemplateBody": )" +
                js::serialize(js::value(body)) + more + "}"));
        settle();
        return error;
    }
};

std::string table(const std::string& properties) {
    return R"({"Resources": {"T": {"Type": "AWS::DynamoDB::Table", "Properties": {
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], )" +
           properties + R"(}}}, "Outputs": {"Name": {"Value": {"Ref": "T"}}}})";
}

std::string function(const std::string& source, const std::string& properties) {
    return R"({"Resources": {
        "R": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument":
            {"Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}}},
        "F": {"Type": "AWS::Lambda::Function", "Properties": {"Runtime": "nodejs20.x", "Handler": "index.handler",
            "Role": {"Fn::GetAtt": ["R", "Arn"]}, "Code": {"ZipFile": ")" +
           source + R"("})" + properties + "}}}}";
}

}  // namespace

TEST_CASE("An update of native resources", "[cloudformation][stack]") {
    StackCloud cloud;

    SECTION("takes capacity given as text and changes it in place") {
        REQUIRE(
            cloud.create(table(
                R"("ProvisionedThroughput": {"ReadCapacityUnits": "10", "WriteCapacityUnits": "10"})")) ==
            "none");
        REQUIRE(cloud.status() == "CREATE_COMPLETE");
        const std::string name = cloud.physical_id("T");
        CHECK_THAT(name, Catch::StartsWith("s-T-"));
        REQUIRE(
            cloud.update(table(
                R"("ProvisionedThroughput": {"ReadCapacityUnits": "20", "WriteCapacityUnits": "10"})")) ==
            "none");
        CHECK(cloud.status() == "UPDATE_COMPLETE");
        CHECK(cloud.physical_id("T") == name);
        const js::value described =
            cloud.result("dynamodb.DescribeTable", R"({"TableName": ")" + name + "\"}");
        CHECK(described.at("Table").at("ProvisionedThroughput").at("ReadCapacityUnits") == 20);
        CHECK(cloud.events_since("UPDATE_IN_PROGRESS") ==
              std::vector<std::string>{"s UPDATE_IN_PROGRESS User Initiated",
                                       "T UPDATE_IN_PROGRESS", "T UPDATE_COMPLETE",
                                       "s UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
                                       "s UPDATE_COMPLETE"});
    }

    SECTION("replaces what cannot change, and deletes the old one in the cleanup") {
        REQUIRE(cloud.create(table(R"("BillingMode": "PAY_PER_REQUEST", "TableName": "one")")) ==
                "none");
        REQUIRE(cloud.update(table(R"("BillingMode": "PAY_PER_REQUEST", "TableName": "two")")) ==
                "none");
        CHECK(cloud.physical_id("T") == "two");
        CHECK(cloud.result("dynamodb.ListTables") == json(R"({"TableNames": ["two"]})"));
        CHECK(cloud.stack().at("Outputs").at(0).at("OutputValue") == "two");
        CHECK(cloud.events_since("UPDATE_IN_PROGRESS") ==
              std::vector<std::string>{
                  "s UPDATE_IN_PROGRESS User Initiated",
                  "T UPDATE_IN_PROGRESS Requested update requires the creation of a new physical "
                  "resource; hence creating one.",
                  "T UPDATE_IN_PROGRESS Resource creation Initiated", "T UPDATE_COMPLETE",
                  "s UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "T DELETE_IN_PROGRESS",
                  "T DELETE_COMPLETE", "s UPDATE_COMPLETE"});
    }

    SECTION("will not replace what keeps its own name") {
        REQUIRE(cloud.create(table(R"("BillingMode": "PAY_PER_REQUEST", "TableName": "one")")) ==
                "none");
        std::string other = table(R"("BillingMode": "PAY_PER_REQUEST", "TableName": "one")");
        for (auto at = other.find("\"id\""); at != std::string::npos; at = other.find("\"id\"")) {
            other.replace(at, 4, "\"key\"");
        }
        REQUIRE(cloud.update(other) == "none");
        CHECK(cloud.status() == "UPDATE_ROLLBACK_COMPLETE");
        CHECK(cloud.events_since("UPDATE_IN_PROGRESS")[2] ==
              "T UPDATE_FAILED CloudFormation cannot update a stack when a custom-named resource "
              "requires replacing. Rename one and update the stack again.");
        CHECK(cloud.physical_id("T") == "one");
    }

    SECTION("changes code and configuration of a function together") {
        REQUIRE(cloud.create(function("exports.handler = 1", "")) == "none");
        REQUIRE(cloud.status() == "CREATE_COMPLETE");
        const std::string name = R"({"FunctionName": ")" + cloud.physical_id("F") + "\"}";
        const js::value before = cloud.result("lambda.GetFunctionConfiguration", name);
        REQUIRE(cloud.update(function(
                    "exports.handler = 2",
                    R"(, "Timeout": "30", "Environment": {"Variables": {"AA": 1}})")) == "none");
        CHECK(cloud.status() == "UPDATE_COMPLETE");
        const js::value after = cloud.result("lambda.GetFunctionConfiguration", name);
        CHECK(after.at("CodeSha256") != before.at("CodeSha256"));
        CHECK(after.at("Timeout") == 30);
        CHECK(after.at("Environment") == json(R"({"Variables": {"AA": "1"}})"));
        // What the template leaves out again has its default.
        REQUIRE(cloud.update(function("exports.handler = 2", "")) == "none");
        CHECK(cloud.result("lambda.GetFunctionConfiguration", name).at("Timeout") == 3);
    }

    SECTION("is undone when a later resource fails") {
        const std::string first = table(R"("BillingMode": "PAY_PER_REQUEST", "TableName": "one")");
        REQUIRE(cloud.create(first) == "none");
        std::string second = table(R"("BillingMode": "PAY_PER_REQUEST", "TableName": "two")");
        const std::string bad =
            R"("B": {"Type": "AWS::S3::Bucket", "DependsOn": "T", "Properties": {"BucketName": "Not_A_Name"}}, )";
        second.insert(second.find("\"T\""), bad);
        REQUIRE(cloud.update(second) == "none");
        CHECK(cloud.status() == "UPDATE_ROLLBACK_COMPLETE");
        CHECK(cloud.physical_id("T") == "one");
        CHECK(cloud.result("dynamodb.ListTables") == json(R"({"TableNames": ["one"]})"));
        CHECK(cloud.stack().at("Outputs").at(0).at("OutputValue") == "one");
        const js::value body =
            cloud.result("cloudformation.GetTemplate", R"({"StackName": "s"})").at("TemplateBody");
        CHECK(std::string(body.as_string()) == first);
        // And the stack can be updated again.
        CHECK(cloud.update(table(R"("BillingMode": "PAY_PER_REQUEST", "TableName": "three")")) ==
              "none");
        CHECK(cloud.status() == "UPDATE_COMPLETE");
    }
}

TEST_CASE("A create that fails", "[cloudformation][stack]") {
    StackCloud cloud;
    const std::string body = R"({"Resources": {
        "Good": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "good"}},
        "Bad": {"Type": "AWS::S3::Bucket", "DependsOn": "Good", "Properties": {"BucketName": "Bad_Name"}}}})";

    SECTION("is rolled back, and says why") {
        REQUIRE(cloud.create(body) == "none");
        CHECK(cloud.status() == "ROLLBACK_COMPLETE");
        const auto events = cloud.events_since("CREATE_IN_PROGRESS");
        CHECK_THAT(events[5], Catch::StartsWith(
                                  "Bad CREATE_FAILED Resource handler returned message: \"The "
                                  "specified bucket is not valid. (Service: S3, Status Code: 400"));
        CHECK(events[6] ==
              "s ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Bad]. Rollback "
              "requested by user.");
        CHECK(error_of(cloud.call("s3.HeadBucket", R"({"Bucket": "good"})")) != "none");
        CHECK(cloud.update(body) ==
              "ValidationError: Stack:" + std::string(cloud.stack().at("StackId").as_string()) +
                  " is in ROLLBACK_COMPLETE state and can not be updated.");
        CHECK(cloud.remove() == "none");
    }
    SECTION("stays as it is with OnFailure DO_NOTHING") {
        REQUIRE(cloud.create(body, R"(, "OnFailure": "DO_NOTHING")") == "none");
        CHECK(cloud.status() == "CREATE_FAILED");
        CHECK(error_of(cloud.call("s3.HeadBucket", R"({"Bucket": "good"})")) == "none");
    }
    SECTION("leaves nothing with OnFailure DELETE") {
        REQUIRE(cloud.create(body, R"(, "OnFailure": "DELETE")") == "none");
        CHECK(error_of(cloud.call("cloudformation.DescribeStacks", R"({"StackName": "s"})")) ==
              "ValidationError: Stack with id s does not exist");
        CHECK(error_of(cloud.call("s3.HeadBucket", R"({"Bucket": "good"})")) != "none");
    }
    SECTION("names a property that sbemu does not do") {
        REQUIRE(cloud.create(R"({"Resources": {"B": {"Type": "AWS::S3::Bucket",
            "Properties": {"WebsiteConfiguration": {"IndexDocument": "x"}}}}})") == "none");
        CHECK(cloud.events_since("CREATE_IN_PROGRESS")[2] ==
              "B CREATE_FAILED sbemu does not implement the property WebsiteConfiguration of "
              "AWS::S3::Bucket yet.");
    }
    SECTION("names a property inside another one that sbemu does not do") {
        REQUIRE(cloud.create(R"({"Resources": {"F": {"Type": "AWS::Lambda::Function",
            "Properties": {"Role": "r", "Code": {"ImageUri": "x"}}}}})") == "none");
        CHECK(cloud.events_since("CREATE_IN_PROGRESS")[2] ==
              "F CREATE_FAILED sbemu does not implement the property Code/ImageUri of "
              "AWS::Lambda::Function yet.");
    }
    // The form of the text: many reports of failed deployments quote it, such as
    // aws-cloudformation/cloudformation-coverage-roadmap#1514.
    SECTION("names the path to every property of the wrong type") {
        REQUIRE(
            cloud.create(R"({"Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": {
            "Role": ["r"], "Code": {"ZipFile": "x"}, "Timeout": "soon", "MemorySize": "128",
            "EphemeralStorage": {}, "Environment": {"Variables": {"A": 1, "B": {"c": "d"}}},
            "Tags": [{"Key": "k", "Value": "v"}, {"Key": "k"}]}}}})") == "none");
        CHECK(cloud.events_since("CREATE_IN_PROGRESS")[2] ==
              "F CREATE_FAILED Properties validation failed for resource F with message:\n"
              "#/Role: expected type: String, found: JSONArray\n"
              "#/Timeout: expected type: Integer, found: String\n"
              "#/Environment/Variables/B: expected type: String, found: JSONObject\n"
              "#/Tags/1: required key [Value] not found\n"
              "#/EphemeralStorage: required key [Size] not found");
    }
    SECTION("names a property that is missing") {
        REQUIRE(cloud.create(R"({"Resources": {"T": {"Type": "AWS::DynamoDB::Table"}}})") ==
                "none");
        CHECK(cloud.events_since("CREATE_IN_PROGRESS")[2] ==
              "T CREATE_FAILED Property validation failure: [The property {/KeySchema} is "
              "required]");
    }
}

TEST_CASE("A delete that fails", "[cloudformation][stack]") {
    StackCloud cloud;
    REQUIRE(cloud.create(R"({"Resources": {"B": {"Type": "AWS::S3::Bucket",
        "Properties": {"BucketName": "full"}}}})") == "none");
    cloud.call("s3.PutObject", R"({"Bucket": "full", "Key": "k"})", "x");
    REQUIRE(cloud.remove() == "none");
    CHECK(cloud.status() == "DELETE_FAILED");
    // The blank at the end is AWS's: recorded/cloudformation-api test_blocked_stack_deletion.
    CHECK(cloud.stack().at("StackStatusReason") ==
          "The following resource(s) failed to delete: [B]. ");
    SECTION("can be tried again") {
        cloud.call("s3.DeleteObject", R"({"Bucket": "full", "Key": "k"})");
        REQUIRE(cloud.remove() == "none");
        CHECK(error_of(cloud.call("cloudformation.DescribeStacks", R"({"StackName": "s"})")) ==
              "ValidationError: Stack with id s does not exist");
    }
    SECTION("can leave the resource behind") {
        REQUIRE(error_of(cloud.call("cloudformation.DeleteStack",
                                    R"({"StackName": "s", "RetainResources": ["B"]})")) == "none");
        cloud.settle();
        CHECK(error_of(cloud.call("s3.HeadBucket", R"({"Bucket": "full"})")) == "none");
    }
}

TEST_CASE("Calls about stacks", "[cloudformation][stack]") {
    StackCloud cloud;
    const std::string body =
        R"({"Description": "about", "Resources": {"B": {"Type": "AWS::S3::Bucket"}}})";

    SECTION("on an unknown stack answer AWS's errors") {
        auto [operation, params, error] =
            GENERATE(Catch::Generators::table<std::string, std::string, std::string>({
                {"DescribeStacks", R"({"StackName": "x"})", "Stack with id x does not exist"},
                {"GetTemplate", R"({"StackName": "x"})", "Stack with id x does not exist"},
                {"DescribeStackEvents", R"({"StackName": "x"})", "Stack [x] does not exist"},
                {"DescribeStackResource", R"({"StackName": "x", "LogicalResourceId": "B"})",
                 "Stack 'x' does not exist"},
                {"UpdateStack", R"({"StackName": "x", "TemplateBody": "{}"})",
                 "Stack [x] does not exist"},
            }));
        CHECK(error_of(cloud.call("cloudformation." + operation, params)) ==
              "ValidationError: " + error);
        CHECK(error_of(cloud.call("cloudformation.DeleteStack", R"({"StackName": "x"})")) ==
              "none");
    }
    SECTION("refuse a name that is taken, and one that is none") {
        REQUIRE(cloud.create(body) == "none");
        CHECK(cloud.create(body) == "AlreadyExistsException: Stack [s] already exists");
        CHECK_THAT(error_of(cloud.call("cloudformation.CreateStack",
                                       R"({"StackName": "1x", "TemplateBody": "{}"})")),
                   Catch::StartsWith("ValidationError: 1 validation error detected: Value '1x' at "
                                     "'stackName' failed to satisfy constraint"));
    }
    SECTION("describe what was asked for, by name and by ARN") {
        REQUIRE(cloud.create(body, R"(, "Tags": [{"Key": "k", "Value": "v"}])") == "none");
        const js::value stack = cloud.stack();
        CHECK(stack.at("Description") == "about");
        CHECK(stack.at("Tags") == json(R"([{"Key": "k", "Value": "v"}])"));
        CHECK(stack.at("Capabilities") == json(R"(["CAPABILITY_NAMED_IAM"])"));
        CHECK_FALSE(stack.as_object().contains("LastUpdatedTime"));
        CHECK_FALSE(stack.as_object().contains("Outputs"));
        const std::string by_arn =
            R"({"StackName": ")" + std::string(stack.at("StackId").as_string()) + "\"}";
        CHECK(cloud.result("cloudformation.DescribeStacks", by_arn).at("Stacks").at(0) == stack);
        REQUIRE(cloud.remove() == "none");
        const js::value deleted =
            cloud.result("cloudformation.DescribeStacks", by_arn).at("Stacks").at(0);
        CHECK(deleted.at("StackStatus") == "DELETE_COMPLETE");
        CHECK_FALSE(deleted.as_object().contains("EnableTerminationProtection"));
        CHECK(cloud.result("cloudformation.DescribeStacks") == json(R"({"Stacks": []})"));
        // The name is free again, under a new id.
        REQUIRE(cloud.create(body) == "none");
        CHECK(cloud.stack().at("StackId") != stack.at("StackId"));
    }
    SECTION("give every event an id of its own") {
        REQUIRE(cloud.create(body) == "none");
        const js::value found =
            cloud.result("cloudformation.DescribeStackEvents", R"({"StackName": "s"})");
        std::set<std::string> ids;
        for (const js::value& event : found.at("StackEvents").as_array()) {
            ids.insert(std::string(event.at("EventId").as_string()));
        }
        CHECK(ids.size() == found.at("StackEvents").as_array().size());
    }
    SECTION("keep accounts and regions apart") {
        REQUIRE(cloud.create(body) == "none");
        cloud.caller.region = "eu-west-1";
        CHECK(error_of(cloud.call("cloudformation.DescribeStacks", R"({"StackName": "s"})")) ==
              "ValidationError: Stack with id s does not exist");
        cloud.caller = {"999999999999", "us-east-1", "999999999999"};
        CHECK(cloud.create(body) == "none");
        CHECK(cloud.status() == "CREATE_COMPLETE");
    }
}

}  // namespace sbemu
