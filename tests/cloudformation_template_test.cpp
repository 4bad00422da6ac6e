// Templates: what CreateStack refuses at once, and what the template language evaluates to.
// Texts: facts/cloudformation.md 2.9 and 2.10 unless noted.
#include <catch2/catch.hpp>

#include "tests/test_cloud.h"

namespace sbemu {

namespace {

namespace js = boost::json;

std::string create_error(TestCloud& cloud, const std::string& body, const std::string& more = "") {
    const js::string quoted(body);
    return error_of(cloud.call(
        "cloudformation.CreateStack",
        R"({"StackName": "s", "TemplateBody": )" + js::serialize(js::value(quoted)) + more + "}"));
}

// The value of the only output of a stack with one bucket, after it is complete.
std::string output(const std::string& value, const std::string& sections = "",
                   const std::string& more = "") {
    TestCloud cloud;
    const std::string body = R"({"Resources": {"Bucket": {"Type": "AWS::S3::Bucket",
        "Properties": {"BucketName": "the-bucket"}}}, "Outputs": {"O": {"Value": )" +
                             value + "}}" + sections + "}";
    const std::string error = create_error(cloud, body, more);
    if (error != "none") return error;
    cloud.settle();
    const js::value stack =
        cloud.result("cloudformation.DescribeStacks", R"({"StackName": "s"})").at("Stacks").at(0);
    if (stack.at("StackStatus") != "CREATE_COMPLETE") return js::serialize(stack);
    return std::string(stack.at("Outputs").at(0).at("OutputValue").as_string());
}

}  // namespace

TEST_CASE("CreateStack refuses a template", "[cloudformation][template]") {
    TestCloud cloud;
    auto [wrong, body, error] = GENERATE(table<std::string, std::string, std::string>({
        {"that is no JSON", R"({"Resources": })",
         "Template format error: JSON not well-formed. (line 1, column 15)"},
        {"that is no YAML", "Resources:\n  A: [", "Template format error: YAML not well-formed."},
        {"that is a text", "just words", "Template format error: unsupported structure."},
        {"without resources", R"({"Description": "x"})",
         "Template format error: At least one Resources member must be defined."},
        {"with a resource that is no object", R"({"Resources": {"A": 1}})",
         "Template format error: Any Resources member must be an object."},
        {"with a resource without a type", R"({"Resources": {"A": {}}})",
         "Template format error: [/Resources/A] Every Resources object must contain a Type "
         "member."},
        {"with an unknown attribute", R"({"Resources": {"A": {"Type": "Custom::X", "Foo": 1}}})",
         "Invalid template resource property 'Foo'"},
        {"with an odd resource name", R"({"Resources": {"A-b": {"Type": "Custom::X"}}})",
         "Template format error: Resource name A-b is non alphanumeric."},
        {"with an odd parameter name",
         R"({"Parameters": {"A-b": {"Type": "String"}}, "Resources": {"A": {"Type": "Custom::X"}}})",
         "Template format error: Parameter name A-b is non alphanumeric."},
        {"with an output without a value",
         R"({"Resources": {"A": {"Type": "Custom::X"}}, "Outputs": {"O": {}}})",
         "Template format error: Every Outputs member must contain a Value object"},
        {"with a null",
         R"({"Resources": {"A": {"Type": "Custom::X"}}, "Outputs": {"O": {"Value": null}}})",
         "[/Outputs/O/Value] 'null' values are not allowed in templates"},
        {"with a reference that leads nowhere",
         R"({"Resources": {"A": {"Type": "Custom::X", "Properties": {"P": {"Ref": "B"}}}}})",
         "Template format error: Unresolved resource dependencies [B] in the Resources block of "
         "the "
         "template"},
        {"with an output that refers to nothing",
         R"({"Resources": {"A": {"Type": "Custom::X"}}, "Outputs": {"O": {"Value": {"Ref": "B"}}}})",
         "Template format error: Unresolved resource dependencies [B] in the Outputs block of the "
         "template"},
        {"with a cycle",
         R"({"Resources": {"A": {"Type": "Custom::X", "DependsOn": "B"}, "B": {"Type": "Custom::X", "DependsOn": ["A"]}}})",
         "Circular dependency between resources: [A, B]"},
        {"with a type nobody knows", R"({"Resources": {"A": {"Type": "Foo::Bar"}}})",
         "Template format error: Unrecognized resource types: [Foo::Bar]"},
        // The limits: facts/cloudformation.md 1.1 and 2.11. The texts of the next four: as people
        // quote them from AWS; that the path of a parameter's type is missing is assumed.
        {"with a custom type's name that is too long",
         R"({"Resources": {"A": {"Type": "Custom::)" + std::string(61, 'x') + R"("}}})",
         "Template format error: Unrecognized resource types: [Custom::xxx"},
        {"with a description that is too long",
         R"({"Description": ")" + std::string(1025, 'x') +
             R"(", "Resources": {"A": {"Type": "Custom::X"}}})",
         "Template format error: 'Description' length is greater than 1024."},
        {"with a parameter of an unknown type",
         R"({"Parameters": {"P": {"Type": "List<String>"}}, "Resources": {"A": {"Type": "Custom::X"}}})",
         "Template format error: Unrecognized parameter type: List<String>"},
        {"with an unknown attribute of a parameter",
         R"({"Parameters": {"P": {"Type": "String", "Pattern": "x"}}, "Resources": {"A": {"Type": "Custom::X"}}})",
         "Invalid template parameter property 'Pattern'"},
        {"with a condition that is none",
         R"({"Conditions": {"C": {"Fn::Join": ["", []]}}, "Resources": {"A": {"Type": "Custom::X"}}})",
         "Template format error: Conditions can only be boolean operations on parameters and other "
         "conditions; Fn::Join is none"},
        {"with an attribute that the type has not",
         R"({"Resources": {"A": {"Type": "AWS::S3::Bucket"}}, "Outputs": {"O": {"Value": {"Fn::Join": ["-", "x"]}}}})",
         "Template error: every Fn::Join object requires two parameters, (1) a string delimiter "
         "and (2) a list of strings to be joined or a function that returns a list of strings "
         "(such as Fn::GetAZs) to be joined."},
        {"with a mapping that misses the key",
         R"({"Mappings": {"M": {"a": {"b": "c"}}}, "Resources": {"A": {"Type": "Custom::X"}}, "Outputs": {"O": {"Value": {"Fn::FindInMap": ["M", "a", "z"]}}}})",
         "Template error: Unable to get mapping for M::a::z"},
        {"with an index out of range",
         R"({"Resources": {"A": {"Type": "Custom::X"}}, "Outputs": {"O": {"Value": {"Fn::Select": [3, ["a"]]}}}})",
         "Template error: Fn::Select requires a list argument with two elements: an integer index "
         "and a list"},
        {"with an odd variable in Fn::Sub",
         R"({"Resources": {"A": {"Type": "Custom::X", "Properties": {"P": {"Fn::Sub": "${a-b}"}}}}})",
         "Template error: variable names in Fn::Sub syntax must contain only alphanumeric "
         "characters, underscores, periods, and colons"},
        {"with Fn::If on a condition that is not there",
         R"({"Resources": {"A": {"Type": "Custom::X", "Properties": {"P": {"Fn::If": ["C", 1, 2]}}}}})",
         "Template error: unresolved condition dependency C in Fn::If"},
    }));
    INFO("a template " << wrong);
    CHECK_THAT(create_error(cloud, body), Catch::StartsWith("ValidationError: " + error));
    CHECK(error_of(cloud.call("cloudformation.DescribeStacks", R"({"StackName": "s"})")) ==
          "ValidationError: Stack with id s does not exist");
}

TEST_CASE("CreateStack names what sbemu does not do", "[cloudformation][template]") {
    TestCloud cloud;
    auto [body, name] = GENERATE(table<std::string, std::string>({
        {R"({"Resources": {"A": {"Type": "AWS::EC2::Instance"}}})", "AWS::EC2::Instance"},
        {R"({"Transform": "AWS::Serverless-2016-10-31", "Resources": {"A": {"Type": "Custom::X"}}})",
         "Transform"},
        {R"({"Resources": {"A": {"Type": "Custom::X", "Properties": {"P": {"Fn::Cidr": ["10.0.0.0/16", 1, 8]}}}}})",
         "Fn::Cidr"},
        {R"({"Resources": {"A": {"Type": "Custom::X"}}, "Outputs": {"O": {"Value": "v", "Export": {"Name": "n"}}}})",
         "Export"},
        {R"({"Parameters": {"P": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/x"}}, "Resources": {"A": {"Type": "Custom::X"}}})",
         "AWS::SSM::Parameter::Value<String>"},
    }));
    const std::string error = create_error(cloud, body);
    CHECK_THAT(error, Catch::StartsWith("NotImplemented: sbemu does not implement "));
    CHECK_THAT(error, Catch::Contains(name));
}

TEST_CASE("Parameters", "[cloudformation][template]") {
    TestCloud cloud;
    const std::string body = R"({"Parameters": {
        "A": {"Type": "String", "AllowedValues": ["x", "y"]},
        "B": {"Type": "Number", "Default": "3", "MaxValue": 9},
        "C": {"Type": "String", "Default": "abc", "AllowedPattern": "[a-z]*", "MaxLength": 5},
        "D": {"Type": "String", "Default": "d", "AllowedPattern": "[a-z]", "ConstraintDescription": "one letter"},
        "E": {"Type": "List<Number>", "Default": "1,2"}},
        "Resources": {"T": {"Type": "Custom::X"}}})";
    auto [wrong, parameters, error] = GENERATE(table<std::string, std::string, std::string>({
        {"a value is missing", "[]", "Parameters: [A] must have values"},
        {"one is unknown", R"([{"ParameterKey": "Z", "ParameterValue": "1"}])",
         "Parameters: [Z] do not exist in the template"},
        {"one is not allowed", R"([{"ParameterKey": "A", "ParameterValue": "z"}])",
         "Parameter 'A' must be one of AllowedValues"},
        {"one is no number",
         R"([{"ParameterKey": "A", "ParameterValue": "x"}, {"ParameterKey": "B", "ParameterValue": "two"}])",
         "Parameter 'B' must be a number."},
        {"one is given twice",
         R"([{"ParameterKey": "A", "ParameterValue": "x"}, {"ParameterKey": "A", "ParameterValue": "y"}])",
         "Parameters: [A] are given more than once"},
        {"one of a list is no number",
         R"([{"ParameterKey": "A", "ParameterValue": "x"}, {"ParameterKey": "E", "ParameterValue": "1, b"}])",
         "Parameter 'E' must be a number."},
        {"one is too large",
         R"([{"ParameterKey": "A", "ParameterValue": "x"}, {"ParameterKey": "B", "ParameterValue": "10"}])",
         "Parameter 'B' must be a number not greater than 9"},
        {"one is too long",
         R"([{"ParameterKey": "A", "ParameterValue": "x"}, {"ParameterKey": "C", "ParameterValue": "abcdef"}])",
         "Parameter 'C' must contain at most 5 characters"},
        {"one does not match",
         R"([{"ParameterKey": "A", "ParameterValue": "x"}, {"ParameterKey": "C", "ParameterValue": "1"}])",
         "Parameter 'C' must match pattern [a-z]*"},
        {"one breaks a rule that has a text",
         R"([{"ParameterKey": "A", "ParameterValue": "x"}, {"ParameterKey": "D", "ParameterValue": "dd"}])",
         "Parameter D failed to satisfy constraint: one letter"},
    }));
    INFO("when " << wrong);
    CHECK(create_error(cloud, body, R"(, "Parameters": )" + parameters) ==
          "ValidationError: " + error);
}

TEST_CASE("CreateStack names a dynamic reference, which it does not resolve",
          "[cloudformation][template]") {
    TestCloud cloud;
    CHECK(create_error(cloud, R"({"Resources": {"R": {"Type": "Custom::X", "Properties":
              {"ServiceToken": "t", "P": ["a {{resolve:ssm:/a/b:1}} z"]}}}})") ==
          "NotImplemented: sbemu does not implement the dynamic reference {{resolve:ssm:/a/b:1}} "
          "yet.");
}

// go-to-k/cdk-real-drift#1074: measured on AWS for JSON and YAML.
TEST_CASE("Of a key that is there twice the last one holds", "[cloudformation][template]") {
    const auto described = [](const std::string& body) {
        TestCloud cloud;
        return cloud.result("cloudformation.ValidateTemplate",
                            boost::json::serialize(boost::json::object{{"TemplateBody", body}}));
    };
    for (
        const char* body :
        {R"({"Description": "first", "Description": "last", "Resources": {"A": {"Type": "Custom::X"}}})",
         "Description: first\nDescription: last\nResources: {A: {Type: \"Custom::X\"}}\n"}) {
        CHECK(described(body).at("Description") == "last");
    }
}

TEST_CASE("ValidateTemplate", "[cloudformation][template]") {
    TestCloud cloud;
    const auto validate = [&](const std::string& body) {
        return error_of(
            cloud.call("cloudformation.ValidateTemplate",
                       boost::json::serialize(boost::json::object{{"TemplateBody", body}})));
    };
    SECTION("needs no values of parameters") {
        CHECK(validate(R"({"Parameters": {"P": {"Type": "String"}},
            "Conditions": {"C": {"Fn::Equals": [{"Ref": "P"}, "x"]}},
            "Resources": {"A": {"Type": "AWS::EC2::VPC", "Condition": "C"},
                "B": {"Type": "Custom::X", "Properties": {"V": {"Fn::If": ["C", {"Ref": "A"}, {"Ref": "P"}]}}}}})") ==
              "none");
    }
    SECTION("looks at references in both branches, and at cycles") {
        CHECK(validate(R"({"Conditions": {"C": {"Fn::Equals": ["x", "x"]}}, "Resources":
            {"B": {"Type": "Custom::X", "Properties": {"V": {"Fn::If": ["C", "1", {"Ref": "A"}]}}}}})") ==
              "ValidationError: Template format error: Unresolved resource dependencies [A] in the "
              "Resources block of the template");
        CHECK(validate(R"({"Resources": {"A": {"Type": "Custom::X", "DependsOn": "A"}}})") ==
              "ValidationError: Circular dependency between resources: [A]");
        CHECK(validate(R"({"Resources": {"A": {"Type": "Custom::X"}},
                  "Outputs": {"O": {"Value": {"Fn::Sub": "${B}"}}}})") ==
              "ValidationError: Template format error: Unresolved resource dependencies [B] in the "
              "Outputs block of the template");
    }
}

TEST_CASE("Intrinsic functions", "[cloudformation][template]") {
    CHECK(output(R"({"Ref": "Bucket"})") == "the-bucket");
    CHECK(output(R"({"Fn::GetAtt": ["Bucket", "Arn"]})") == "arn:aws:s3:::the-bucket");
    CHECK(output(R"({"Fn::GetAtt": "Bucket.Arn"})") == "arn:aws:s3:::the-bucket");
    CHECK(output(R"({"Fn::Join": ["-", ["a", {"Ref": "AWS::Region"}, 3]]})") == "a-us-east-1-3");
    CHECK(output(R"({"Fn::Sub": "${AWS::AccountId}/${Bucket}/${Bucket.Arn}/${!Literal}"})") ==
          "123456789012/the-bucket/arn:aws:s3:::the-bucket/${Literal}");
    CHECK(output(R"({"Fn::Sub": ["${x}-${AWS::StackName}", {"x": {"Ref": "Bucket"}}]})") ==
          "the-bucket-s");
    CHECK(output(R"({"Fn::Select": ["1", {"Fn::Split": [",", "a,b,c"]}]})") == "b");
    // A piece of what a resource answers: how many there are is not known before it is made.
    CHECK(
        output(R"({"Fn::Select": [5, {"Fn::Split": [":", {"Fn::GetAtt": ["Bucket", "Arn"]}]}]})") ==
        "the-bucket");
    CHECK(output(R"({"Fn::Select": [1, {"Fn::Split": ["-", {"Ref": "Bucket"}]}]})") == "bucket");
    CHECK(output(R"({"Fn::Base64": "hello"})") == "aGVsbG8=");
    CHECK(output(R"({"Fn::Select": [0, {"Fn::GetAZs": ""}]})") == "us-east-1a");
    const std::string conditions =
        R"(, "Parameters": {"Stage": {"Type": "String", "Default": "prod"}}, "Conditions": {
            "IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
            "Neither": {"Fn::Not": [{"Fn::Or": [{"Condition": "IsProd"}, {"Fn::Equals": ["a", "b"]}]}]},
            "Both": {"Fn::And": [{"Condition": "IsProd"}, {"Fn::Not": [{"Condition": "Neither"}]}]}},
            "Mappings": {"Sizes": {"us-east-1": {"prod": "large"}}})";
    CHECK(output(R"({"Fn::If": ["Both", "yes", "no"]})", conditions) == "yes");
    CHECK(output(R"({"Fn::If": ["Neither", "yes", "no"]})", conditions) == "no");
    CHECK(output(R"({"Fn::FindInMap": ["Sizes", {"Ref": "AWS::Region"}, {"Ref": "Stage"}]})",
                 conditions) == "large");
    CHECK(output(R"({"Fn::Select": [1, {"Ref": "L"}]})",
                 R"(, "Parameters": {"L": {"Type": "CommaDelimitedList", "Default": "a, b"}})") ==
          "b");
}

TEST_CASE("YAML templates with short forms", "[cloudformation][template]") {
    TestCloud cloud;
    const std::string body = R"(
AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Prefix: {Type: String, Default: my}
Conditions:
  Always: !Equals [!Ref Prefix, my]
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Condition: Always
    Properties:
      BucketName: !Sub "${Prefix}-${AWS::Region}-bucket"
Outputs:
  Arn:
    Value: !GetAtt Bucket.Arn
  Choice:
    Value: !If [Always, !Join ["/", [a, 012345678901, 1.10]], none]
)";
    REQUIRE(create_error(cloud, body) == "none");
    cloud.settle();
    const js::value stack =
        cloud.result("cloudformation.DescribeStacks", R"({"StackName": "s"})").at("Stacks").at(0);
    CHECK(stack.at("Outputs").at(0).at("OutputValue") == "arn:aws:s3:::my-us-east-1-bucket");
    // A leading zero and trailing digits are text, not numbers.
    CHECK(stack.at("Outputs").at(1).at("OutputValue") == "a/012345678901/1.10");
    const js::value got = cloud.result("cloudformation.GetTemplate", R"({"StackName": "s"})");
    CHECK(std::string(got.at("TemplateBody").as_string()) == body);
}

TEST_CASE("Deep nesting costs only its own request", "[cloudformation][template]") {
    TestCloud cloud;
    const std::string deep_json = std::string(5000, '[') + std::string(5000, ']');
    CHECK(create_error(cloud, R"({"Resources": {"A": {"Type": "Custom::X", "Properties": {"P": )" +
                                  deep_json + "}}}}") != "none");
    CHECK_THAT(create_error(cloud, "Resources: " + std::string(3000, '[') + std::string(3000, ']')),
               Catch::StartsWith("ValidationError: "));
    CHECK(error_of(cloud.call("sts.GetCallerIdentity")) == "none");
}

TEST_CASE("Capabilities", "[cloudformation][template]") {
    TestCloud cloud;
    const std::string role = R"({"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {
        "AssumeRolePolicyDocument": {"Statement": []}}}}})";
    CHECK(create_error(cloud, role) ==
          "InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_IAM]");
    const std::string named = R"({"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {
        "RoleName": "r", "AssumeRolePolicyDocument": {"Statement": []}}}}})";
    CHECK(create_error(cloud, named, R"(, "Capabilities": ["CAPABILITY_IAM"])") ==
          "InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_NAMED_IAM]");
    const js::value validated =
        cloud.result("cloudformation.ValidateTemplate",
                     R"({"TemplateBody": )" + js::serialize(js::value(role)) + "}");
    CHECK(validated.at("Capabilities") == json(R"(["CAPABILITY_IAM"])"));
    CHECK(validated.at("CapabilitiesReason") ==
          "The following resource(s) require capabilities: [AWS::IAM::Role]");
}

TEST_CASE("An attribute that a type has not", "[cloudformation][template]") {
    TestCloud cloud;
    SECTION("in a resource is refused at once") {
        CHECK(create_error(cloud, R"({"Resources": {"A": {"Type": "AWS::S3::Bucket"}, "B": {
            "Type": "Custom::X", "Properties": {"P": {"Fn::GetAtt": ["A", "Nonsense"]}}}}})") ==
              "ValidationError: Template error: resource A does not support attribute type "
              "Nonsense in Fn::GetAtt");
    }
    // recorded/cloudformation-engine/test_attributes.snapshot.json
    SECTION("in an output rolls the stack back before any resource is made") {
        REQUIRE(create_error(cloud, R"({"Resources": {"A": {"Type": "AWS::S3::Bucket"}},
            "Outputs": {"O": {"Value": {"Fn::GetAtt": ["A", "Nonsense"]}}}})") == "none");
        cloud.settle();
        const js::value events =
            cloud.result("cloudformation.DescribeStackEvents", R"({"StackName": "s"})")
                .at("StackEvents");
        REQUIRE(events.as_array().size() == 3);
        CHECK(events.at(0).at("ResourceStatus") == "ROLLBACK_COMPLETE");
        CHECK(events.at(1).at("ResourceStatus") == "ROLLBACK_IN_PROGRESS");
        CHECK(events.at(1).at("ResourceStatusReason") ==
              "[Error] /Outputs/O/Value/Fn::GetAtt: Resource type AWS::S3::Bucket does not "
              "support attribute {Nonsense}. Rollback requested by user.");
        CHECK(events.at(2).at("ResourceStatus") == "CREATE_IN_PROGRESS");
    }
}

}  // namespace sbemu
