// sbemu generate-event: events as AWS sends them.
#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "emulator/capture/generated_event.h"
#include "tests/cli_world.h"

namespace sbemu {
using Catch::Contains;
namespace js = boost::json;

namespace {

std::vector<std::string> members_of(const js::value& object) {
    std::vector<std::string> names;
    for (const auto& [name, value] : object.as_object()) names.emplace_back(name);
    return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("generate_event", "[import]") {
    SECTION("makes custom-resource requests in CloudFormation's order of members") {
        EventOptions options;
        options.request_type = "Update";
        options.properties = {{"Size", "2"}, {"Tags", "[{\"Key\": \"a\"}]"}};
        options.old_properties = {{"Size", "1"}};
        const js::object event = generate_event("cloudformation", options);
        CHECK(members_of(event) == Names{"RequestType", "ServiceToken", "ResponseURL", "StackId",
                                         "RequestId", "LogicalResourceId", "PhysicalResourceId",
                                         "ResourceType", "ResourceProperties",
                                         "OldResourceProperties"});
        CHECK(event.at("ResourceProperties").at("Size") == "2");
        CHECK(event.at("ResourceProperties").at("Tags").at(0).at("Key") == "a");
        CHECK(event.at("OldResourceProperties").at("ServiceToken") == event.at("ServiceToken"));
        CHECK_FALSE(generate_event("cloudformation", {}).contains("PhysicalResourceId"));
    }
    SECTION("makes Kinesis batches") {
        EventOptions options;
        options.data = {"one", "two"};
        const js::object event = generate_event("kinesis", options);
        const js::array& records = event.at("Records").as_array();
        REQUIRE(records.size() == 2);
        CHECK(members_of(records[0]) == Names{"kinesis", "eventSource", "eventVersion", "eventID",
                                              "eventName", "invokeIdentityArn", "awsRegion",
                                              "eventSourceARN"});
        CHECK(records[1].at("kinesis").at("data") == "dHdv");
        const auto& first = records[0].at("kinesis").at("sequenceNumber").as_string();
        const auto& second = records[1].at("kinesis").at("sequenceNumber").as_string();
        CHECK(first.size() == 56);
        CHECK(first < second);
        CHECK_THAT(print_event(event), Contains("\"approximateArrivalTimestamp\": 1488326400.001"));
    }
    SECTION("makes DynamoDB records of each kind, sized as recorded") {
        EventOptions options;
        options.item = R"({"id": {"S": "id_value_1"}})";
        const js::object event = generate_event("dynamodb", options);
        const js::value& insert = event.at("Records").at(0).at("dynamodb");
        CHECK(insert.at("SizeBytes") == 24);
        CHECK_FALSE(insert.as_object().contains("OldImage"));
        options.event_name = "REMOVE";
        const js::object removal = generate_event("dynamodb", options);
        CHECK_FALSE(removal.at("Records").at(0).at("dynamodb").as_object().contains("NewImage"));
    }
    SECTION("makes the same of the same options, and other ids of another seed") {
        for (const std::string& kind : event_kinds()) {
            INFO(kind);
            EventOptions other;
            other.seed = 2;
            CHECK(generate_event(kind, {}) == generate_event(kind, {}));
            CHECK(generate_event(kind, {}) != generate_event(kind, other));
        }
    }
    SECTION("refuses what would be no event") {
        EventOptions options;
        options.request_type = "Replace";
        CHECK_THROWS_WITH(generate_event("cloudformation", options), Contains("not 'Replace'"));
        options.item = "{\"id\": 1}";
        CHECK_THROWS_WITH(generate_event("dynamodb", options), Contains("as DynamoDB has it"));
        CHECK_THROWS_WITH(generate_event("kafka", {}), Contains("there are cloudformation"));
    }
}

TEST_CASE("sbemu generate-event", "[cli][import]") {
    const Ran ran = run_sbemu({"generate-event", "sqs", "--body", "{\"a\": 1}", "--body", "two"});
    CHECK(ran.exit_code == 0);
    const js::value event = js::parse(ran.output);
    CHECK(event.at("Records").at(0).at("body") == "{\"a\": 1}");
    CHECK(event.at("Records").at(1).at("body") == "two");
    CHECK(run_sbemu({"generate-event", "cloudformation", "--property", "x"}).exit_code == 2);
    CHECK(run_sbemu({"generate-event", "kafka"}).exit_code == 2);
}

}  // namespace sbemu
