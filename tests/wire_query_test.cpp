// The query protocol: CloudFormation, IAM, STS.
#include "tests/wire_support.h"

namespace sbemu::wire {
namespace {

std::string form(std::string_view service, std::string_view body) {
    return "POST / HTTP/1.1\nContent-Type: application/x-www-form-urlencoded; "
           "charset=utf-8\nAuthorization: " +
           authorization(service) + "\n\n" + std::string(body);
}

}  // namespace

TEST_CASE("wire: a query request becomes a call") {
    SECTION("as boto3 sends it") {
        const Call call = call_of(form(
            "cloudformation",
            "Action=CreateStack&Version=2010-05-15&StackName=s&TemplateBody=%7B%7D&Parameters."
            "member.1."
            "ParameterKey=a+b&Parameters.member.1.ParameterValue=1%262&Tags=&Capabilities.member.1="
            "CAPABILITY_IAM&DisableRollback=true&TimeoutInMinutes=5"));
        CHECK(call.service == "cloudformation");
        CHECK(call.operation == "CreateStack");
        CHECK(text_of(call.params) ==
              R"({"StackName":"s","TemplateBody":"{}","Parameters":[{"ParameterKey":"a b",)"
              R"("ParameterValue":"1&2"}],"DisableRollback":true,"TimeoutInMinutes":5,)"
              R"("Capabilities":["CAPABILITY_IAM"],"Tags":[]})");
    }
    SECTION("with list entries by number, not by place") {
        const Call call =
            call_of(form("cloudformation",
                         "Action=CreateStack&Capabilities.member.10=c&Capabilities.member.2=b&"
                         "Capabilities.member.1=a"));
        CHECK(text_of(call.params) == R"({"Capabilities":["a","b","c"]})");
    }
    SECTION("by GET") {
        const Call call = call_of(
            "GET /?Action=DescribeStacks&Version=2010-05-15&StackName=s HTTP/1.1\nHost: "
            "cloudformation.eu-central-1.amazonaws.com\n\n");
        CHECK(call.operation == "DescribeStacks");
        CHECK(call.caller.region == "eu-central-1");
        CHECK(text_of(call.params) == R"({"StackName":"s"})");
    }
    SECTION("unsigned, known by its version") {
        const Call call = call_of(
            "POST / HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\n\n"
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=r");
        CHECK(call.service == "sts");
    }
    SECTION("with what does not fit left for the check") {
        const Call call = call_of(form("cloudformation", "Action=CreateStack&TimeoutInMinutes=x"));
        CHECK(text_of(call.params) == R"({"TimeoutInMinutes":"x"})");
    }
}

TEST_CASE("wire: query answers") {
    const Call call = call_of(form("cloudformation", "Action=DescribeStacks&Version=2010-05-15"));
    const HttpResponse response = answer(
        call,
        R"({"Stacks":[{"StackName":"a<b","CreationTime":1695515055544,"DisableRollback":false,"Tags":[],"Capabilities":["CAPABILITY_IAM"]}]})");
    CHECK(header_of(response, "Content-Type") == "text/xml");
    CHECK(header_of(response, "x-amzn-RequestId") == "REQUEST-ID");
    CHECK(
        response.body ==
        "<DescribeStacksResponse xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\">"
        "<DescribeStacksResult><Stacks><member><StackName>a&lt;b</StackName>"
        "<CreationTime>2023-09-24T00:24:15.544Z</CreationTime><DisableRollback>false</"
        "DisableRollback><Capabilities><member>CAPABILITY_IAM</member></Capabilities><Tags></Tags>"
        "</member></Stacks></DescribeStacksResult><ResponseMetadata><RequestId>REQUEST-ID</"
        "RequestId></ResponseMetadata></DescribeStacksResponse>");
    SECTION("to an operation without output") {
        CHECK(answer(call_of(form("cloudformation", "Action=DeleteStack")), "{}").body ==
              "<DeleteStackResponse xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\">"
              "<ResponseMetadata><RequestId>REQUEST-ID</RequestId></ResponseMetadata></"
              "DeleteStackResponse>");
    }
}

TEST_CASE("wire: query errors") {
    const Call call = call_of(form("cloudformation", "Action=DescribeStacks"));
    const HttpResponse response =
        answer(call, ApiError("ValidationError", "Stack with id x does not exist"));
    CHECK(response.status == 400);
    CHECK(response.body ==
          "<ErrorResponse xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\"><Error>"
          "<Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id x does not exist</"
          "Message></Error><RequestId>REQUEST-ID</RequestId></ErrorResponse>");
    SECTION("have the wire's code for the model's name") {
        const std::string body =
            answer(call, ApiError("ChangeSetNotFoundException", "x", 404)).body;
        CHECK(body.find("<Code>ChangeSetNotFound</Code>") != std::string::npos);
    }
    SECTION("name unknown operations") {
        const HttpResponse unknown =
            refusal_of(form("iam", "Action=MakeCoffee&Version=2010-05-08"));
        CHECK(unknown.status == 400);
        CHECK(unknown.body.find("<Code>InvalidAction</Code><Message>Could not find operation "
                                "MakeCoffee for version 2010-05-08</Message>") !=
              std::string::npos);
        CHECK(refusal_of(form("iam", "")).body.find("MissingAction") != std::string::npos);
    }
}

}  // namespace sbemu::wire
