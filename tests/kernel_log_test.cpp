// The log of a kernel that keeps reads back: what is written when, and that nothing is lost of it.
#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "emulator/core/event_log.h"
#include "emulator/core/timers.h"
#include "tests/test_cloud.h"

using namespace sbemu;

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
