// What `sbemu snapshot diff` tells of two states.
#include "emulator/capture/state_difference.h"

#include <catch2/catch.hpp>

#include "emulator/capture/member_difference.h"
#include "tests/test_cloud.h"

namespace sbemu {

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

TEST_CASE("compare_states calls rows by the names that people know", "[snapshot]") {
    TestCloud cloud;
    cloud.result("dynamodb.CreateTable", R"({"TableName": "env", "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [{"AttributeName": "name", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "name", "AttributeType": "S"}]})");
    cloud.advance(Duration{60'000});
    cloud.result("dynamodb.PutItem",
                 R"({"TableName": "env", "Item": {"name": {"S": "fn"}, "v": {"N": "1"}}})");
    Store before(":memory:");
    before.load(cloud.store.image());
    cloud.result("dynamodb.PutItem",
                 R"({"TableName": "env", "Item": {"name": {"S": "fn"}, "v": {"N": "2"}}})");
    const StateDifference changed = compare_states(before, cloud.store);
    // The counts of the table follow from its items: they are not told.
    REQUIRE(changed.rows.size() == 1);
    CHECK(changed.rows[0].key == "env fn");
    CHECK(changed.rows[0].columns == std::vector<std::string>{R"(item.v.N: "1" -> "2")"});

    cloud.result("dynamodb.DeleteTable", R"({"TableName": "env"})");
    cloud.advance(Duration{60'000});
    const StateDifference deleted = compare_states(before, cloud.store);
    REQUIRE(deleted.rows.size() == 2);
    CHECK(deleted.rows[0].key == "env fn");
    CHECK(deleted.rows[1].key == "123456789012 us-east-1 env");
}

TEST_CASE("names of the schema are quoted in SQL", "[snapshot]") {
    TestCloud cloud;
    const std::string table = R"(a" WHERE 0; DROP TABLE s3_bucket; --)";
    cloud.store.script("CREATE TABLE " + sql_name(table) +
                       R"( ("order ""by"" it" TEXT PRIMARY KEY, "select" TEXT) STRICT)");
    Store before(":memory:");
    before.load(cloud.store.image());
    cloud.store.script("INSERT INTO " + sql_name(table) + " VALUES ('k', 'v')");
    const StateDifference difference = compare_states(before, cloud.store);
    REQUIRE(difference.rows.size() == 1);
    CHECK(difference.rows[0].table == table);
    CHECK(difference.rows[0].key == "k");
    CHECK(difference.rows[0].columns == std::vector<std::string>{"select: v"});
}

TEST_CASE("describe_differences names the smallest parts that differ", "[snapshot]") {
    const auto [before, after, expected] = GENERATE(table<std::string, std::string, std::string>({
        {R"({"a": 1, "b": {"c": [1, 2]}})", R"({"b": {"c": [1, 3]}, "a": 1})", "b.c[1]: 2 -> 3"},
        {R"({"a": [1, 2]})", R"({"a": [1]})", "a: [1,2] -> [1]"},
        {R"({"a": null})", R"({})", "a: null -> (nothing)"},
        {R"({"a": {"b": 1}})", R"({"a": "b"})", R"(a: {"b":1} -> "b")"},
        {R"("one")", R"("two")", R"("one" -> "two")"},
    }));
    CHECK(describe_differences("", json(before), json(after)) == std::vector{expected});
    CHECK(describe_differences("", json(before), json(before)).empty());
}

TEST_CASE("long texts are shortened between two letters", "[snapshot]") {
    const std::string text = std::string(159, 'x') + "\u00e4" + "end";
    CHECK(shortened(text) == std::string(159, 'x') + "... (164 bytes)");
    CHECK(shortened(std::string(160, 'x')) == std::string(160, 'x'));
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

}  // namespace sbemu
