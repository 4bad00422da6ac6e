// sbemu import: captures from events that somebody logged.
#include "emulator/capture/import.h"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "emulator/capture/generated_event.h"
#include "emulator/capture/replay.h"
#include "emulator/capture/story_line.h"
#include "emulator/core/encoding.h"
#include "emulator/core/zip.h"
#include "emulator/live/package_folder.h"
#include "tests/cli_world.h"

namespace sbemu {
using Catch::Contains;
namespace js = boost::json;

namespace {

std::string content(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

FoundEvents found_in(const std::string& text) {
    FoundEvents found;
    find_events(text, found);
    return found;
}

FoundEvents found_in_fixture(const std::string& name) {
    return found_in(content("fixtures/events/" + name));
}

// Every import must replay, also after it was written and read.
Imported import_of(const FoundEvents& found) {
    Imported imported = import_events(found.events, {});
    const Capture again = parse_capture(print_capture(imported.capture));
    const auto replayed = replay(again);
    CHECK_FALSE(replayed.difference);
    CHECK(replayed.events == again.events.size());
    return imported;
}

js::value payload_of(const Transcript& transcript) { return js::parse(transcript.payload); }

}  // namespace

TEST_CASE("import of a custom resource's Update", "[import]") {
    const FoundEvents found = found_in_fixture("custom-resource-update.log");
    REQUIRE(found.events.size() == 1);
    CHECK(found.events[0].function == "thing-maker");
    const Imported imported = import_of(found);
    CHECK(imported.notes.empty());
    const StoryLine line = take_apart(imported.capture);
    REQUIRE(line.transcripts.size() == 2);

    SECTION("has the Create before it, answered with the id that the Update names") {
        CHECK(payload_of(line.transcripts[0]).at("RequestType") == "Create");
        CHECK(payload_of(line.transcripts[0]).at("ResourceProperties").at("Size") == "1");
        CHECK(line.transcripts[0].ended);
    }
    SECTION("has CloudFormation send it itself, and leaves the answer open") {
        const js::value event = payload_of(line.transcripts[1]);
        CHECK(event.at("RequestType") == "Update");
        CHECK(event.at("PhysicalResourceId") == "thing-7");
        CHECK(event.at("OldResourceProperties").at("Size") == "1");
        CHECK(event.at("ResourceProperties").at("Tags").at(0).at("Value") == "true");
        CHECK_FALSE(line.transcripts[1].ended);
    }
    SECTION("is in sbemu's account and the event's region") {
        const std::string text = print_capture(imported.capture);
        CHECK(text.find("123456789012") == std::string::npos);
        CHECK(text.find("AKIAIOSFODNN7EXAMPLE") == std::string::npos);
        CHECK(line.transcripts[1].function ==
              "arn:aws:lambda:eu-west-1:000000000000:function:thing-maker");
        ImportOptions elsewhere;
        elsewhere.region = "us-west-2";
        elsewhere.account = "111111111111";
        const Imported moved = import_events(found.events, elsewhere);
        CHECK(take_apart(moved.capture).transcripts[1].function ==
              "arn:aws:lambda:us-west-2:111111111111:function:thing-maker");
    }
}

TEST_CASE("import of a resource's whole life answers all but the last request", "[import]") {
    std::string log;
    EventOptions options;
    options.properties = {{"Size", "1"}};
    js::object event = generate_event("cloudformation", options);
    const js::object create = event;
    log += "START RequestId: 1\n" + js::serialize(create) + "\nretry " + js::serialize(create);
    event["RequestId"] = "r2";
    event["RequestType"] = "Update";
    event["PhysicalResourceId"] = "p";
    event["OldResourceProperties"] = create.at("ResourceProperties");
    event["ResourceProperties"].as_object()["Size"] = "2";
    log += "\n" + js::serialize(event);
    event["RequestId"] = "r3";
    event["RequestType"] = "Delete";
    event.erase("OldResourceProperties");
    log += "\n{not json} " + js::serialize(event) + "\n";
    const FoundEvents found = found_in(log);
    REQUIRE(found.events.size() == 3);
    REQUIRE(found.notes.size() == 1);
    CHECK_THAT(found.notes[0], Contains("taken once"));
    const StoryLine line = take_apart(import_of(found).capture);
    REQUIRE(line.transcripts.size() == 3);
    CHECK(line.transcripts[1].ended);
    CHECK(payload_of(line.transcripts[2]).at("RequestType") == "Delete");
    CHECK(payload_of(line.transcripts[2]).at("PhysicalResourceId") == "p");
    CHECK_FALSE(line.transcripts[2].ended);
}

TEST_CASE("import of a Kinesis batch", "[import]") {
    SECTION("puts the records at their times, and they come as one batch") {
        const Imported imported = import_of(found_in_fixture("kinesis-batch.json"));
        CHECK(imported.notes.size() == 1);  // the function's name
        const StoryLine line = take_apart(imported.capture);
        REQUIRE(line.transcripts.size() == 1);
        const js::value event = payload_of(line.transcripts[0]);
        REQUIRE(event.at("Records").as_array().size() == 2);
        CHECK(event.at("Records").at(1).at("kinesis").at("data") == "dHdv");
        CHECK(print_event(event).find("1545084711.166") != std::string::npos);
    }
    SECTION("from an OnFailure document in S3 has its attempts, which failed") {
        const FoundEvents found = found_in_fixture("on-failure-stream-s3.json");
        const StoryLine line = take_apart(import_of(found).capture);
        REQUIRE(line.transcripts.size() == 2);
        CHECK(line.transcripts[0].function ==
              "arn:aws:lambda:us-east-2:000000000000:function:click-counter");
        CHECK(line.transcripts[0].payload == line.transcripts[1].payload);
        REQUIRE(line.transcripts[1].ended);
        CHECK(line.transcripts[1].ended->event.params.at("Outcome") == "error");
    }
    SECTION("names what an OnFailure document in SQS leaves out") {
        const FoundEvents found = found_in_fixture("on-failure-stream-sqs.json");
        CHECK(found.events.empty());
        REQUIRE(found.notes.size() == 1);
        CHECK_THAT(found.notes[0], Contains("the records are missing") &&
                                       Contains("stream/clicks, shardId-000000000006"));
    }
}

TEST_CASE("import of a DynamoDB batch makes the table and what was in it", "[import]") {
    const FoundEvents found = found_in_fixture("filter-log-events.json");
    REQUIRE(found.events.size() == 1);
    CHECK(found.notes.size() == 1);
    const Imported imported = import_of(found);
    CHECK(imported.notes.size() == 1);  // the function's name; the batch is the same
    const StoryLine line = take_apart(imported.capture);
    REQUIRE(line.transcripts.size() == 1);
    const js::value event = payload_of(line.transcripts[0]);
    REQUIRE(event.at("Records").as_array().size() == 3);
    CHECK(event.at("Records").at(1).at("dynamodb").at("OldImage").at("n").at("N") == "1");
    CHECK(event.at("Records").at(2).at("eventName") == "REMOVE");
}

TEST_CASE("import of an asynchronous OnFailure document", "[import]") {
    const StoryLine line = take_apart(import_of(found_in_fixture("on-failure-async.json")).capture);
    REQUIRE(line.transcripts.size() == 3);
    CHECK(line.transcripts[0].payload == "{\"order\":7}");
    REQUIRE(line.transcripts[2].ended);
    CHECK_THAT(line.transcripts[2].ended->event.body, Contains("no such order"));
}

TEST_CASE("import invokes directly what no service here sends", "[import]") {
    const FoundEvents found =
        found_in("one line: " + js::serialize(generate_event("sqs", {})) + " and more");
    const Imported imported = import_of(found);
    REQUIRE(imported.made.size() == 1);
    CHECK_THAT(imported.notes.back(), Contains("was not made"));
    CHECK(take_apart(imported.capture).transcripts.size() == 1);
}

TEST_CASE("import invokes directly what CloudFormation would not send", "[import]") {
    EventOptions options;
    options.request_type = "Update";  // nothing is changed by it
    const FoundEvents found = found_in(js::serialize(generate_event("cloudformation", options)));
    const Imported imported = import_of(found);
    REQUIRE(imported.notes.size() == 1);
    CHECK_THAT(imported.notes[0], Contains("No updates are to be performed:"));
    const StoryLine line = take_apart(imported.capture);
    CHECK(payload_of(line.transcripts.back()).at("RequestType") == "Update");
}

TEST_CASE("import of batches that follow each other", "[import]") {
    FoundEvents found = found_in_fixture("kinesis-batch.json");
    js::object later = found.events.at(0).event;
    later["Records"].as_array().pop_back();
    later["Records"].as_array()[0].as_object()["eventID"] = "shardId-000000000006:9";
    find_events(js::serialize(later), found);
    REQUIRE(found.events.size() == 2);
    const StoryLine line = take_apart(import_of(found).capture);
    REQUIRE(line.transcripts.size() == 2);
    CHECK(line.transcripts[0].ended);
    CHECK(payload_of(line.transcripts[1]).at("Records").as_array().size() == 1);
    CHECK_FALSE(line.transcripts[1].ended);
}

TEST_CASE("find_events reads any text", "[import]") {
    for (const std::string& text :
         {std::string(), std::string(100'000, '{'), std::string("{\"a\":") + "[[{}",
          std::string("{\"Records\": []}"), std::string("{\"Records\": [1]}"),
          std::string("\xff{\"RequestType\": \"Create\", \"StackId\": \"s")}) {
        CHECK(found_in(text).events.empty());
    }
}

TEST_CASE("import refuses malformed events", "[import]") {
    const auto [text, reason] = GENERATE(table<std::string, std::string>({
        {R"({"RequestType": "Create", "StackId": "s"})", "has no ServiceToken"},
        {R"({"RequestType": "Nothing", "StackId": "s"})", "none of Create, Update and Delete"},
        {R"({"Records": [{"eventSource": "aws:kinesis"}]})", "has no eventSourceARN"},
        {R"({"Records": [{"eventSource": "aws:kinesis", "eventSourceARN": "x"}]})", "is none: x"},
        {R"({"Records": [{"eventSource": "aws:kinesis", "kinesis": {"data": "?", "partitionKey": "a"},
             "eventSourceARN": "arn:aws:kinesis:us-east-1:123456789012:stream/s"}]})",
         "record 1 is not base64"},
        {R"({"Records": [{"eventSource": "aws:dynamodb", "dynamodb": {"Keys": {}},
             "eventSourceARN": "arn:aws:dynamodb:us-east-1:123456789012:table/t/stream/x"}]})",
         "neither one nor two"},
        {R"({"Records": [{"eventSource": "aws:dynamodb", "dynamodb": [],
             "eventSourceARN": "arn:aws:dynamodb:us-east-1:123456789012:table/t/stream/x"}]})",
         "has no dynamodb"},
    }));
    INFO(text);
    const FoundEvents found = found_in(text);
    REQUIRE(found.events.size() == 1);
    CHECK_THROWS_WITH(import_events(found.events, {}), Contains(reason));
}

TEST_CASE("sbemu import", "[cli][import]") {
    const TemporaryFolder folder;
    const std::string output = (folder.path() / "out.capture").string();
    const Ran ran =
        run_sbemu({"import", "fixtures/events/custom-resource-update.log", "-o", output});
    CHECK(ran.errors.empty());
    CHECK_THAT(ran.output, Contains("by stack shop\n") && Contains(", unseed "));
    CHECK(run_sbemu({"replay", output}).exit_code == 0);
    CHECK(run_sbemu({"import", "-", "--account", "12"}).exit_code == 2);

    const std::string strange = (folder.path() / "strange.json").string();
    std::ofstream(strange) << R"({"a": 1, "b": {}})";
    const Ran refused = run_sbemu({"import", strange});
    CHECK(refused.exit_code == 1);
    CHECK_THAT(refused.errors,
               Contains("an") && Contains("with a, b.") && Contains("What is understood"));
    std::ofstream(strange) << "{ RequestType: 'Create',\n  ResourceProperties: [Object] }";
    CHECK_THAT(run_sbemu({"import", strange}).errors, Contains("JSON.stringify(event)"));
}

TEST_CASE("sbemu import --code", "[cli][import]") {
    const TemporaryFolder folder;
    const std::string output = (folder.path() / "out.capture").string();
    const std::string code = (folder.path() / "src").string();
    std::filesystem::create_directory(code);
    std::ofstream(code + "/index.js") << "exports.handler = async () => 'live';\n";
    const auto import_with = [&](const std::string& given) {
        return run_sbemu({"import", "fixtures/events/custom-resource-update.log", "-o", output,
                          "--code", given});
    };
    const auto packed = [&] {
        const Capture capture = parse_capture(content(output));
        CHECK(capture.withheld.empty());
        for (const CapturedEvent& captured : capture.events) {
            if (!is_call(captured.event, "lambda.CreateFunction")) continue;
            const auto& zip = captured.event.params.at("Code").at("ZipFile").as_string();
            return base64_decode(std::string_view(zip)).value();
        }
        return std::string();
    };

    SECTION("packs a folder into the capture, and nothing is left out") {
        CHECK(import_with("thing-maker=" + code).errors.empty());
        CHECK(packed() == package_of(code));
        CHECK(run_sbemu({"replay", output}).exit_code == 0);
    }
    SECTION("takes a zip as it is") {
        const std::string zip = make_zip({{"index.js", "exports.handler = 1;"}});
        const std::string file = (folder.path() / "code.zip").string();
        std::ofstream(file, std::ios::binary) << zip;
        CHECK(import_with("thing-maker=" + file).errors.empty());
        CHECK(packed() == zip);
    }
    SECTION("says so when the code is of no function that an event came to") {
        CHECK_THAT(import_with("thing-marker=" + code).errors,
                   Contains("no event is of a function thing-marker"));
        REQUIRE(parse_capture(content(output)).withheld.size() == 1);
    }
    SECTION("refuses what is neither a folder nor a zip") {
        CHECK(import_with("thing-maker").exit_code == 2);
        CHECK(import_with("thing-maker=" + code + "/none").exit_code == 1);
        CHECK(import_with("thing-maker=" + code + "/index.js").exit_code == 1);
        CHECK_FALSE(std::filesystem::exists(output));
    }
}

}  // namespace sbemu
