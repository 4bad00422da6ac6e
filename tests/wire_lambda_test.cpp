// REST-JSON: Lambda.
#include "tests/wire_support.h"

namespace sbemu::wire {
namespace {

std::string lambda(std::string_view first_line, std::string_view body = "",
                   std::string_view more_headers = "") {
    return std::string(first_line) + " HTTP/1.1\nHost: lambda.us-east-1.amazonaws.com\n" +
           std::string(more_headers) + "Authorization: " + authorization("lambda") + "\n\n" +
           std::string(body);
}

}  // namespace

TEST_CASE("wire: a Lambda request becomes a call") {
    struct Case {
        const char* line;
        const char* operation;
        const char* params;
    };
    const Case cases[] = {
        {"GET /2015-03-31/event-source-mappings/?EventSourceArn=arn%3Aaws%3Akinesis&FunctionName=f",
         "ListEventSourceMappings", R"({"EventSourceArn":"arn:aws:kinesis","FunctionName":"f"})"},
        {"GET /2015-03-31/event-source-mappings?MaxItems=3", "ListEventSourceMappings",
         R"({"MaxItems":3})"},
        {"DELETE /2015-03-31/event-source-mappings/14e0db71", "DeleteEventSourceMapping",
         R"({"UUID":"14e0db71"})"},
        {"GET /2015-03-31/functions/", "ListFunctions", "{}"},
        {"GET /2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A1%3Afunction%3Af/?Qualifier=2",
         "GetFunction",
         R"({"FunctionName":"arn:aws:lambda:us-east-1:1:function:f","Qualifier":"2"})"},
        {"DELETE /2017-03-31/tags/arn%3Aaws?tagKeys=a&tagKeys=b", "UntagResource",
         R"({"Resource":"arn:aws","TagKeys":["a","b"]})"},
    };
    for (const Case& one : cases) {
        const Call call = call_of(lambda(one.line));
        CHECK(call.operation == one.operation);
        CHECK(text_of(call.params) == one.params);
    }
    SECTION("with a body and times") {
        const Call call =
            call_of(lambda("POST /2015-03-31/event-source-mappings/",
                           R"({"FunctionName":"f","StartingPositionTimestamp":1767323045})"));
        CHECK(call.operation == "CreateEventSourceMapping");
        CHECK(text_of(call.params) ==
              R"({"FunctionName":"f","StartingPositionTimestamp":1767323045000})");
    }
    SECTION("with a payload, whatever its bytes") {
        const Call call =
            call_of(lambda("POST /2015-03-31/functions/f/invocations?Qualifier=live", "[1\xff",
                           "X-Amz-Invocation-Type: Event\nX-Amz-Log-Type: Tail\n"));
        CHECK(call.operation == "Invoke");
        CHECK(call.body == "[1\xff");
        CHECK(
            text_of(call.params) ==
            R"({"FunctionName":"f","InvocationType":"Event","LogType":"Tail","Qualifier":"live"})");
    }
}

TEST_CASE("wire: what is no Lambda request is refused") {
    const HttpResponse unknown = refusal_of(lambda("GET /2015-03-31/nothing"));
    CHECK(unknown.status == 403);
    CHECK(header_of(unknown, "x-amzn-ErrorType") == "AccessDeniedException");
    CHECK(unknown.body ==
          R"({"Message":"Unable to determine service/operation name to be authorized"})");
    CHECK(refusal_of(lambda("GET /2015-03-31/functions//configuration")).status == 403);
    const HttpResponse broken = refusal_of(lambda("POST /2015-03-31/functions", "{"));
    CHECK(broken.status == 400);
    CHECK(header_of(broken, "x-amzn-ErrorType") == "InvalidRequestContentException");
    CHECK(broken.body ==
          R"({"Type":"User","message":"Could not parse request body into json: incomplete JSON"})");
    CHECK(
        refusal_of(lambda("POST /2015-03-31/functions", "[]")).body ==
        R"({"Type":"User","message":"Could not parse request body into json: it is not an object"})");
}

TEST_CASE("wire: Lambda answers") {
    const Call invoke = call_of(lambda("POST /2015-03-31/functions/f/invocations"));
    const HttpResponse response = answer(
        invoke,
        R"({"StatusCode":202,"FunctionError":"Unhandled","LogResult":"eA==","ExecutedVersion":"$LATEST"})",
        "payload");
    CHECK(response.status == 202);
    CHECK(response.body == "payload");
    CHECK(header_of(response, "X-Amz-Function-Error") == "Unhandled");
    CHECK(header_of(response, "X-Amz-Log-Result") == "eA==");
    CHECK(header_of(response, "X-Amz-Executed-Version") == "$LATEST");
    CHECK(header_of(response, "x-amzn-RequestId") == "REQUEST-ID");

    const Call create = call_of(lambda("POST /2015-03-31/event-source-mappings", "{}"));
    const HttpResponse made = answer(create, R"({"UUID":"u","LastModified":1541139209351})");
    CHECK(made.status == 202);
    CHECK(made.body == R"({"UUID":"u","LastModified":1541139209.351})");
    CHECK(header_of(made, "Content-Type") == "application/json");

    const HttpResponse gone = answer(call_of(lambda("DELETE /2017-03-31/tags/a?tagKeys=b")), "{}");
    CHECK(gone.status == 204);
    CHECK(gone.body.empty());
}

TEST_CASE("wire: the location of a function's package leads to the address that was called") {
    constexpr const char* kFound =
        R"({"Code":{"Location":"https://awslambda-us-east-1-tasks.s3.us-east-1.amazonaws.com/snapshots/1/f-0?X=1"}})";
    std::string request = lambda("GET /2015-03-31/functions/f");
    CHECK(answer(call_of(request), kFound).body == kFound);
    const std::string aws = "lambda.us-east-1.amazonaws.com";
    request.replace(request.find(aws), aws.size(), "127.0.0.1:4566");
    CHECK(
        answer(call_of(request), kFound).body ==
        R"({"Code":{"Location":"http://127.0.0.1:4566/awslambda-us-east-1-tasks/snapshots/1/f-0?X=1"}})");
}

TEST_CASE("wire: Lambda errors") {
    const Call call = call_of(lambda("GET /2015-03-31/functions/f"));
    struct Case {
        ApiError error;
        int status;
        const char* body;
    };
    ApiError throttled("TooManyRequestsException", "Rate Exceeded.", 429);
    throttled.fields["Reason"] = "ReservedFunctionConcurrentInvocationLimitExceeded";
    throttled.fields["retryAfterSeconds"] = "1";
    const Case cases[] = {
        {{"ResourceNotFoundException", "gone", 404}, 404, R"({"Type":"User","Message":"gone"})"},
        {{"ResourceConflictException", "x", 409}, 409, R"({"Type":"User","message":"x"})"},
        {{"ValidationException", "1 validation error detected: x"},
         400,
         R"({"message":"1 validation error detected: x"})"},
        {{"RequestEntityTooLargeException", "big", 413}, 413, R"({"Message":"big"})"},
        {throttled, 429,
         R"({"Type":"User","message":"Rate Exceeded.","Reason":"ReservedFunctionConcurrentInvocationLimitExceeded"})"},
    };
    for (const Case& one : cases) {
        const HttpResponse response = answer(call, one.error);
        CHECK(response.status == one.status);
        CHECK(response.body == one.body);
        CHECK(header_of(response, "x-amzn-ErrorType") == one.error.code);
    }
    CHECK(header_of(answer(call, throttled), "Retry-After") == "1");
}

}  // namespace sbemu::wire
