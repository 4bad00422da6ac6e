// The log of a kernel that keeps reads back: what is written when, and that nothing is lost of it.
#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "emulator/core/event_log.h"
#include "emulator/core/json_text.h"
#include "emulator/core/timers.h"
#include "tests/test_cloud.h"

namespace sbemu {

namespace {

constexpr std::string_view kTable = R"({"TableName": "notes", "BillingMode": "PAY_PER_REQUEST",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}]})";
constexpr std::string_view kRead = R"({"TableName": "notes", "Key": {"id": {"S": "a"}}})";
constexpr std::string_view kWrite = R"({"TableName": "notes", "Item": {"id": {"S": "a"}}})";

std::vector<std::string> logged(TestCloud& cloud) {
    std::vector<std::string> operations;
    for (const LoggedEvent& logged : read_events(cloud.store, 0, 1000)) {
        CHECK(logged.number == static_cast<std::int64_t>(operations.size()) + 1);
        if (logged.event.service == "dynamodb")
            operations.push_back(logged.event.operation);
        else
            operations.push_back(logged.event.service);
    }
    return operations;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("The log of a kernel that keeps reads back", "[kernel]") {
    TestCloud cloud;
    cloud.result("dynamodb.CreateTable", kTable);
    cloud.advance(Duration{60'000});
    cloud.result("dynamodb.PutItem", kWrite);
    const Names before = logged(cloud);
    const auto after = [&](const Names& more) {
        Names all = before;
        all.insert(all.end(), more.begin(), more.end());
        return all;
    };
    cloud.kernel.keep_reads_back(2);

    SECTION("lacks reads until something is written, and then has them in their order") {
        cloud.result("dynamodb.GetItem", kRead);
        CHECK(cloud.kernel.has_kept_reads());
        CHECK(logged(cloud) == before);
        cloud.result("dynamodb.PutItem", kWrite);
        CHECK_FALSE(cloud.kernel.has_kept_reads());
        CHECK(logged(cloud) == after({"GetItem", "PutItem"}));
    }

    SECTION("has them when too many wait") {
        for (int i = 0; i < 3; ++i) cloud.result("dynamodb.GetItem", kRead);
        CHECK(logged(cloud) == after({"GetItem", "GetItem", "GetItem"}));
    }

    SECTION("has them when it is asked for") {
        cloud.call("dynamodb.GetItem", R"({"TableName": "absent", "Key": {}})");
        cloud.kernel.write_log();
        CHECK(logged(cloud) == after({"GetItem"}));
        cloud.kernel.write_log();
        CHECK(logged(cloud) == after({"GetItem"}));
    }

    SECTION("counts a write that failed as one") {
        cloud.result("dynamodb.GetItem", kRead);
        cloud.call("kinesis.CreateStream", R"({"StreamName": "s", "ShardCount": 1})");
        CHECK(logged(cloud) == after({"GetItem", "kinesis"}));
    }

    SECTION("is read from any event on, as many as asked for") {
        for (int i = 0; i < 2; ++i) cloud.result("dynamodb.GetItem", kRead);
        cloud.result("dynamodb.PutItem", kWrite);
        const auto last = cloud.kernel.event_count();
        const auto events = read_events(cloud.store, last - 2, 1);
        REQUIRE(events.size() == 1);
        CHECK(events[0].number == last - 1);
        CHECK(read_events(cloud.store, last - 2, 5).size() == 2);
        CHECK(read_events(cloud.store, last, 5).empty());
        CHECK(last_logged(cloud.store).number == last);
        CHECK(last_logged(cloud.store).at == events[0].event.at);
    }

    SECTION("keeps every member of an event, whatever is in it") {
        const std::size_t size = GENERATE(10U, 70'000U);  // in the row, and as a blob
        Event event;
        event.at = cloud.kernel.last_event_time();
        event.seed = ~std::uint64_t{0} - 1;
        event.caller = {"123456789012", "us-east-1", "key \"\\\n\xc3\xa9"};
        event.service = "dynamodb";
        event.operation = "ListTables";
        event.params = {{"ExclusiveStartTableName", std::string(size, 'x')}};
        event.body = "bytes";
        boost::json::value deep = "bottom";
        for (std::size_t level = 1; level < kDeepestJson; ++level) {
            deep = boost::json::array{std::move(deep)};
        }
        event.params["Deep"] = std::move(deep);
        event.function = "arn:f";
        event.invocation = "i";
        const Applied applied = cloud.kernel.apply(event);
        cloud.kernel.write_log();
        const auto events = read_events(cloud.store, applied.event - 1, 5);
        REQUIRE(events.size() == 1);
        const Event& read = events[0].event;
        CHECK(read.at == event.at);
        CHECK(read.seed == event.seed);
        CHECK(read.caller.account == event.caller.account);
        CHECK(read.caller.region == event.caller.region);
        CHECK(read.caller.access_key == event.caller.access_key);
        CHECK(read.service == event.service);
        CHECK(read.operation == event.operation);
        CHECK(read.params == event.params);
        CHECK(read.body == event.body);
        CHECK(read.function == event.function);
        CHECK(read.invocation == event.invocation);
        CHECK(events[0].reply == reply_fingerprint(applied));
        CHECK(events[0].last_draw == applied.last_draw);
    }

    SECTION("can be looked at with SQL") {
        cloud.result("dynamodb.PutItem", kWrite);
        const auto row = cloud.store.find<std::string, std::string, std::int64_t>(
            "SELECT operation, params, status FROM kernel_event ORDER BY number DESC LIMIT 1");
        REQUIRE(row);
        CHECK(std::get<0>(*row) == "PutItem");
        CHECK(boost::json::parse(std::get<1>(*row)) == boost::json::parse(kWrite));
        CHECK(std::get<2>(*row) == 200);
    }

    SECTION("is replayed to the same answers") {
        cloud.result("dynamodb.GetItem", kRead);
        cloud.result("dynamodb.PutItem", kWrite);
        TestCloud again;
        for (const LoggedEvent& logged : read_events(cloud.store, 0, 1000)) {
            const Applied applied = again.kernel.apply(logged.event);
            CHECK(applied.event == logged.number);
            CHECK(reply_fingerprint(applied) == logged.reply);
            CHECK(applied.last_draw == logged.last_draw);
        }
    }

    SECTION("goes on with the next number when the kept ones are lost in a crash") {
        const std::int64_t last = cloud.kernel.event_count();
        cloud.result("dynamodb.GetItem", kRead);
        cloud.kernel.reload();
        CHECK(cloud.kernel.event_count() == last);
        cloud.result("dynamodb.PutItem", kWrite);
        CHECK(logged(cloud) == after({"PutItem"}));
    }
}

TEST_CASE("A state of an older format gets the tables that it lacks, or is refused", "[kernel]") {
    TestCloud cloud;
    cloud.result("dynamodb.CreateTable", R"({"TableName": "env", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}]})");
    cloud.settle();
    cloud.store.script("DROP TABLE dynamodb_destination; PRAGMA user_version = 6");
    cloud.kernel.reload();
    CHECK(cloud.result("dynamodb.DescribeKinesisStreamingDestination", R"({"TableName": "env"})")
              .at("TableName") == "env");
    CHECK(Kernel::reads_format(6));
    CHECK_FALSE(Kernel::reads_format(5));
    CHECK_FALSE(Kernel::reads_format(8));
}

}  // namespace sbemu
