// JSON 1.0 and 1.1: DynamoDB, Kinesis, Logs.
#include "emulator/core/encoding.h"
#include "emulator/core/json_text.h"
#include "emulator/wire/compression.h"
#include "tests/wire_support.h"

namespace sbemu::wire {
namespace {

std::string dynamodb(std::string_view operation, std::string_view body,
                     std::string_view more_headers = "") {
    return "POST / HTTP/1.1\nHost: dynamodb.us-east-1.amazonaws.com\nContent-Type: "
           "application/x-amz-json-1.0\nX-Amz-Target: DynamoDB_20120810." +
           std::string(operation) + "\nAuthorization: " + authorization("dynamodb") + "\n" +
           std::string(more_headers) + "\n" + std::string(body);
}

std::string kinesis(std::string_view operation, std::string_view body) {
    return "POST / HTTP/1.1\nContent-Type: application/x-amz-json-1.1\nX-Amz-Target: "
           "Kinesis_20131202." +
           std::string(operation) + "\nAuthorization: " + authorization("kinesis") + "\n\n" +
           std::string(body);
}

}  // namespace

TEST_CASE("wire: a DynamoDB request becomes a call") {
    SECTION("as boto3 sends it") {
        const Call call = call_of(dynamodb(
            "PutItem", R"({"TableName": "t", "Item": {"a": {"S": "x"}, "b": {"B": "AAE="}}})"));
        CHECK(call.service == "dynamodb");
        CHECK(call.operation == "PutItem");
        CHECK(call.caller.account == "123456789012");
        CHECK(call.caller.region == "eu-west-1");
        CHECK(text_of(call.params) ==
              R"({"TableName":"t","Item":{"a":{"S":"x"},"b":{"B":"AAE="}}})");
    }
    SECTION("with a key that is no account") {
        std::string text = dynamodb("ListTables", "{}");
        text.replace(text.find("123456789012"), 12, "AKIAIOSFODNN7EXAMPLE");
        CHECK(call_of(text).caller.account == "000000000000");
        CHECK(call_of(text).caller.access_key == "AKIAIOSFODNN7EXAMPLE");
    }
    SECTION("unsigned, with the region in the host name") {
        const Call call = call_of(
            "POST / HTTP/1.1\nHost: dynamodb.ap-south-1.amazonaws.com:443\nContent-Type: "
            "application/json\nX-Amz-Target: DynamoDB_20120810.ListTables\n\n{}");
        CHECK(call.caller.region == "ap-south-1");
    }
    SECTION("of the streams API, whose signing name is dynamodb too") {
        std::string text = dynamodb("ListStreams", "{}");
        text.replace(text.find("DynamoDB_"), 9, "DynamoDBStreams_");
        CHECK(call_of(text).service == "dynamodbstreams");
    }
    SECTION("with times in seconds") {
        CHECK(
            text_of(call_of(kinesis("GetShardIterator", R"({"Timestamp": 1767323045})")).params) ==
            R"({"Timestamp":1767323045000})");
        CHECK(text_of(call_of(kinesis("GetShardIterator", R"({"Timestamp": 1767323045.678})"))
                          .params) == R"({"Timestamp":1767323045678})");
    }
    SECTION("with a boolean as text") {
        CHECK(text_of(call_of(dynamodb("GetItem", R"({"ConsistentRead":"True"})")).params) ==
              R"({"ConsistentRead":true})");
        CHECK(
            text_of(call_of(dynamodb("PutItem", R"({"Item":{"a":{"M":{"b":{"L":[)"
                                                R"({"BOOL":"no"},{"NULL":"yes"},{"S":"1"}]}}}}})"))
                        .params) == R"({"Item":{"a":{"M":{"b":{"L":[)"
                                    R"({"BOOL":false},{"NULL":true},{"S":"1"}]}}}}})");
        CHECK(text_of(call_of(dynamodb("BatchGetItem",
                                       R"({"RequestItems":{"t":{"ConsistentRead":"1"}}})"))
                          .params) == R"({"RequestItems":{"t":{"ConsistentRead":true}}})");
        CHECK(text_of(call_of(dynamodb("GetItem", R"({"ConsistentRead":"maybe"})")).params) ==
              R"({"ConsistentRead":"maybe"})");
    }
    SECTION("unless it has more levels than sbemu reads") {
        const std::string deep =
            std::string(kDeepestJson + 1, '[') + std::string(kDeepestJson + 1, ']');
        const HttpResponse refused = refusal_of(dynamodb("PutItem", R"({"Item":)" + deep + "}"));
        CHECK(refused.status == 400);
        CHECK(refused.body.find("The body is nested in more than 256 levels") != std::string::npos);
    }
    SECTION("with forty levels of lists") {
        std::string deep = R"({"S":"x"})";
        for (int i = 0; i < 40; ++i) deep = R"({"L":[)" + deep + "]}";
        CHECK(call_of(dynamodb("PutItem", R"({"Item":{"a":)" + deep + "}}")).operation ==
              "PutItem");
    }
}

TEST_CASE("wire: compressed DynamoDB requests are unpacked") {
    const std::string body = R"({"TableName":"t"})";
    for (const auto& [coding, packed] :
         {std::pair{"gzip", gzip(body)},
          {"deflate", deflate(body)},
          {"gzip", gzip(body.substr(0, 5)) + gzip(body.substr(5))}}) {
        INFO(coding);
        const Call call = call_of(
            dynamodb("DescribeTable", packed, "Content-Encoding: " + std::string(coding) + "\n"));
        CHECK(text_of(call.params) == body);
    }
    for (const auto& [coding, packed] :
         {std::pair{"gzip", gzip(body).substr(0, 12)}, {"gzip", body}, {"br", body}}) {
        INFO(coding);
        const HttpResponse response = refusal_of(
            dynamodb("DescribeTable", packed, "Content-Encoding: " + std::string(coding) + "\n"));
        CHECK(response.status == 500);
        CHECK(response.body ==
              R"({"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError"})");
    }
}

TEST_CASE("wire: what is no DynamoDB request is refused in AWS's words") {
    SECTION("broken JSON") {
        for (const char* body : {"", "{", "[]", "null", "{\"a\":\x01}", "{\"a\":\"\xff\"}"}) {
            const HttpResponse response = refusal_of(dynamodb("GetItem", body));
            CHECK(response.status == 400);
            CHECK(response.body ==
                  R"({"__type":"com.amazon.coral.service#SerializationException"})");
            CHECK(header_of(response, "x-amzn-RequestId") ==
                  "PR46DEGDHEXWSKW66Q4ZBRLBCSO7XBMGTL5YZIFZCP6UXPGSUSBD");
        }
    }
    SECTION("unknown operation") {
        const HttpResponse response = refusal_of(dynamodb("Nothing", "{}"));
        CHECK(response.status == 400);
        CHECK(response.body ==
              R"({"__type":"com.amazon.coral.service#UnknownOperationException"})");
        CHECK(header_of(response, "x-amz-crc32") == std::to_string(crc32(response.body)));
    }
    SECTION("unknown content type") {
        std::string text = dynamodb("GetItem", "{}");
        text.replace(text.find("application/x-amz-json-1.0"), 26, "text/plain");
        CHECK(refusal_of(text).status == 404);
        CHECK(refusal_of(text).body == "<UnknownOperationException/>\n");
    }
    SECTION("CBOR, which sbemu does not speak") {
        std::string text = kinesis("ListStreams", "{}");
        text.replace(text.find("application/x-amz-json-1.1"), 26, "application/x-amz-cbor-1.1");
        CHECK(refusal_of(text).status == 501);
        CHECK(refusal_of(text).body.find("AWS_CBOR_DISABLE") != std::string::npos);
    }
    SECTION("the health check") {
        const HttpResponse response =
            refusal_of("GET / HTTP/1.1\nHost: dynamodb.us-east-1.amazonaws.com\n\n");
        CHECK(response.status == 200);
        CHECK(response.body == "healthy: dynamodb.us-east-1.amazonaws.com ");
    }
    SECTION("a body over the limit") {
        const HttpResponse response =
            refusal_of(dynamodb("GetItem", std::string((16U << 20U) + 1, ' ')));
        CHECK(response.status == 413);
    }
    SECTION("a service that sbemu does not have") {
        const HttpResponse response = refusal_of(
            "POST / HTTP/1.1\nX-Amz-Target: AmazonSQS.SendMessage\nContent-Type: "
            "application/x-amz-json-1.0\nAuthorization: " +
            authorization("sqs") + "\n\n{}");
        CHECK(response.status == 501);
        CHECK(
            response.body ==
            R"({"__type":"NotImplemented","message":"sbemu does not implement the service sqs yet."})");
    }
}

TEST_CASE("wire: DynamoDB answers") {
    const Call call =
        call_of(dynamodb("GetItem", "{}", "Accept-Encoding: br, gzip;q=0.5, deflate\n"));
    SECTION("echo the content type and carry the checksum") {
        const HttpResponse response = answer(call, R"({"Item":{"a":{"S":"ü\u0001\"x"}}})");
        CHECK(response.status == 200);
        CHECK(response.body == "{\"Item\":{\"a\":{\"S\":\"ü\\u0001\\\"x\"}}}");
        CHECK(header_of(response, "Content-Type") == "application/x-amz-json-1.0");
        CHECK(header_of(response, "x-amz-crc32") == std::to_string(crc32(response.body)));
    }
    SECTION("are packed above 4 KB, in the coding with the best q") {
        const std::string text(5000, 'x');
        const HttpResponse response = answer(call, R"({"Item":{"a":{"S":")" + text + "\"}}}");
        CHECK(header_of(response, "Content-Encoding") == "deflate");
        CHECK(inflate(response.body, 10000) == R"({"Item":{"a":{"S":")" + text + "\"}}}");
        CHECK(header_of(response, "x-amz-crc32") == std::to_string(crc32(response.body)));
    }
    SECTION("are packed as each Accept-Encoding says") {
        // Alternator's test_compressed_response_accept_encodings.
        const auto [accepted, coding] = GENERATE(table<std::string, std::string>({
            {"*, deflate", "deflate"},
            {"*, gzip;q=0.5", "deflate"},
            {"*", "gzip"},
            {"gzip;q=31,deflate;q=51", "gzip"},
            {"deflate;q=0.5,gzip;q=0.x", "gzip"},
            {"gzip;nq=1;q=0 ", "(absent)"},
            {"br,identity;q=0.5,gzip;q=0.0001", "gzip"},
        }));
        const Call asking =
            call_of(dynamodb("GetItem", "{}", "Accept-Encoding: " + accepted + "\n"));
        const HttpResponse response =
            answer(asking, R"({"Item":{"a":{"S":")" + std::string(5000, 'x') + "\"}}}");
        CAPTURE(accepted);
        CHECK(header_of(response, "Content-Encoding") == coding);
    }
    SECTION("have times in seconds") {
        const HttpResponse response =
            answer(call_of(dynamodb("DescribeTable", "{}")),
                   R"({"Table":{"TableName":"t","CreationDateTime":1541139209351}})");
        CHECK(response.body == R"({"Table":{"TableName":"t","CreationDateTime":1541139209.351}})");
    }
    SECTION("are empty where AWS answers nothing") {
        CHECK(answer(call_of(dynamodb("TagResource", "{}")), "{}").body.empty());
        CHECK(answer(call_of(dynamodb("PutItem", "{}")), "{}").body == "{}");
    }
}

TEST_CASE("wire: DynamoDB errors") {
    const Call call = call_of(dynamodb("PutItem", "{}"));
    struct Case {
        ApiError error;
        const char* body;
    };
    ApiError failed("ConditionalCheckFailedException", "The conditional request failed");
    failed.fields["Item"] = boost::json::parse(R"({"a":{"S":"x"}})");
    const Case cases[] = {
        {{"ValidationException", "bad"},
         R"({"__type":"com.amazon.coral.validate#ValidationException","message":"bad"})"},
        {{"ResourceNotFoundException", "gone"},
         R"({"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"gone"})"},
        {{"SerializationException", "NUMBER_VALUE cannot be converted to String"},
         R"({"__type":"com.amazon.coral.service#SerializationException","Message":"NUMBER_VALUE cannot be converted to String"})"},
        {{"TransactionCanceledException", "no"},
         R"({"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"no"})"},
        {failed,
         R"({"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"The conditional request failed","Item":{"a":{"S":"x"}}})"},
    };
    for (const Case& one : cases) {
        const HttpResponse response = answer(call, one.error);
        CHECK(response.status == 400);
        CHECK(response.body == one.body);
    }
}

TEST_CASE("wire: Kinesis answers and errors") {
    const Call call = call_of(kinesis("PutRecord", R"({"Data":"AA==","PartitionKey":"a"})"));
    CHECK(call.service == "kinesis");
    CHECK(answer(call, ApiError("ResourceNotFoundException", "x")).body ==
          R"({"__type":"ResourceNotFoundException","message":"x"})");
    CHECK(answer(call_of(kinesis("CreateStream", "{}")), "{}").body.empty());
    CHECK(
        answer(
            call_of(kinesis("GetRecords", "{}")),
            R"({"Records":[{"ApproximateArrivalTimestamp":1541139209050,"Data":"AA=="}],"MillisBehindLatest":0})")
            .body ==
        R"({"Records":[{"ApproximateArrivalTimestamp":1541139209.05,"Data":"AA=="}],"MillisBehindLatest":0})");
    CHECK(refusal_of(kinesis("Nothing", "{}")).body == R"({"__type":"UnknownOperationException"})");
    CHECK(refusal_of("GET / HTTP/1.1\nHost: kinesis.us-east-1.amazonaws.com\n\n").status == 403);
}

TEST_CASE("wire: browsers are let in") {
    const HttpResponse preflight = refusal_of(
        "OPTIONS / HTTP/1.1\nOrigin: http://x\nAccess-Control-Request-Headers: "
        "x-amz-target\nAccess-Control-Request-Method: POST\n\n");
    CHECK(preflight.status == 200);
    CHECK(header_of(preflight, "Access-Control-Allow-Origin") == "*");
    CHECK(header_of(preflight, "Access-Control-Allow-Headers") == "x-amz-target");
    const Call call = call_of(dynamodb("ListTables", "{}", "Origin: http://x\n"));
    CHECK(header_of(answer(call, "{}"), "Access-Control-Allow-Origin") == "*");
    const std::string exposed = "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date";
    CHECK(header_of(preflight, "Access-Control-Expose-Headers") == exposed);
    CHECK(header_of(answer(call, "{}"), "Access-Control-Expose-Headers") == exposed);
}

}  // namespace sbemu::wire
