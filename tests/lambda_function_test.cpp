// Operations on Lambda functions. Expected texts: facts/lambda.md 3, recorded/lambda.
#include <catch2/catch.hpp>

#include "tests/lambda_test_support.h"

namespace sbemu {

namespace {

constexpr const char* kArn = "arn:aws:lambda:us-east-1:123456789012:function:worker";

std::string named(const std::string& name) { return R"({"FunctionName": ")" + name + R"("})"; }

}  // namespace

TEST_CASE("CreateFunction", "[lambda][create-function]") {
    TestCloud cloud;

    SECTION("answers the whole configuration, Pending") {
        auto created =
            cloud.result("lambda.CreateFunction", function_request("worker")).as_object();
        const std::string zip = make_package({{"index.js", "exports.handler = async () => 1;"}});
        CHECK(text(created.at("CodeSha256")) == base64_encode(sha256(zip)));
        CHECK(created.at("CodeSize").to_number<std::size_t>() == zip.size());
        CHECK(member_text(created, "RevisionId").size() == 36);
        CHECK(member_text(created.at("RuntimeVersionConfig").as_object(), "RuntimeVersionArn")
                  .starts_with("arn:aws:lambda:us-east-1::runtime:"));
        for (const char* varying :
             {"CodeSha256", "CodeSize", "RevisionId", "RuntimeVersionConfig"}) {
            created.erase(varying);
        }
        CHECK(boost::json::value(created) == json(R"({
            "Architectures": ["x86_64"], "Description": "", "EphemeralStorage": {"Size": 512},
            "FunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:worker",
            "FunctionName": "worker", "Handler": "index.handler",
            "LastModified": "2017-03-01T00:00:00.000+0000",
            "LoggingConfig": {"LogFormat": "Text", "LogGroup": "/aws/lambda/worker"},
            "MemorySize": 128, "PackageType": "Zip",
            "Role": "arn:aws:iam::123456789012:role/worker", "Runtime": "nodejs20.x",
            "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"}, "State": "Pending",
            "StateReason": "The function is being created.", "StateReasonCode": "Creating",
            "Timeout": 3, "TracingConfig": {"Mode": "PassThrough"}, "Version": "$LATEST"})"));
    }

    SECTION("makes it Active by the next event, and asks for a warm process") {
        const auto created = cloud.result("lambda.CreateFunction", function_request("worker"));
        cloud.settle();
        const auto active = cloud.result("lambda.GetFunctionConfiguration", named("worker"));
        CHECK(active.at("State") == "Active");
        CHECK(active.at("LastUpdateStatus") == "Successful");
        CHECK_FALSE(active.as_object().contains("StateReason"));
        CHECK(active.at("RevisionId") != created.at("RevisionId"));
        const auto prepared = take_effects(cloud, "lambda.prepare");
        REQUIRE(prepared.size() == 1);
        const auto& function = prepared[0].at("Function").as_object();
        CHECK(function.at("FunctionArn") == kArn);
        CHECK(function.at("Handler") == "index.handler");
        CHECK(cloud.kernel.blob(member_text(function, "CodeHash")) ==
              make_package({{"index.js", "exports.handler = async () => 1;"}}));
    }

    SECTION("takes code from S3") {
        cloud.result("s3.CreateBucket", R"({"Bucket": "release"})");
        const std::string zip = make_package({{"bootstrap", "#!/bin/sh\n"}});
        cloud.result("s3.PutObject", R"({"Bucket": "release", "Key": "a.zip"})", zip);
        const auto created = cloud.result(
            "lambda.CreateFunction",
            R"({"FunctionName": "f", "Runtime": "provided.al2023", "Handler": "index.env",
                "Role": "arn:aws:iam::123456789012:role/worker",
                "Code": {"S3Bucket": "release", "S3Key": "a.zip"}})");
        CHECK(text(created.at("CodeSha256")) == base64_encode(sha256(zip)));
    }

    SECTION("answers what S3 said when it cannot get the code") {
        const auto create = [&](const std::string& bucket) {
            return error_of(
                cloud.call("lambda.CreateFunction",
                           R"({"FunctionName": "f", "Runtime": "nodejs20.x", "Handler": "index.env",
                    "Role": "arn:aws:iam::123456789012:role/worker",
                    "Code": {"S3Bucket": ")" +
                               bucket + R"(", "S3Key": "none.zip"}})"));
        };
        CHECK(create("nowhere") ==
              "InvalidParameterValueException: Error occurred while GetObject. S3 Error Code: "
              "NoSuchBucket. S3 Error Message: The specified bucket does not exist");
        cloud.result("s3.CreateBucket", R"({"Bucket": "release"})");
        CHECK(create("release") ==
              "InvalidParameterValueException: Error occurred while GetObject. S3 Error Code: "
              "NoSuchKey. S3 Error Message: The specified key does not exist.");
    }

    SECTION("refuses a second function of that name") {
        create_worker(cloud);
        CHECK(error_of(cloud.call("lambda.CreateFunction", function_request("worker"))) ==
              "ResourceConflictException: Function already exist: worker");
        cloud.caller.region = "eu-west-1";
        CHECK(error_of(cloud.call("lambda.CreateFunction", function_request("worker"))) == "none");
    }

    SECTION("accepts runtimes that AWS has retired") {
        for (const std::string runtime : {"nodejs", "nodejs8.10", "python3.6", "provided"}) {
            auto request = json(function_request(runtime.substr(0, 6))).as_object();
            request["Runtime"] = runtime;
            INFO(runtime);
            cloud.call("lambda.DeleteFunction", named(runtime.substr(0, 6)));
            CHECK(error_of(cloud.call("lambda.CreateFunction", boost::json::serialize(request))) ==
                  "none");
        }
    }

    SECTION("refuses") {
        auto [wrong, member, value,
              error] = GENERATE(table<std::string, std::string, std::string, std::string>({
            {"a runtime sbemu cannot run", "Runtime", R"("java21")",
             "NotImplemented: sbemu does not implement the Lambda runtime java21 yet."},
            {"a runtime that never was", "Runtime", R"("PYTHON3.9")",
             "InvalidParameterValueException: Value PYTHON3.9 at 'runtime' failed to satisfy "
             "constraint: Member must satisfy enum value set: [nodejs20.x, python3.14, "
             "provided.al2023, python3.12, python3.13, nodejs24.x, nodejs22.x, java25, "
             "python3.10, python3.11, java21, ruby3.3, ruby3.4, ruby3.2, python3.8, python3.9, "
             "java17, nodejs16.x, dotnet10, dotnet8, java11, dotnet6, nodejs18.x, "
             "provided.al2, java8.al2] or be a valid ARN"},
            {"code that is not a zip", "Code", R"({"ZipFile": "bm8gemlw"})",
             "InvalidParameterValueException: Could not unzip uploaded file. Please check your "
             "file, then try to upload again."},
            {"code that is empty", "Code", R"({"ZipFile": ""})",
             "InvalidParameterValueException: Uploaded file must be a non-empty zip"},
            {"a zip without files", "Code", R"({"ZipFile": "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="})",
             "InvalidParameterValueException: Uploaded file must be a non-empty zip"},
            {"a timeout of over 15 minutes", "Timeout", "901",
             "ValidationException: 1 validation error detected: Value '901' at 'timeout' "
             "failed to satisfy constraint: Member must have value less than or equal to 900"},
            {"a container image", "Code", R"({"ImageUri": "123.dkr.ecr/x:1"})",
             "NotImplemented: sbemu does not implement lambda Code ImageUri yet."},
            {"a version", "Publish", "true",
             "NotImplemented: sbemu does not implement lambda Publish yet."},
            {"layers", "Layers", R"(["arn:aws:lambda:us-east-1:123456789012:layer:a:1"])",
             "NotImplemented: sbemu does not implement lambda Layers yet."},
            {"a dead letter queue", "DeadLetterConfig",
             R"({"TargetArn": "arn:aws:sqs:us-east-1:123456789012:q"})",
             "NotImplemented: sbemu does not implement lambda DeadLetterConfig.TargetArn "
             "yet."},
            {"reserved variables", "Environment",
             R"({"Variables": {"AWS_REGION": "x", "OK": "y", "LAMBDA_TASK_ROOT": "z"}})",
             "InvalidParameterValueException: Lambda was unable to configure your environment "
             "variables because the environment variables you have provided contains reserved "
             "keys that are currently not supported for modification. Reserved keys used in "
             "this request: AWS_REGION, LAMBDA_TASK_ROOT"},
        }));
        INFO("with " << wrong);
        auto request = json(function_request("worker")).as_object();
        request[member] = json(value);
        CHECK(error_of(cloud.call("lambda.CreateFunction", boost::json::serialize(request))) ==
              error);
        CHECK(error_of(cloud.call("lambda.GetFunction", named("worker"))) ==
              std::string("ResourceNotFoundException: Function not found: ") + kArn);
    }

    SECTION("refuses variables beyond 4 KB, and shows what it measured") {
        const std::string large(4090, 'x');
        const std::string error = error_of(cloud.call(
            "lambda.CreateFunction",
            function_request("worker",
                             R"(, "Environment": {"Variables": {"LARGE": ")" + large + R"("}})")));
        CHECK(error.ends_with("exceeded the 4KB limit. String measured: {\"LARGE\":\"" + large +
                              "\"}"));
    }

    SECTION("refuses a name beyond 64 characters") {
        const std::string name(65, 'a');
        CHECK(error_of(cloud.call("lambda.CreateFunction", function_request(name))) ==
              "InvalidParameterValueException: 1 validation error detected: Value '" + name +
                  "' at 'functionName' failed to satisfy constraint: Member must have length less "
                  "than or equal to 64");
    }
}

TEST_CASE("A function package", "[lambda][package]") {
    TestCloud cloud;
    const auto create = [&](const std::vector<PackageEntry>& entries) {
        auto request = json(function_request("worker")).as_object();
        request["Code"] = boost::json::object{{"ZipFile", zip_file_member(entries)}};
        return error_of(cloud.call("lambda.CreateFunction", boost::json::serialize(request)));
    };

    SECTION("may hold folders and links that stay inside") {
        CHECK(create({{"node_modules/", ""},
                      {"node_modules/.bin/tool", "../tool/bin.js", true},
                      {"node_modules/tool/bin.js", "1"},
                      {"latest", "node_modules/tool", true}}) == "none");
    }

    SECTION("may not climb out of its folder") {
        auto [wrong, name, entries] =
            GENERATE(table<std::string, std::string, std::vector<PackageEntry>>({
                {"an absolute name", "/etc/passwd", {{"/etc/passwd", "x"}}},
                {"a climbing name", "a/../../x", {{"a/../../x", "x"}}},
                {"an absolute link", "a", {{"a", "/etc", true}}},
                {"a climbing link", "a/b", {{"a/b", "../../x", true}}},
                {"a link that climbs later", "a", {{"a", "b/../../x", true}}},
                {"an entry below a link", "d/x", {{"d/x", "y"}, {"d", ".", true}}},
            }));
        INFO(wrong);
        CHECK(create(entries) ==
              "InvalidParameterValueException: Could not unzip uploaded file: the entry '" + name +
                  "' leads out of the package.");
    }
}

TEST_CASE("GetFunction", "[lambda][get-function]") {
    TestCloud cloud;
    create_worker(cloud, R"(, "Tags": {"team": "a"})");

    SECTION("takes every form of a name") {
        auto [form, arn] = GENERATE(table<std::string, std::string>({
            {"worker", kArn},
            {"function:worker", kArn},
            {"123456789012:function:worker", kArn},
            {"123456789012:worker", kArn},
            {kArn, kArn},
            {"worker:$LATEST", std::string(kArn) + ":$LATEST"},
            {std::string(kArn) + ":$LATEST", std::string(kArn) + ":$LATEST"},
        }));
        INFO(form);
        const auto found = cloud.result("lambda.GetFunction", named(form));
        CHECK(text(found.at("Configuration").at("FunctionArn")) == arn);
        CHECK(found.at("Code").at("RepositoryType") == "S3");
        CHECK(found.at("Tags") == json(R"({"team": "a"})"));
    }

    SECTION("says where the package is, and S3 has it there") {
        const auto found = cloud.result("lambda.GetFunction", named("worker"));
        const std::string location = text(found.at("Code").at("Location"));
        const std::string start = "https://awslambda-us-east-1-tasks.s3.us-east-1.amazonaws.com/";
        REQUIRE(location.starts_with(start));
        const std::string key = location.substr(start.size(), location.find('?') - start.size());
        const auto get = [&](const std::string& wanted) {
            return cloud.call("s3.GetObject",
                              boost::json::serialize(boost::json::object{
                                  {"Bucket", "awslambda-us-east-1-tasks"}, {"Key", wanted}}));
        };
        const Applied got = get(key);
        REQUIRE(error_of(got) == "none");
        CHECK(base64_encode(sha256(std::get<Outcome>(got.answer).body)) ==
              text(found.at("Configuration").at("CodeSha256")));
        CHECK(error_of(get(key + "0")) == "NoSuchKey: The specified key does not exist.");
    }

    SECTION("refuses") {
        auto [request, error] = GENERATE(table<std::string, std::string>({
            {R"({"FunctionName": "none"})",
             "ResourceNotFoundException: Function not found: "
             "arn:aws:lambda:us-east-1:123456789012:function:none"},
            {R"({"FunctionName": "worker", "Qualifier": "42"})",
             "ResourceNotFoundException: Function not found: "
             "arn:aws:lambda:us-east-1:123456789012:function:worker:42"},
            {R"({"FunctionName": "worker:1", "Qualifier": "2"})",
             "InvalidParameterValueException: The derived qualifier from the function name does "
             "not match the specified qualifier."},
            {R"({"FunctionName": "arn:aws:lambda:us-east-1:123456789012:function"})",
             "ResourceNotFoundException: Function not found: "
             "arn:aws:lambda:us-east-1:123456789012:function:function"},
            {R"({"FunctionName": "arn:aws:lambda:eu-west-1:123456789012:function:worker"})",
             "ResourceNotFoundException: Functions from 'eu-west-1' are not reachable in this "
             "region ('us-east-1')"},
        }));
        CHECK(error_of(cloud.call("lambda.GetFunction", request)) == error);
    }
}

TEST_CASE("UpdateFunctionConfiguration", "[lambda][update-function]") {
    TestCloud cloud;
    create_worker(cloud);
    const auto before = cloud.result("lambda.GetFunctionConfiguration", named("worker"));

    SECTION("is InProgress first, then Successful, in a new environment") {
        const auto updated = cloud.result(
            "lambda.UpdateFunctionConfiguration",
            R"({"FunctionName": "worker", "Timeout": 10, "Environment": {"Variables": {"A1": "b"}}})");
        CHECK(updated.at("Timeout") == 10);
        CHECK(updated.at("MemorySize") == 128);
        CHECK(updated.at("State") == "Active");
        CHECK(updated.at("LastUpdateStatus") == "InProgress");
        CHECK(updated.at("LastUpdateStatusReason") == "The function is being created.");
        CHECK(updated.at("LastUpdateStatusReasonCode") == "Creating");
        CHECK(updated.at("RevisionId") != before.at("RevisionId"));
        CHECK(take_effects(cloud, "lambda.stop").size() == 1);
        cloud.settle();
        const auto after = cloud.result("lambda.GetFunctionConfiguration", named("worker"));
        CHECK(after.at("LastUpdateStatus") == "Successful");
        CHECK(after.at("RevisionId") != updated.at("RevisionId"));
        const auto prepared = take_effects(cloud, "lambda.prepare");
        REQUIRE(prepared.size() == 1);
        CHECK(prepared[0].at("Function").at("Variables") == json(R"({"A1": "b"})"));
    }

    SECTION("is refused while another update runs") {
        cloud.result("lambda.UpdateFunctionConfiguration", named("worker"));
        CHECK(error_of(cloud.call("lambda.UpdateFunctionConfiguration", named("worker"))) ==
              std::string("ResourceConflictException: The operation cannot be performed at this "
                          "time. An update is in progress for resource: ") +
                  kArn);
    }

    SECTION("is refused for another revision") {
        CHECK(error_of(cloud.call("lambda.UpdateFunctionConfiguration",
                                  R"({"FunctionName": "worker", "RevisionId": "old"})")) ==
              "PreconditionFailedException: The Revision Id provided does not match the latest "
              "Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id");
    }
}

TEST_CASE("UpdateFunctionCode", "[lambda][update-function]") {
    TestCloud cloud;
    create_worker(cloud);
    const std::string zip = make_package({{"index.js", "exports.handler = async () => 2;"}});
    const std::string request =
        R"({"FunctionName": "worker", "ZipFile": ")" + base64_encode(zip) + R"(")";

    SECTION("puts other code in place") {
        const auto updated = cloud.result("lambda.UpdateFunctionCode", request + "}");
        CHECK(text(updated.at("CodeSha256")) == base64_encode(sha256(zip)));
        CHECK(updated.at("LastUpdateStatus") == "InProgress");
        cloud.settle();
        CHECK(take_effects(cloud, "lambda.prepare").size() == 1);
    }

    SECTION("changes nothing with DryRun") {
        cloud.result("lambda.UpdateFunctionCode", request + R"(, "DryRun": true})");
        const auto after = cloud.result("lambda.GetFunctionConfiguration", named("worker"));
        CHECK(text(after.at("CodeSha256")) != base64_encode(sha256(zip)));
        CHECK(after.at("LastUpdateStatus") == "Successful");
    }
}

TEST_CASE("DeleteFunction", "[lambda][delete-function]") {
    TestCloud cloud;
    create_worker(cloud);

    SECTION("removes the function and ends its processes") {
        CHECK(cloud.result("lambda.DeleteFunction", named("worker")) ==
              json(R"({"StatusCode": 204})"));
        CHECK(take_effects(cloud, "lambda.stop").size() == 1);
        CHECK(error_of(cloud.call("lambda.DeleteFunction", named("worker"))) ==
              std::string("ResourceNotFoundException: Function not found: ") + kArn);
    }

    SECTION("has its own texts for qualifiers") {
        CHECK(error_of(cloud.call("lambda.DeleteFunction", named("worker:$LATEST"))) ==
              "InvalidParameterValueException: $LATEST version cannot be deleted without deleting "
              "the function.");
        CHECK(error_of(cloud.call("lambda.DeleteFunction", named("worker:live"))) ==
              "InvalidParameterValueException: Deletion of aliases is not currently supported.");
        CHECK(error_of(cloud.call("lambda.DeleteFunction", named("worker:7"))) == "none");
        CHECK(error_of(cloud.call("lambda.GetFunction", named("worker"))) == "none");
    }
}

TEST_CASE("ListFunctions", "[lambda][list-functions]") {
    TestCloud cloud;
    for (const char* name : {"c", "a", "b"}) {
        cloud.result("lambda.CreateFunction", function_request(name));
    }

    SECTION("pages by name, without states") {
        const auto first = cloud.result("lambda.ListFunctions", R"({"MaxItems": 2})");
        REQUIRE(first.at("Functions").as_array().size() == 2);
        CHECK(first.at("Functions").at(0).at("FunctionName") == "a");
        CHECK_FALSE(first.at("Functions").at(0).as_object().contains("State"));
        const auto second = cloud.result(
            "lambda.ListFunctions",
            R"({"Marker": ")" + member_text(first.as_object(), "NextMarker") + R"("})");
        REQUIRE(second.at("Functions").as_array().size() == 1);
        CHECK(second.at("Functions").at(0).at("FunctionName") == "c");
        CHECK_FALSE(second.as_object().contains("NextMarker"));
    }

    SECTION("names $LATEST when all versions are asked for") {
        const auto all = cloud.result("lambda.ListFunctions", R"({"FunctionVersion": "ALL"})");
        CHECK(all.at("Functions").at(0).at("FunctionArn") ==
              "arn:aws:lambda:us-east-1:123456789012:function:a:$LATEST");
    }
}

TEST_CASE("A function's policy", "[lambda][permissions]") {
    TestCloud cloud;
    create_worker(cloud);
    const std::string permission =
        R"({"FunctionName": "worker", "StatementId": "s3", "Action": "lambda:InvokeFunction",
            "Principal": "s3.amazonaws.com", "SourceArn": "arn:aws:s3:::bucket"})";

    SECTION("is answered as text") {
        const auto added = cloud.result("lambda.AddPermission", permission);
        const auto statement = json(R"({"Sid": "s3", "Effect": "Allow",
            "Principal": {"Service": "s3.amazonaws.com"}, "Action": "lambda:InvokeFunction",
            "Resource": "arn:aws:lambda:us-east-1:123456789012:function:worker",
            "Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:s3:::bucket"}}})");
        CHECK(json(added.at("Statement").as_string()) == statement);
        const auto policy = cloud.result("lambda.GetPolicy", named("worker"));
        CHECK(json(policy.at("Policy").as_string()).at("Statement").at(0) == statement);
        cloud.result("lambda.RemovePermission",
                     R"({"FunctionName": "worker", "StatementId": "s3"})");
        CHECK(error_of(cloud.call("lambda.GetPolicy", named("worker"))) ==
              "ResourceNotFoundException: The resource you requested does not exist.");
    }

    SECTION("refuses a statement id twice, and removal of one that is not there") {
        cloud.result("lambda.AddPermission", permission);
        CHECK(error_of(cloud.call("lambda.AddPermission", permission)) ==
              "ResourceConflictException: The statement id (s3) provided already exists. Please "
              "provide a new statement id, or remove the existing statement.");
        CHECK(error_of(cloud.call("lambda.RemovePermission",
                                  R"({"FunctionName": "worker", "StatementId": "none"})")) ==
              "ResourceNotFoundException: Statement none is not found in resource policy.");
    }
}

TEST_CASE("A function's tags", "[lambda][tags]") {
    TestCloud cloud;
    create_worker(cloud);
    const std::string resource = std::string(R"({"Resource": ")") + kArn + R"(")";
    cloud.result("lambda.TagResource", resource + R"(, "Tags": {"a": "1", "b": "2"}})");
    cloud.result("lambda.UntagResource", resource + R"(, "TagKeys": ["a"]})");
    CHECK(cloud.result("lambda.ListTags", resource + "}") == json(R"({"Tags": {"b": "2"}})"));
    CHECK(error_of(cloud.call("lambda.ListTags",
                              R"({"Resource": ")" + std::string(kArn) + R"(:$LATEST"})")) ==
          "InvalidParameterValueException: Tags on function aliases and versions are not "
          "supported. Please specify a function ARN.");
}

}  // namespace sbemu
