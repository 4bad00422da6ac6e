// The five operations on event source mappings. facts/lambda.md 1, recorded/lambda-event-source-
// mapping, recorded/lambda (test_event_source_mapping_*).
#include <catch2/catch.hpp>

#include "tests/lambda_test_support.h"

namespace sbemu {

namespace {

constexpr const char* kStream = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";
constexpr const char* kWorker = "arn:aws:lambda:us-east-1:123456789012:function:worker";

void create_stream_and_worker(TestCloud& cloud) {
    cloud.result("kinesis.CreateStream", R"({"StreamName": "orders", "ShardCount": 1})");
    create_worker(cloud);
    cloud.advance(Duration{1000});
    cloud.effects.clear();
}

std::string mapping_request(const std::string& function = "worker",
                            const std::string& extra = R"(, "StartingPosition": "TRIM_HORIZON")") {
    return R"({"EventSourceArn": ")" + std::string(kStream) + R"(", "FunctionName": ")" + function +
           R"(")" + extra + "}";
}

std::string create_mapping(TestCloud& cloud, const std::string& request = mapping_request()) {
    return member_text(cloud.result("lambda.CreateEventSourceMapping", request).as_object(),
                       "UUID");
}

std::string with_uuid(const std::string& uuid, const std::string& extra = "") {
    return R"({"UUID": ")" + uuid + R"(")" + extra + "}";
}

std::string state_of(TestCloud& cloud, const std::string& uuid) {
    return text(cloud.result("lambda.GetEventSourceMapping", with_uuid(uuid)).at("State"));
}

}  // namespace

TEST_CASE("CreateEventSourceMapping", "[lambda][event-source-mapping]") {
    TestCloud cloud;
    create_stream_and_worker(cloud);

    SECTION("answers the whole configuration, Creating") {
        auto created = cloud.result("lambda.CreateEventSourceMapping", mapping_request());
        const std::string uuid = text(created.at("UUID"));
        CHECK(uuid.size() == 36);
        CHECK(text(created.at("EventSourceMappingArn")) ==
              "arn:aws:lambda:us-east-1:123456789012:event-source-mapping:" + uuid);
        CHECK(created.at("LastModified") == to_milliseconds(cloud.now()));
        for (const char* varying : {"UUID", "EventSourceMappingArn", "LastModified"}) {
            created.as_object().erase(varying);
        }
        CHECK(created == json(R"({
            "BatchSize": 100, "BisectBatchOnFunctionError": false,
            "DestinationConfig": {"OnFailure": {}},
            "EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/orders",
            "FunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:worker",
            "FunctionResponseTypes": [], "LastProcessingResult": "No records processed",
            "MaximumBatchingWindowInSeconds": 0, "MaximumRecordAgeInSeconds": -1,
            "MaximumRetryAttempts": -1, "ParallelizationFactor": 1,
            "StartingPosition": "TRIM_HORIZON", "State": "Creating",
            "StateTransitionReason": "User action", "TumblingWindowInSeconds": 0})"));
        cloud.settle();
        CHECK(state_of(cloud, uuid) == "Enabled");
    }

    SECTION("makes it Disabled if Enabled is false") {
        const std::string uuid = create_mapping(
            cloud,
            mapping_request("worker", R"(, "StartingPosition": "LATEST", "Enabled": false)"));
        CHECK(state_of(cloud, uuid) == "Creating");
        cloud.settle();
        CHECK(state_of(cloud, uuid) == "Disabled");
    }

    SECTION("keeps the qualifier that was given, and takes each as another mapping") {
        auto [form, arn] = GENERATE(table<std::string, std::string>({
            {"worker", kWorker},
            {kWorker, kWorker},
            {"123456789012:function:worker", kWorker},
            {"worker:$LATEST", std::string(kWorker) + ":$LATEST"},
            {"123456789012:function:worker:$LATEST", std::string(kWorker) + ":$LATEST"},
        }));
        INFO(form);
        const auto created = cloud.result("lambda.CreateEventSourceMapping", mapping_request(form));
        CHECK(text(created.at("FunctionArn")) == arn);
        const std::string other = arn == kWorker ? "worker:$LATEST" : "worker";
        CHECK(error_of(cloud.call("lambda.CreateEventSourceMapping", mapping_request(other))) ==
              "none");
    }

    SECTION("refuses a second mapping of the same stream and function") {
        const std::string uuid = create_mapping(cloud);
        CHECK(error_of(cloud.call("lambda.CreateEventSourceMapping", mapping_request(kWorker))) ==
              "ResourceConflictException: The event source arn (\" " + std::string(kStream) +
                  " \") and function (\" worker \") provided mapping already exists. Please update "
                  "or delete the existing mapping with UUID " +
                  uuid);
    }

    SECTION("refuses") {
        const std::string start = R"(, "StartingPosition": "LATEST")";
        auto [wrong, request, error] = GENERATE_COPY(table<std::string, std::string, std::string>({
            {"no source", R"({"FunctionName": "worker"})",
             "InvalidParameterValueException: Unrecognized event source."},
            {"a missing function", mapping_request("none"),
             "InvalidParameterValueException: Function does not exist"},
            {"no starting position", mapping_request("worker", ""),
             "InvalidParameterValueException: 1 validation error detected: Value null at "
             "'startingPosition' failed to satisfy constraint: Member must not be null."},
            {"a missing stream",
             R"({"FunctionName": "worker", "StartingPosition": "LATEST", "EventSourceArn":
                     "arn:aws:kinesis:us-east-1:123456789012:stream/none"})",
             "InvalidParameterValueException: Stream not found: "
             "arn:aws:kinesis:us-east-1:123456789012:stream/none"},
            {"AT_TIMESTAMP on a table's stream",
             R"({"FunctionName": "worker", "StartingPosition": "AT_TIMESTAMP",
                     "StartingPositionTimestamp": 1, "EventSourceArn":
                     "arn:aws:dynamodb:us-east-1:123456789012:table/t/stream/2017"})",
             "InvalidParameterValueException: Unsupported starting position for arn type: "
             "arn:aws:dynamodb:us-east-1:123456789012:table/t/stream/2017"},
            {"a destination for successes",
             mapping_request("worker", start + R"(, "DestinationConfig": {"OnSuccess":
                     {"Destination": "arn:aws:sqs:us-east-1:123456789012:q"}})"),
             "InvalidParameterValueException: Unsupported DestinationConfig parameter for "
             "given event source mapping type."},
            {"a record age below a minute",
             mapping_request("worker", start + R"(, "MaximumRecordAgeInSeconds": 59)"),
             "InvalidParameterValueException: MaximumRecordAgeInSeconds must be either -1 "
             "(forever) or between 60 and 604800 (inclusive)"},
            {"lanes", mapping_request("worker", start + R"(, "ParallelizationFactor": 2)"),
             "NotImplemented: sbemu does not implement lambda event source mapping "
             "ParallelizationFactor yet."},
            {"filters", mapping_request("worker", start + R"(, "FilterCriteria": {"Filters":
                     [{"Pattern": "{}"}]})"),
             "NotImplemented: sbemu does not implement lambda event source mapping "
             "FilterCriteria yet."},
            {"a queue",
             R"({"FunctionName": "worker",
                     "EventSourceArn": "arn:aws:sqs:us-east-1:123456789012:q"})",
             "NotImplemented: sbemu does not implement lambda event source mappings of sqs "
             "yet."},
        }));
        INFO(wrong);
        CHECK(error_of(cloud.call("lambda.CreateEventSourceMapping", request)) == error);
        CHECK(cloud.result("lambda.ListEventSourceMappings") ==
              json(R"({"EventSourceMappings": []})"));
    }

    SECTION("drops an empty filter") {
        const auto created =
            cloud.result("lambda.CreateEventSourceMapping",
                         mapping_request("worker", R"(, "StartingPosition": "LATEST",
                                         "FilterCriteria": {"Filters": []})"));
        CHECK_FALSE(created.as_object().contains("FilterCriteria"));
    }
}

TEST_CASE("UpdateEventSourceMapping", "[lambda][event-source-mapping]") {
    TestCloud cloud;
    create_stream_and_worker(cloud);
    const std::string uuid = create_mapping(cloud);

    SECTION("is refused while a transition runs") {
        CHECK(error_of(cloud.call("lambda.UpdateEventSourceMapping", with_uuid(uuid))) ==
              "ResourceInUseException: Cannot update the event source mapping because it is in "
              "use.");
        CHECK(error_of(cloud.call("lambda.DeleteEventSourceMapping", with_uuid(uuid))) ==
              "ResourceInUseException: Cannot delete the event source mapping because it is in "
              "use.");
    }

    SECTION("goes through the state that says what changes") {
        cloud.settle();
        const auto update = [&](const std::string& extra) {
            return text(cloud.result("lambda.UpdateEventSourceMapping", with_uuid(uuid, extra))
                            .at("State"));
        };
        CHECK(update(R"(, "BatchSize": 5, "Enabled": true)") == "Updating");
        cloud.settle();
        CHECK(state_of(cloud, uuid) == "Enabled");
        CHECK(update(R"(, "Enabled": false)") == "Disabling");
        cloud.settle();
        CHECK(state_of(cloud, uuid) == "Disabled");
        CHECK(update(R"(, "BatchSize": 6)") == "Updating");
        cloud.settle();
        CHECK(state_of(cloud, uuid) == "Disabled");
        CHECK(update(R"(, "Enabled": true)") == "Enabling");
        cloud.settle();
        CHECK(state_of(cloud, uuid) == "Enabled");
        CHECK(cloud.result("lambda.GetEventSourceMapping", with_uuid(uuid)).at("BatchSize") == 6);
    }

    SECTION("answers with the new function") {
        cloud.settle();
        cloud.result("lambda.CreateFunction", function_request("other"));
        const auto updated = cloud.result("lambda.UpdateEventSourceMapping",
                                          with_uuid(uuid, R"(, "FunctionName": "other")"));
        CHECK(updated.at("FunctionArn") == "arn:aws:lambda:us-east-1:123456789012:function:other");
    }

    SECTION("refuses a mapping or function that is not there") {
        cloud.settle();
        CHECK(error_of(cloud.call("lambda.UpdateEventSourceMapping", with_uuid("none"))) ==
              "ResourceNotFoundException: The resource you requested does not exist.");
        CHECK(error_of(cloud.call("lambda.UpdateEventSourceMapping",
                                  with_uuid(uuid, R"(, "FunctionName": "none")"))) ==
              "InvalidParameterValueException: Function does not exist");
    }
}

TEST_CASE("DeleteEventSourceMapping", "[lambda][event-source-mapping]") {
    TestCloud cloud;
    create_stream_and_worker(cloud);
    const std::string uuid = create_mapping(cloud);
    cloud.settle();
    const auto deleted = cloud.result("lambda.DeleteEventSourceMapping", with_uuid(uuid));
    CHECK(deleted.at("State") == "Deleting");
    CHECK(text(deleted.at("UUID")) == uuid);
    CHECK(state_of(cloud, uuid) == "Deleting");
    cloud.settle();
    for (const char* operation : {"Get", "Update", "Delete"}) {
        CHECK(error_of(cloud.call(std::string("lambda.") + operation + "EventSourceMapping",
                                  with_uuid(uuid))) ==
              "ResourceNotFoundException: The resource you requested does not exist.");
    }
    CHECK(error_of(cloud.call("lambda.CreateEventSourceMapping", mapping_request())) == "none");
}

TEST_CASE("ListEventSourceMappings", "[lambda][event-source-mapping]") {
    TestCloud cloud;
    create_stream_and_worker(cloud);
    cloud.result("lambda.CreateFunction", function_request("other"));
    const std::string first = create_mapping(cloud);
    const std::string second = create_mapping(cloud, mapping_request("other"));
    cloud.settle();
    const auto listed = [&](const std::string& request) {
        std::vector<std::string> uuids;
        const auto answer = cloud.result("lambda.ListEventSourceMappings", request);
        for (const auto& mapping : answer.at("EventSourceMappings").as_array()) {
            CHECK(mapping.at("State") == "Enabled");
            uuids.push_back(text(mapping.at("UUID")));
        }
        return uuids;
    };

    SECTION("filters by stream and by function, named or by ARN") {
        CHECK(listed("{}") == std::vector{first, second});
        CHECK(listed(R"({"FunctionName": "worker"})") == std::vector{first});
        CHECK(listed(R"({"FunctionName": ")" + std::string(kWorker) + R"("})") ==
              std::vector{first});
        CHECK(listed(R"({"EventSourceArn": ")" + std::string(kStream) +
                     R"(", "FunctionName": "other"})") == std::vector{second});
        CHECK(listed(R"({"EventSourceArn":
                         "arn:aws:kinesis:us-east-1:123456789012:stream/none"})")
                  .empty());
    }

    SECTION("pages") {
        const auto page = cloud.result("lambda.ListEventSourceMappings", R"({"MaxItems": 1})");
        CHECK(text(page.at("EventSourceMappings").at(0).at("UUID")) == first);
        const std::string rest = R"({"Marker": ")" + text(page.at("NextMarker")) + R"("})";
        CHECK(listed(rest) == std::vector{second});
        CHECK_FALSE(cloud.result("lambda.ListEventSourceMappings", rest)
                        .as_object()
                        .contains("NextMarker"));
    }

    SECTION("still knows the mappings of a deleted function") {
        cloud.result("lambda.DeleteFunction", R"({"FunctionName": "worker"})");
        cloud.settle();
        CHECK(listed(R"({"FunctionName": "worker"})") == std::vector{first});
        CHECK(
            error_of(cloud.call("lambda.ListEventSourceMappings", R"({"FunctionName": "none"})")) ==
            "ResourceNotFoundException: Function not found: "
            "arn:aws:lambda:us-east-1:123456789012:function:none");
    }

    SECTION("sees only its own account and region") {
        cloud.caller.region = "eu-west-1";
        CHECK(listed("{}").empty());
    }
}

}  // namespace sbemu
