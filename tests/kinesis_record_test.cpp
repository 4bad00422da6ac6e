// Kinesis records: PutRecord, PutRecords, GetShardIterator, GetRecords.
// Texts: facts/dynamodb-kinesis.md 3.
#include <catch2/catch.hpp>

#include "emulator/core/encoding.h"
#include "fakes/kinesis/hash_key.h"
#include "fakes/kinesis/sequence_number.h"
#include "tests/test_cloud.h"

namespace sbemu {

namespace {

std::string text(const boost::json::value& value) {
    return std::string(std::string_view(value.as_string()));
}

boost::json::value read(TestCloud& cloud, const boost::json::value& iterator) {
    return cloud.result("kinesis.GetRecords", boost::json::serialize(iterator));
}

boost::json::value iterator(TestCloud& cloud, const std::string& members) {
    return cloud.result(
        "kinesis.GetShardIterator",
        R"({"StreamName": "s", "ShardId": "shardId-000000000000", )" + members + "}");
}

std::string data_of(const boost::json::value& reply) {
    std::string all;
    for (const auto& record : reply.at("Records").as_array()) all += text(record.at("Data")) + " ";
    return all;
}

}  // namespace

TEST_CASE("Kinesis sequence numbers", "[kinesis]") {
    SECTION("pack their parts as AWS does, and give them back") {
        // Printed in the documentation of Kinesis.
        const std::string documented = "49546986683135544286507457936321625675700192471156785154";
        const auto number = kinesis::parse_sequence_number(documented);
        REQUIRE(number);
        CHECK(*number == kinesis::SequenceNumber{1421279230, 0, 0x1d5, 1421279386});
        CHECK(number->text() == documented);
        // The record of AWS's example event for Lambda.
        CHECK(kinesis::parse_sequence_number(
                  "49590338271490256608559692538361571095921575989136588898") ==
              kinesis::SequenceNumber{0x5bf4e5c2, 6, 0x67648a17, 0x5c181eea});
        const kinesis::SequenceNumber other{1488326398, 0x1234567, 0x7fffffffffffffff, 1488326400};
        CHECK(kinesis::parse_sequence_number(other.text()) == other);
    }
    SECTION("of other forms are refused") {
        const auto wrong =
            GENERATE(as<std::string>(), "", "0", "4", "12a", "-1",
                     "49546986683135544286507457936321625675700192471156785155",
                     "9999999999999999999999999999999999999999999999999999999999999");
        CHECK_FALSE(kinesis::parse_sequence_number(wrong));
    }
}

TEST_CASE("Kinesis hash keys", "[kinesis]") {
    // md5("a") = 0cc175b9c0f1b6a831c399e269772661
    CHECK(kinesis::decimal_text(kinesis::hash_of("a")) == "16955237001963240173058271559858726497");
    CHECK(kinesis::parse_hash_key("340282366920938463463374607431768211455") ==
          kinesis::kMaxHashKey);
    CHECK_FALSE(kinesis::parse_hash_key("340282366920938463463374607431768211456"));
    CHECK(kinesis::range_of(1, 2).first == kinesis::HashKey{1} << 127);
    CHECK(kinesis::from_sortable_text(kinesis::sortable_text(kinesis::hash_of("a"))) ==
          kinesis::hash_of("a"));
}

TEST_CASE("PutRecord", "[kinesis][put-record]") {
    TestCloud cloud;
    cloud.result("kinesis.CreateStream", R"({"StreamName": "s", "ShardCount": 2})");

    SECTION("does not find a stream that is CREATING") {
        CHECK(error_of(cloud.call("kinesis.PutRecord",
                                  R"({"StreamName": "s", "PartitionKey": "a", "Data": ""})")) ==
              "ResourceNotFoundException: Stream s under account 123456789012 not found.");
    }
    cloud.settle();

    SECTION("answers shard and sequence number, and growing ones") {
        const auto first = cloud.result(
            "kinesis.PutRecord", R"({"StreamName": "s", "PartitionKey": "a", "Data": "YQ=="})");
        const auto second =
            cloud.result("kinesis.PutRecord",
                         R"({"StreamARN": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
                "PartitionKey": "a", "Data": ""})");
        CHECK(first.at("ShardId") == "shardId-000000000000");
        CHECK(text(first.at("SequenceNumber")).starts_with("49"));
        CHECK(text(first.at("SequenceNumber")).size() == 56);
        CHECK(text(first.at("SequenceNumber")) < text(second.at("SequenceNumber")));
    }

    SECTION("obeys ExplicitHashKey") {
        CHECK(cloud
                  .result("kinesis.PutRecord", R"({"StreamName": "s", "PartitionKey": "a",
                     "Data": "", "ExplicitHashKey": "340282366920938463463374607431768211455"})")
                  .at("ShardId") == "shardId-000000000001");
    }

    SECTION("refuses") {
        const auto [members, error] = GENERATE(table<std::string, std::string>({
            {R"("StreamName": "none")",
             "ResourceNotFoundException: Stream none under account 123456789012 not found."},
            {R"("StreamName": "s", "ExplicitHashKey": "340282366920938463463374607431768211456")",
             "InvalidArgumentException: Invalid ExplicitHashKey. ExplicitHashKey must be in the "
             "range: [0, 2^128-1]. Specified value was 340282366920938463463374607431768211456"},
            {R"("StreamName": "s", "SequenceNumberForOrdering": "1")",
             "InvalidArgumentException: ExclusiveMinimumSequenceNumber 1 used in PutRecord on "
             "stream s under account 123456789012 is invalid."},
        }));
        INFO(members);
        CHECK(error_of(cloud.call("kinesis.PutRecord", R"({"PartitionKey": "a", "Data": "", )" +
                                                           members + "}")) == error);
    }

    SECTION("takes a record of 1 MiB and refuses one byte more") {
        const auto put = [&](std::size_t size) {
            boost::json::object request{{"StreamName", "s"}, {"PartitionKey", "a"}};
            request["Data"] = base64_encode(std::string(size, 'x'));
            return error_of(cloud.call("kinesis.PutRecord", boost::json::serialize(request)));
        };
        CHECK(put(1048576) == "none");
        CHECK(put(1048577) ==
              "ValidationException: 1 validation error detected: Value "
              "'java.nio.HeapByteBuffer[pos=0 lim=1048577 cap=1048577]' at 'data' failed to "
              "satisfy constraint: Member must have length less than or equal to 1048576");
    }
}

TEST_CASE("PutRecords", "[kinesis][put-records]") {
    TestCloud cloud;
    cloud.result("kinesis.CreateStream", R"({"StreamName": "s", "ShardCount": 1})");
    cloud.settle();

    SECTION("answers one entry per record, in order") {
        const auto reply = cloud.result("kinesis.PutRecords", R"({"StreamName": "s", "Records": [
            {"PartitionKey": "a", "Data": "MQ=="}, {"PartitionKey": "b", "Data": "Mg=="}]})");
        CHECK(reply.at("FailedRecordCount") == 0);
        CHECK(reply.at("Records").as_array().size() == 2);
        CHECK(data_of(read(cloud, iterator(cloud, R"("ShardIteratorType": "TRIM_HORIZON")"))) ==
              "MQ== Mg== ");
    }
    SECTION("stores nothing when one record is bad") {
        CHECK(error_of(cloud.call("kinesis.PutRecords", R"({"StreamName": "s", "Records": [
                  {"PartitionKey": "a", "Data": "MQ=="},
                  {"PartitionKey": "b", "Data": "", "ExplicitHashKey":
                   "999999999999999999999999999999999999999"}]})"))
                  .starts_with("InvalidArgumentException: Invalid ExplicitHashKey."));
        CHECK(data_of(read(cloud, iterator(cloud, R"("ShardIteratorType": "TRIM_HORIZON")"))) ==
              "");
    }
}

TEST_CASE("GetShardIterator", "[kinesis][get-shard-iterator]") {
    TestCloud cloud;
    cloud.result("kinesis.CreateStream", R"({"StreamName": "s", "ShardCount": 2})");
    cloud.settle();
    std::vector<std::string> numbers;
    for (const char* data : {"MQ==", "Mg==", "Mw=="}) {
        numbers.push_back(text(cloud
                                   .result("kinesis.PutRecord",
                                           R"({"StreamName": "s", "PartitionKey": "a", "Data": ")" +
                                               std::string(data) + "\"}")
                                   .at("SequenceNumber")));
        cloud.advance(Duration{1000});
    }

    SECTION("starts where it is told") {
        const auto from = [&](const std::string& members) {
            return data_of(read(cloud, iterator(cloud, members)));
        };
        CHECK(from(R"("ShardIteratorType": "TRIM_HORIZON")") == "MQ== Mg== Mw== ");
        CHECK(from(R"("ShardIteratorType": "LATEST")") == "");
        CHECK(from(R"("ShardIteratorType": "AT_SEQUENCE_NUMBER", "StartingSequenceNumber": ")" +
                   numbers[1] + "\"") == "Mg== Mw== ");
        CHECK(from(R"("ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "StartingSequenceNumber": ")" +
                   numbers[1] + "\"") == "Mw== ");
        CHECK(from(R"("ShardIteratorType": "AT_TIMESTAMP", "Timestamp": 1488326401000)") ==
              "Mg== Mw== ");
        CHECK(from(R"("ShardIteratorType": "AT_TIMESTAMP", "Timestamp": 1488326403000)") == "");
    }

    SECTION("LATEST sees what is put after it was issued") {
        const auto latest = iterator(cloud, R"("ShardIteratorType": "LATEST")");
        cloud.result("kinesis.PutRecord",
                     R"({"StreamName": "s", "PartitionKey": "a", "Data": "NA=="})");
        CHECK(data_of(read(cloud, latest)) == "NA== ");
    }

    SECTION("refuses") {
        const auto [members, error] = GENERATE(table<std::string, std::string>({
            {R"("ShardId": "x", "ShardIteratorType": "LATEST")",
             "ResourceNotFoundException: Could not find shard x in stream s under account "
             "123456789012."},
            {R"("ShardId": "shardId-000000000002", "ShardIteratorType": "LATEST")",
             "ResourceNotFoundException: Shard shardId-000000000002 in stream s under account "
             "123456789012 does not exist"},
            {R"("ShardId": "shardId-000000000000", "ShardIteratorType": "LATEST",
                "StartingSequenceNumber": "1")",
             "InvalidArgumentException: Must either specify (1) AT_SEQUENCE_NUMBER or "
             "AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and "
             "no StartingSequenceNumber. Request specified LATEST and also a "
             "StartingSequenceNumber."},
            {R"("ShardId": "shardId-000000000000", "ShardIteratorType": "AT_SEQUENCE_NUMBER")",
             "InvalidArgumentException: Must either specify (1) AT_SEQUENCE_NUMBER or "
             "AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and "
             "no StartingSequenceNumber. Request specified AT_SEQUENCE_NUMBER and no "
             "StartingSequenceNumber."},
            {R"("ShardId": "shardId-000000000000", "ShardIteratorType": "AT_SEQUENCE_NUMBER",
                "StartingSequenceNumber": "1")",
             "InvalidArgumentException: StartingSequenceNumber 1 used in GetShardIterator on "
             "shard shardId-000000000000 in stream s under account 123456789012 is invalid."},
            {R"("ShardId": "shardId-000000000000", "ShardIteratorType": "AT_SEQUENCE_NUMBER",
                "StartingSequenceNumber":
                "49546986683135544286507457936321625675700192471156785154")",
             "InvalidArgumentException: StartingSequenceNumber "
             "49546986683135544286507457936321625675700192471156785154 used in GetShardIterator "
             "on shard shardId-000000000000 in stream s under account 123456789012 is invalid "
             "because it did not come from this stream."},
            {R"("ShardId": "shardId-000000000001", "ShardIteratorType": "AT_SEQUENCE_NUMBER",
                "StartingSequenceNumber":
                "49546986683135544286507457936321625675700192471156785154")",
             "InvalidArgumentException: Invalid StartingSequenceNumber. It encodes "
             "shardId-000000000000, while it was used in a call to a shard with "
             "shardId-000000000001"},
            {R"("ShardId": "shardId-000000000000", "ShardIteratorType": "AT_TIMESTAMP")",
             "InvalidArgumentException: Must specify timestampInMillis parameter for iterator of "
             "type AT_TIMESTAMP. Current request has no timestamp parameter."},
            {R"("ShardId": "shardId-000000000000", "ShardIteratorType": "AT_TIMESTAMP",
                "Timestamp": 1588326400000)",
             "InvalidArgumentException: The timestampInMillis parameter cannot be greater than "
             "the currentTimestampInMillis. timestampInMillis: 1588326400000, "
             "currentTimestampInMillis: 1488326403000"},
        }));
        INFO(members);
        CHECK(error_of(cloud.call("kinesis.GetShardIterator",
                                  R"({"StreamName": "s", )" + members + "}")) == error);
    }
}

TEST_CASE("GetRecords", "[kinesis][get-records]") {
    TestCloud cloud;
    cloud.result("kinesis.CreateStream", R"({"StreamName": "s", "ShardCount": 1})");
    cloud.settle();
    const auto put = [&](const std::string& data) {
        return cloud.result(
            "kinesis.PutRecord",
            R"({"StreamName": "s", "PartitionKey": "key", "Data": ")" + data + "\"}");
    };

    SECTION("answers records whole, and how far behind they are") {
        const auto number = put("YQ==").at("SequenceNumber");
        cloud.advance(Duration{5000});
        put("Yg==");
        const auto start = iterator(cloud, R"("ShardIteratorType": "TRIM_HORIZON")");
        const auto reply =
            cloud.result("kinesis.GetRecords", R"({"Limit": 1, "ShardIterator": ")" +
                                                   text(start.at("ShardIterator")) + "\"}");
        CHECK(reply.at("Records").as_array().size() == 1);
        CHECK(reply.at_pointer("/Records/0") ==
              boost::json::value({{"SequenceNumber", number},
                                  {"ApproximateArrivalTimestamp", 1488326400000},
                                  {"Data", "YQ=="},
                                  {"PartitionKey", "key"}}));
        CHECK(reply.at("MillisBehindLatest") == 5000);
        const auto rest =
            cloud.result("kinesis.GetRecords",
                         R"({"ShardIterator": ")" + text(reply.at("NextShardIterator")) + "\"}");
        CHECK(data_of(rest) == "Yg== ");
        CHECK(rest.at("MillisBehindLatest") == 0);
        const auto tip =
            cloud.result("kinesis.GetRecords",
                         R"({"ShardIterator": ")" + text(rest.at("NextShardIterator")) + "\"}");
        CHECK(data_of(tip) == "");
        CHECK(tip.at("MillisBehindLatest") == 0);
    }

    SECTION("forgets records after the retention period") {
        put("YQ==");
        cloud.advance(std::chrono::hours(24));
        CHECK(data_of(read(cloud, iterator(cloud, R"("ShardIteratorType": "TRIM_HORIZON")"))) ==
              "");
        put("Yg==");
        CHECK(data_of(read(cloud, iterator(cloud, R"("ShardIteratorType": "TRIM_HORIZON")"))) ==
              "Yg== ");
    }

    SECTION("refuses an iterator after 300 seconds, with both times in the text") {
        const auto start = iterator(cloud, R"("ShardIteratorType": "TRIM_HORIZON")");
        cloud.advance(Duration{300'000});
        CHECK(data_of(read(cloud, start)) == "");
        cloud.advance(Duration{1'000});
        CHECK(error_of(cloud.call("kinesis.GetRecords", boost::json::serialize(start))) ==
              "ExpiredIteratorException: Iterator expired. The iterator was created at time Wed "
              "Mar 01 00:00:00 UTC 2017 while right now it is Wed Mar 01 00:05:01 UTC 2017 which "
              "is further in the future than the tolerated delay of 300000 milliseconds.");
    }

    SECTION("refuses garbage") {
        const std::string real =
            text(iterator(cloud, R"("ShardIteratorType": "TRIM_HORIZON")").at("ShardIterator"));
        CHECK(real.size() <= 512);
        std::string changed = real;
        changed[50] = changed[50] == 'A' ? 'B' : 'A';
        for (const std::string& wrong : {std::string("nonsense"), std::string("YWJj"), changed}) {
            INFO(wrong);
            CHECK(error_of(
                      cloud.call("kinesis.GetRecords", R"({"ShardIterator": ")" + wrong + "\"}")) ==
                  "InvalidArgumentException: Invalid ShardIterator.");
        }
    }
}

}  // namespace sbemu
