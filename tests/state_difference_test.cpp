// What `sbemu snapshot diff` tells of two states.
#include "emulator/capture/state_difference.h"

#include <catch2/catch.hpp>

#include "tests/test_cloud.h"

using namespace sbemu;

TEST_CASE("compare_states tells rows that came, went and changed", "[snapshot]") {
    TestCloud cloud;
    cloud.result("s3.CreateBucket", R"({"Bucket": "stays"})");
    cloud.result("s3.PutObject", R"({"Bucket": "stays", "Key": "k"})", "one");
    cloud.result("s3.CreateBucket", R"({"Bucket": "goes"})");
    Store before(":memory:");
    before.load(cloud.store.image());
    CHECK(compare_states(before, cloud.store).rows.empty());

    cloud.result("s3.PutObject", R"({"Bucket": "stays", "Key": "k"})", "four");
    cloud.result("s3.DeleteBucket", R"({"Bucket": "goes"})");
    cloud.result("s3.CreateBucket", R"({"Bucket": "comes"})");
    const StateDifference difference = compare_states(before, cloud.store);
    CHECK(difference.events == 3);
    REQUIRE(difference.rows.size() == 3);
    CHECK(difference.rows[0].table == "S3 buckets");
    CHECK(difference.rows[0].sign == '-');
    CHECK(difference.rows[0].key == "123456789012 goes");
    CHECK(difference.rows[1].sign == '+');
    CHECK(difference.rows[1].key == "123456789012 comes");
    CHECK(difference.rows[1].columns.front() == "region: us-east-1");
    CHECK(difference.rows[2].table == "S3 objects");
    CHECK(difference.rows[2].sign == '~');
    const auto& columns = difference.rows[2].columns;
    CHECK(std::find(columns.begin(), columns.end(), "size: 3 -> 4") != columns.end());
}

TEST_CASE("accounts do not see each other", "[snapshot]") {
    TestCloud cloud;
    cloud.result("s3.CreateBucket", R"({"Bucket": "events"})");
    cloud.result("s3.PutObject", R"({"Bucket": "events", "Key": "k"})", "one's");
    cloud.result("kinesis.CreateStream", R"({"StreamName": "stream", "ShardCount": 1})");
    cloud.caller = {"222222222222", "us-east-1", "222222222222"};
    CHECK(cloud.result("kinesis.ListStreams").at("StreamNames").as_array().empty());
    cloud.result("s3.CreateBucket", R"({"Bucket": "events"})");
    CHECK(error_of(cloud.call("s3.GetObject", R"({"Bucket": "events", "Key": "k"})")) ==
          "NoSuchKey: The specified key does not exist.");
}
