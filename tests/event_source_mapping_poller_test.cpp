// Pollers of event source mappings; the test plays the host. facts/lambda.md 2.
#include <catch2/catch.hpp>

#include "fakes/lambda/event_records.h"
#include "tests/lambda_test_support.h"

namespace sbemu {

namespace {

constexpr const char* kStream = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";

void create_stream_and_worker(TestCloud& cloud, int shards = 1) {
    cloud.result("kinesis.CreateStream",
                 R"({"StreamName": "orders", "ShardCount": )" + std::to_string(shards) + "}");
    create_worker(cloud);
    cloud.advance(Duration{1000});
    cloud.effects.clear();
}

std::string create_mapping(TestCloud& cloud, const std::string& extra = "",
                           const std::string& start = "TRIM_HORIZON") {
    const auto mapping = cloud.result("lambda.CreateEventSourceMapping",
                                      R"({"EventSourceArn": ")" + std::string(kStream) +
                                          R"(", "FunctionName": "worker", "StartingPosition": ")" +
                                          start + R"(")" + extra + "}");
    cloud.settle();
    return text(mapping.at("UUID"));
}

std::string put(TestCloud& cloud, const std::string& data, const std::string& key = "a") {
    const auto record =
        cloud.result("kinesis.PutRecord", R"({"StreamName": "orders", "PartitionKey": ")" + key +
                                              R"(", "Data": ")" + base64_encode(data) + R"("})");
    cloud.settle();
    return text(record.at("SequenceNumber"));
}

// The data of the records in an invocation, in order: "a,b".
std::string data_of(const boost::json::object& invocation) {
    std::string joined;
    const auto event = json(member_text(invocation, "Payload"));
    for (const auto& record : event.at("Records").as_array()) {
        if (!joined.empty()) joined += ",";
        joined += *base64_decode(text(record.at("kinesis").at("data")));
    }
    return joined;
}

std::string result_of(TestCloud& cloud, const std::string& uuid) {
    return text(cloud.result("lambda.GetEventSourceMapping", R"({"UUID": ")" + uuid + R"("})")
                    .at("LastProcessingResult"));
}

void update(TestCloud& cloud, const std::string& uuid, const std::string& extra) {
    cloud.result("lambda.UpdateEventSourceMapping",
                 R"({"UUID": ")" + uuid + R"(", )" + extra + "}");
    cloud.settle();
}

}  // namespace

TEST_CASE("A mapping of a Kinesis stream", "[lambda][event-source-mapping][poller]") {
    TestCloud cloud;
    create_stream_and_worker(cloud);

    SECTION("invokes the function with AWS's event") {
        const std::string uuid = create_mapping(cloud);
        CHECK(result_of(cloud, uuid) == "No records processed");
        cloud.advance(Duration{987});
        const std::string number = put(cloud, "hello");
        const auto invocation = take_invocation(cloud);
        CHECK(member_text(invocation, "Payload") ==
              R"({"Records":[{"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":"a",)"
              R"("sequenceNumber":")" +
                  number +
                  R"(","data":"aGVsbG8=","approximateArrivalTimestamp":1488326401.987},)"
                  R"("eventSource":"aws:kinesis","eventVersion":"1.0",)"
                  R"("eventID":"shardId-000000000000:)" +
                  number +
                  R"(","eventName":"aws:kinesis:record",)"
                  R"("invokeIdentityArn":"arn:aws:iam::123456789012:role/worker",)"
                  R"("awsRegion":"us-east-1","eventSourceARN":")" +
                  kStream + R"("}]})");
        CHECK(invocation.at("InvokedFunctionArn") ==
              "arn:aws:lambda:us-east-1:123456789012:function:worker");
        report_ended(cloud, invocation, "response", "null");
        CHECK(result_of(cloud, uuid) == "OK");
        CHECK(cloud.effects.empty());
    }

    SECTION("reads from the oldest record with TRIM_HORIZON") {
        put(cloud, "a");
        put(cloud, "b");
        create_mapping(cloud);
        CHECK(data_of(take_invocation(cloud)) == "a,b");
    }

    SECTION("reads with LATEST what comes after it is Enabled, in the same millisecond too") {
        put(cloud, "a");
        create_mapping(cloud, "", "LATEST");
        CHECK(cloud.effects.empty());
        put(cloud, "b");
        CHECK(data_of(take_invocation(cloud)) == "b");
    }

    SECTION("reads with LATEST what was written long after") {
        create_mapping(cloud, "", "LATEST");
        cloud.advance(std::chrono::hours(2));
        put(cloud, "a");
        CHECK(data_of(take_invocation(cloud)) == "a");
    }

    SECTION("reads from a time with AT_TIMESTAMP") {
        put(cloud, "a");
        cloud.advance(Duration{1000});
        const auto time = std::to_string(to_milliseconds(cloud.now()));
        put(cloud, "b");
        create_mapping(cloud, R"(, "StartingPositionTimestamp": )" + time, "AT_TIMESTAMP");
        CHECK(data_of(take_invocation(cloud)) == "b");
    }

    SECTION("has one batch of at most BatchSize in flight, in order") {
        create_mapping(cloud, R"(, "BatchSize": 2)");
        for (const char* data : {"a", "b", "c", "d"}) put(cloud, data);
        auto invocation = take_invocation(cloud);
        CHECK(data_of(invocation) == "a");
        report_ended(cloud, invocation, "response", "1");
        invocation = take_invocation(cloud);
        CHECK(data_of(invocation) == "b,c");
        report_ended(cloud, invocation, "response", "1");
        invocation = take_invocation(cloud);
        CHECK(data_of(invocation) == "d");
        report_ended(cloud, invocation, "response", "1");
        CHECK(cloud.effects.empty());
        CHECK_FALSE(cloud.kernel.next_due().has_value());
    }

    SECTION("retries a failed batch as it was until it succeeds, ever more slowly") {
        const std::string uuid = create_mapping(cloud);
        put(cloud, "a");
        for (const int delay : {500, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000}) {
            const auto invocation = take_invocation(cloud);
            CHECK(data_of(invocation) == "a");
            report_ended(cloud, invocation, "error", "{}");
            CHECK(result_of(cloud, uuid) == "PROBLEM: Function call failed");
            put(cloud, "later");
            cloud.advance(Duration{delay - 1});
            CHECK(cloud.effects.empty());
            cloud.advance(Duration{1});
        }
        report_ended(cloud, take_invocation(cloud), "response", "1");
        CHECK(data_of(take_invocation(cloud)).starts_with("later,later"));
        CHECK(result_of(cloud, uuid) == "OK");
    }

    SECTION("retries after a timeout") {
        create_mapping(cloud);
        put(cloud, "a");
        report_started(cloud, take_invocation(cloud));
        cloud.advance(Duration{3500});
        CHECK(take_effects(cloud, "lambda.kill").size() == 1);
        CHECK(data_of(take_invocation(cloud)) == "a");
    }

    SECTION("skips a batch after MaximumRetryAttempts") {
        create_mapping(cloud, R"(, "MaximumRetryAttempts": 1, "BatchSize": 1)");
        put(cloud, "a");
        put(cloud, "b");
        report_ended(cloud, take_invocation(cloud), "error", "{}");
        cloud.advance(Duration{500});
        const auto second = take_invocation(cloud);
        CHECK(data_of(second) == "a");
        report_ended(cloud, second, "error", "{}");
        CHECK(data_of(take_invocation(cloud)) == "b");
    }

    SECTION("drops what is older than MaximumRecordAgeInSeconds, and only that") {
        put(cloud, "old");
        cloud.advance(Duration{61'000});
        put(cloud, "fresh");
        create_mapping(cloud, R"(, "MaximumRecordAgeInSeconds": 60)");
        CHECK(data_of(take_invocation(cloud)) == "fresh");
    }

    SECTION("stops when it is disabled, after the batch in flight, and resumes after it") {
        const std::string uuid = create_mapping(cloud);
        put(cloud, "a");
        update(cloud, uuid, R"("Enabled": false)");
        report_ended(cloud, take_invocation(cloud), "response", "1");
        put(cloud, "b");
        CHECK(cloud.effects.empty());
        update(cloud, uuid, R"("Enabled": true)");
        CHECK(data_of(take_invocation(cloud)) == "b");
    }

    SECTION("is no more when it is deleted with a batch in flight") {
        const std::string uuid = create_mapping(cloud);
        put(cloud, "a");
        const auto invocation = take_invocation(cloud);
        cloud.result("lambda.DeleteEventSourceMapping", R"({"UUID": ")" + uuid + R"("})");
        cloud.settle();
        report_ended(cloud, invocation, "error", "{}");
        put(cloud, "b");
        cloud.advance(std::chrono::hours(1));
        CHECK(cloud.effects.empty());
    }

    SECTION("stays when its function is deleted, and goes on when it is back") {
        const std::string uuid = create_mapping(cloud);
        cloud.result("lambda.DeleteFunction", R"({"FunctionName": "worker"})");
        cloud.effects.clear();
        put(cloud, "a");
        CHECK(cloud.effects.empty());
        CHECK(result_of(cloud, uuid) == "PROBLEM: Function call failed");
        cloud.result("lambda.CreateFunction", function_request("worker"));
        cloud.settle();
        CHECK(data_of(take_invocation(cloud)) == "a");
    }

    SECTION("hands the batch in flight out again after a restart") {
        create_mapping(cloud);
        put(cloud, "a");
        const auto lost = take_invocation(cloud);
        report_started(cloud, lost);
        cloud.call("sbemu.Restarted");
        cloud.settle();
        const auto again = take_invocation(cloud);
        CHECK(data_of(again) == "a");
        report_ended(cloud, lost, "response", "1");
        CHECK(cloud.effects.size() == 1);  // lambda.prepare; the lost batch counts for nothing
        report_ended(cloud, again, "response", "1");
        put(cloud, "b");
        CHECK(data_of(take_invocation(cloud)) == "b");
    }

    SECTION("reads again when the stream does not answer at once") {
        create_mapping(cloud);
        cloud.call("sbemu.ArmFault",
                   R"({"Service": "kinesis", "Operation": "GetRecords", "Count": 1,
                       "Code": "ProvisionedThroughputExceededException", "Message": "slow"})");
        put(cloud, "a");
        CHECK(cloud.effects.empty());
        cloud.advance(Duration{1000});
        CHECK(data_of(take_invocation(cloud)) == "a");
    }
}

TEST_CASE("Mappings of one stream", "[lambda][event-source-mapping][poller]") {
    TestCloud cloud;
    create_stream_and_worker(cloud, 2);

    SECTION("read its shards independently") {
        create_mapping(cloud);
        for (const char* key : {"a", "b", "c", "d", "e", "f"}) put(cloud, key, key);
        CHECK(take_effects(cloud, "lambda.invoke").size() == 2);
    }

    SECTION("all see every record") {
        cloud.result("lambda.CreateFunction", function_request("other"));
        create_mapping(cloud);
        cloud.result("lambda.CreateEventSourceMapping",
                     R"({"EventSourceArn": ")" + std::string(kStream) +
                         R"(", "FunctionName": "other", "StartingPosition": "LATEST"})");
        cloud.settle();
        put(cloud, "x");
        const auto invocations = take_effects(cloud, "lambda.invoke");
        REQUIRE(invocations.size() == 2);
        CHECK(data_of(invocations[0]) == "x");
        CHECK(data_of(invocations[1]) == "x");
    }
}

TEST_CASE("A mapping of a table's stream", "[lambda][event-source-mapping][poller]") {
    TestCloud cloud;
    create_worker(cloud);
    const auto table = cloud.result("dynamodb.CreateTable",
                                    R"({"TableName": "orders", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"}})");
    cloud.advance(Duration{1000});
    const std::string arn = text(table.at("TableDescription").at("LatestStreamArn"));
    const auto put_item = [&](const std::string& id) {
        cloud.result("dynamodb.PutItem",
                     R"({"TableName": "orders", "Item": {"id": {"S": ")" + id + R"("}}})");
        cloud.settle();
    };
    const auto map_from = [&](const std::string& start) {
        cloud.result("lambda.CreateEventSourceMapping",
                     R"({"EventSourceArn": ")" + arn +
                         R"(", "FunctionName": "worker", "StartingPosition": ")" + start + R"("})");
        cloud.settle();
        cloud.effects.erase(
            std::remove_if(cloud.effects.begin(), cloud.effects.end(),
                           [](const Effect& effect) { return effect.kind != "lambda.invoke"; }),
            cloud.effects.end());
    };
    const auto ids_of = [](const boost::json::object& invocation) {
        std::string ids;
        const auto event = json(member_text(invocation, "Payload"));
        for (const auto& record : event.at("Records").as_array()) {
            ids += text(record.at("dynamodb").at("Keys").at("id").at("S"));
        }
        return ids;
    };

    SECTION("invokes the function with the changes, in order") {
        put_item("a");
        put_item("b");
        map_from("TRIM_HORIZON");
        const auto invocation = take_invocation(cloud);
        CHECK(ids_of(invocation) == "ab");
        const auto record = json(member_text(invocation, "Payload")).at("Records").at(0);
        CHECK(record.at("eventName") == "INSERT");
        CHECK(record.at("eventSource") == "aws:dynamodb");
        CHECK(text(record.at("eventSourceARN")) == arn);
        CHECK(record.at("dynamodb").at("ApproximateCreationDateTime") == 1488326401);
        CHECK(record.at("dynamodb").at("NewImage") == json(R"({"id": {"S": "a"}})"));
        put_item("c");
        CHECK(cloud.effects.empty());
        report_ended(cloud, invocation, "response", "1");
        CHECK(ids_of(take_invocation(cloud)) == "c");
    }

    SECTION("reads with LATEST only what comes after") {
        put_item("a");
        map_from("LATEST");
        CHECK(cloud.effects.empty());
        put_item("b");
        CHECK(ids_of(take_invocation(cloud)) == "b");
    }

    SECTION("needs the stream to be there") {
        CHECK(error_of(cloud.call(
                  "lambda.CreateEventSourceMapping",
                  R"({"EventSourceArn": "arn:aws:dynamodb:us-east-1:123456789012:table/none/)"
                  R"(stream/2017-03-01T00:00:00.000", "FunctionName": "worker",
                      "StartingPosition": "LATEST"})")) ==
              "InvalidParameterValueException: Stream not found: arn:aws:dynamodb:us-east-1:"
              "123456789012:table/none/stream/2017-03-01T00:00:00.000");
    }
}

TEST_CASE("Times in events", "[lambda][event-source-mapping]") {
    auto [milliseconds, text] = GENERATE(table<std::int64_t, std::string>({
        {1545084650987, "1545084650.987"},
        {1545084650900, "1545084650.9"},
        {1545084650005, "1545084650.005"},
        {1545084650000, "1545084650.0"},
    }));
    CHECK(lambda::seconds_text(milliseconds) == text);
}

TEST_CASE("A record of a table's stream", "[lambda][event-source-mapping]") {
    const auto source = lambda::parse_stream_source(
        "arn:aws:dynamodb:us-east-1:123456789012:table/orders/stream/2017-03-01T00:00:00.000");
    REQUIRE(source.has_value());
    const lambda::StreamRecord record{
        "100000000000000000001", 1479499740123,
        json(R"({"eventSource": "aws:dynamodb", "awsRegion": "us-east-1", "eventVersion": "1.1",
                 "eventID": "c4ca4238a0b923820dcc509a6f75849b", "eventName": "REMOVE",
                 "dynamodb": {"StreamViewType": "NEW_AND_OLD_IMAGES", "SizeBytes": 24,
                              "SequenceNumber": "100000000000000000001",
                              "OldImage": {"id": {"S": "a"}, "data": {"B": "Zm9vYmFy"}},
                              "Keys": {"id": {"S": "a"}},
                              "ApproximateCreationDateTime": 1479499740123},
                 "userIdentity": {"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"}})")
            .as_object()};
    CHECK(lambda::event_record(*source, record, "shardId-1", "role") ==
          R"({"eventID":"c4ca4238a0b923820dcc509a6f75849b","eventName":"REMOVE",)"
          R"("eventVersion":"1.1","eventSource":"aws:dynamodb","awsRegion":"us-east-1",)"
          R"("dynamodb":{"ApproximateCreationDateTime":1479499740,"Keys":{"id":{"S":"a"}},)"
          R"("OldImage":{"id":{"S":"a"},"data":{"B":"Zm9vYmFy"}},)"
          R"("SequenceNumber":"100000000000000000001","SizeBytes":24,)"
          R"("StreamViewType":"NEW_AND_OLD_IMAGES"},)"
          R"("userIdentity":{"principalId":"dynamodb.amazonaws.com","type":"Service"},)"
          R"("eventSourceARN":)"
          R"("arn:aws:dynamodb:us-east-1:123456789012:table/orders/stream/)"
          R"(2017-03-01T00:00:00.000"})");
}

}  // namespace sbemu
