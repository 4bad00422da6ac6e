// Every scenario is captured; the capture is replayed, and its story told again.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "emulator/capture/minimize.h"
#include "emulator/capture/replay.h"
#include "emulator/capture/save.h"
#include "emulator/capture/simulation.h"
#include "emulator/scenario/scenario.h"
#include "emulator/scenario/scenario_of_capture.h"
#include "emulator/store/store.h"
#include "tests/scenario_files.h"

namespace sbemu {

namespace {

std::string read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

Capture capture_of(const std::filesystem::path& scenario) {
    std::vector<Step> steps = parse_scenario(read(scenario));
    std::string state;
    play(steps, Mode::plain, ".", &state);
    Store log(":memory:");
    log.load(state);
    SavedCapture saved = save_capture(log, {"test", true, {}});
    CHECK(saved.warnings.empty());
    return std::move(saved.capture);
}

bool has_call(const Capture& capture, std::string_view name) {
    return std::any_of(
        capture.events.begin(), capture.events.end(),
        [&](const CapturedEvent& captured) { return is_call(captured.event, name); });
}

}  // namespace

TEST_CASE("every scenario is captured, replayed and told again", "[capture][scenario]") {
    const auto files = committed_scenarios();
    REQUIRE_FALSE(files.empty());
    for (const auto& path : files) {
        DYNAMIC_SECTION(path.string()) {
            const Capture capture = parse_capture(print_capture(capture_of(path)));
            const Replayed replayed = replay(capture);
            INFO((replayed.difference ? replayed.difference->explain() : std::string()));
            CHECK_FALSE(replayed.difference);
            CHECK(replayed.unseed == unseed_of(capture));

            CapturedBehaviour behaviour;
            const Capture told =
                simulate(take_apart(capture), capture.events.back().event.at, behaviour);
            REQUIRE(told.events.size() == capture.events.size());
            for (std::size_t i = 0; i < told.events.size(); ++i) {
                INFO("event " << i + 1 << ", " << told.events[i].event.service << "."
                              << told.events[i].event.operation);
                REQUIRE(told.events[i].event.seed == capture.events[i].event.seed);
                REQUIRE(told.events[i].reply == capture.events[i].reply);
            }
        }
    }
}

TEST_CASE("a capture of a scenario is written as a scenario again", "[capture][scenario]") {
    for (const auto& path : committed_scenarios()) {
        DYNAMIC_SECTION(path.string()) {
            CapturedScenario written =
                scenario_of(capture_of(path), {"Again.", {}, "build/scenario-test."});
            for (const auto& [name, text] : written.files) {
                std::ofstream(name, std::ios::binary) << text;
            }
            play(written.steps, Mode::plain, ".");
            for (const Mode mode : kModes) {
                INFO(name_of(mode));
                for (const Difference& difference : play(written.steps, mode, ".")) {
                    FAIL_CHECK(explain(difference));
                }
            }
            for (const auto& [name, text] : written.files) std::filesystem::remove(name);
            const std::string text = print_scenario(written.steps);
            CHECK(print_scenario(parse_scenario(text)) == text);
        }
    }
}

TEST_CASE("minimize", "[capture]") {
    const Capture capture = capture_of("scenarios/streambot/deploy_change_delete.scenario");
    std::size_t tries = 0;
    const auto count = [&](const MinimizeProgress& progress) { tries = progress.tries; };

    SECTION("leaves out what does not matter") {
        const Capture smallest = minimize(
            capture, [](const Capture& one) { return has_call(one, "kinesis.PutRecord"); }, count);
        REQUIRE(smallest.events.size() == 1);
        CHECK(is_call(smallest.events.front().event, "kinesis.PutRecord"));
        CHECK_FALSE(replay(smallest).difference);
        CHECK(tries > 1);
    }
    SECTION("keeps what the failure needs") {
        // The connector's function is invoked only if both stacks are there.
        const Capture smallest = minimize(
            capture,
            [](const Capture& one) { return has_call(one, "lambda.CreateEventSourceMapping"); },
            count);
        CHECK(smallest.events.size() < capture.events.size());
        CHECK(has_call(smallest, "cloudformation.CreateStack"));
        CHECK_FALSE(replay(smallest).difference);
    }
    SECTION("leaves out entries of batches") {
        Capture batch;
        CapturedEvent put;
        put.number = 1;
        put.event.service = "kinesis";
        put.event.operation = "PutRecords";
        boost::json::array records;
        for (const char* data : {"YQ==", "Yg==", "Yw==", "ZA=="}) {
            records.push_back(boost::json::object{{"Data", data}, {"PartitionKey", "k"}});
        }
        put.event.params = {{"StreamName", "s"}, {"Records", records}};
        batch.events.push_back(put);
        const Capture smallest = minimize(
            batch,
            [](const Capture& one) {
                return print_capture(one).find("\"Yw==\"") != std::string::npos;
            },
            count);
        REQUIRE(smallest.events.size() == 1);
        CHECK(smallest.events.front().event.params.at("Records").as_array().size() == 1);
    }
    SECTION("refuses a check that does not fail") {
        CHECK_THROWS_WITH(minimize(
                              capture, [](const Capture&) { return false; }, count),
                          Catch::StartsWith("the check does not fail"));
    }
}

}  // namespace sbemu
