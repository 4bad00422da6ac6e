// The deepest item that DynamoDB takes, through the wire and the store and back.
#include "tests/test_cloud.h"
#include "tests/wire_support.h"

namespace sbemu::wire {
namespace {

// The body of the answer to a DynamoDB request, once wire and kernel have had it.
boost::json::value answer_of(TestCloud& cloud, const std::string& operation,
                             const std::string& body) {
    const Call call = call_of(
        "POST / HTTP/1.1\nContent-Type: application/x-amz-json-1.0\n"
        "X-Amz-Target: DynamoDB_20120810." +
        operation + "\nAuthorization: " + authorization("dynamodb", "123456789012", "us-east-1") +
        "\n\n" + body);
    const Applied applied = cloud.call(call.service + "." + call.operation,
                                       boost::json::serialize(call.params), call.body);
    return json(encode(call, applied.answer, "REQUEST-ID").body);
}

}  // namespace

TEST_CASE("An item of 32 levels is put and got back", "[dynamodb][wire]") {
    TestCloud cloud;
    cloud.result("dynamodb.CreateTable", R"({"TableName": "env", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "name", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "name", "KeyType": "HASH"}]})");
    cloud.settle();
    const bool maps = GENERATE(true, false);
    std::string value = R"({"S": "leaf"})";
    for (int level = 1; level < 32; ++level) {
        value = maps ? R"({"M": {"a": )" + value + "}}" : R"({"L": [)" + value + "]}";
    }
    const std::string item = R"({"name": {"S": "fn"}, "a": )" + value + "}";
    CHECK(answer_of(cloud, "PutItem", R"({"TableName": "env", "Item": )" + item + "}") ==
          json("{}"));
    CHECK(answer_of(cloud, "GetItem", R"({"TableName": "env", "Key": {"name": {"S": "fn"}}})") ==
          json(R"({"Item": )" + item + "}"));
}

}  // namespace sbemu::wire
