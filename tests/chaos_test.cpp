// Scenarios under random faults: what robust handlers survive, and that fragile ones are caught.
#include "emulator/scenario/chaos.h"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "emulator/scenario/generated_values.h"
#include "tests/cli_world.h"

namespace sbemu {
using Catch::Contains;
using Catch::StartsWith;
using lambda_runtime::Aws;

namespace {

namespace js = boost::json;

// A stack whose custom resource is made by the handler "probe"; then what it left in the table.
constexpr const char* kStory = R"(# A custom resource, made and deleted.
call s3.CreateBucket
{"Bucket": "code"}
---- subset
200 {}

call s3.PutObject body=fixtures/packages/empty-bootstrap.zip
{"Bucket": "code", "Key": "f.zip"}
---- subset
200 {}

call lambda.CreateFunction
{"FunctionName": "probe", "Runtime": "provided.al2023", "Handler": "h",
 "Role": "arn:aws:iam::123456789012:role/r", "Timeout": 10,
 "Code": {"S3Bucket": "code", "S3Key": "f.zip"}}
---- subset
200 {"FunctionName":"probe"}

call dynamodb.CreateTable
{"TableName": "things", "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
 "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST"}
---- subset
200 {}

call cloudformation.CreateStack
{"StackName": "s", "TemplateBody": "{\"Resources\": {\"Thing\": {\"Type\": \"Custom::Thing\", \"Properties\": {\"ServiceToken\": \"arn:aws:lambda:us-east-1:123456789012:function:probe\"}}}}"}
---- subset
200 {}

answer with probe

expect stack s
----
CREATE_COMPLETE
Thing  CREATE_COMPLETE  thing

call dynamodb.Scan
{"TableName": "things"}
---- subset
200 {"Count":1,"Items":[{"k":{"S":"thing"}}]}
)";

constexpr const char* kNothing = "call s3.ListBuckets\n---- subset\n200 {}\n";

js::object key_of(const std::string& key) { return {{"k", js::object{{"S", key}}}}; }

void put_thing(Aws& aws, const std::string& key) {
    aws.call("dynamodb", "us-east-1", "PutItem", {{"TableName", "things"}, {"Item", key_of(key)}});
}

// Answers CloudFormation; throws if that did not take the answer, as a handler should.
int respond(const js::value& event, Aws& aws, const std::string& status) {
    js::object response{{"Status", status}, {"Reason", "failed"}, {"PhysicalResourceId", "thing"}};
    for (const char* name : {"StackId", "RequestId", "LogicalResourceId"}) {
        response[name] = event.at(name);
    }
    return aws.put(std::string(event.at("ResponseURL").as_string()), js::serialize(response));
}

void deliver(const js::value& event, Aws& aws) {
    if (respond(event, aws, "SUCCESS") != 200) {
        throw lambda_runtime::HandlerError("Error", "the response was not taken");
    }
}

js::value robust(const js::value& event, lambda_runtime::Context&, Aws& aws) {
    put_thing(aws, "thing");
    deliver(event, aws);
    return nullptr;
}

// Each run leaves a row of its own: an event that comes twice leaves two.
js::value not_idempotent(const js::value& event, lambda_runtime::Context& context, Aws& aws) {
    const auto rows = aws.call("dynamodb", "us-east-1", "Scan", {{"TableName", "things"}});
    const auto count = rows.at("Count").to_number<std::int64_t>();
    put_thing(aws, count == 0 ? "thing" : "thing of " + context.request_id);
    deliver(event, aws);
    return nullptr;
}

// A condition that its own first try, whose answer was lost, has broken.
js::value confused_by_its_own_retry(const js::value& event, lambda_runtime::Context&, Aws& aws) {
    try {
        aws.call("dynamodb", "us-east-1", "PutItem",
                 {{"TableName", "things"},
                  {"Item", key_of("thing")},
                  {"ConditionExpression", "attribute_not_exists(k)"}});
    } catch (const lambda_runtime::AwsError&) {
        respond(event, aws, "FAILED");
        return nullptr;
    }
    deliver(event, aws);
    return nullptr;
}

// CloudFormation is told nothing if the response is refused for long.
js::value careless(const js::value& event, lambda_runtime::Context&, Aws& aws) {
    put_thing(aws, "thing");
    respond(event, aws, "SUCCESS");
    return nullptr;
}

// Takes the row for a sign that it is done: a process killed before it responded never does.
js::value content_too_soon(const js::value& event, lambda_runtime::Context&, Aws& aws) {
    const auto rows = aws.call("dynamodb", "us-east-1", "Scan", {{"TableName", "things"}});
    if (rows.at("Count") != 0) return nullptr;
    put_thing(aws, "thing");
    deliver(event, aws);
    return nullptr;
}

Rehearsal rehearsal_with(lambda_runtime::Service handler) {
    Handlers handlers;
    handlers["probe"] = std::move(handler);
    return {parse_scenario(kStory), ".", std::move(handlers)};
}

struct Tried {
    std::size_t fired = 0;
    std::vector<std::string> broken;  // the plan, and what it broke
};

Tried try_seeds(const Rehearsal& rehearsal, std::uint64_t seeds) {
    Tried tried;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const FaultPlan plan = plan_of_seed(rehearsal.targets(), seed);
        const ChaosResult result = play_under(plan, rehearsal, Mode::plain);
        tried.fired += result.fired;
        for (const Difference& difference : result.differences) {
            std::string text;
            for (const std::string& line : plan) text += line + "\n";
            tried.broken.push_back(text + explain(difference));
        }
    }
    return tried;
}

// What the one plan breaks, as text; "" if nothing.
std::string broken_by(const Rehearsal& rehearsal, const FaultPlan& plan) {
    const ChaosResult result = play_under(plan, rehearsal, Mode::plain);
    CHECK(result.fired > 0);
    return result.differences.empty() ? "" : explain(result.differences.front());
}

std::string written(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
}

std::string with_own_plan(const std::string& lines) { return "chaos\n" + lines + "\n" + kStory; }

}  // namespace

TEST_CASE("A robust handler survives every plan of faults", "[chaos]") {
    const Rehearsal rehearsal = rehearsal_with(robust);
    REQUIRE(rehearsal.differences().empty());
    const Tried tried = try_seeds(rehearsal, 60);
    for (const std::string& text : tried.broken) FAIL_CHECK(text);
    CHECK(tried.fired > 60);
}

TEST_CASE("A fragile handler is caught by some seed", "[chaos]") {
    auto [name, handler] = GENERATE(table<const char*, lambda_runtime::Service>({
        {"not idempotent", not_idempotent},
        {"confused by its own retry", confused_by_its_own_retry},
        {"careless", careless},
        {"content too soon", content_too_soon},
    }));
    INFO(name);
    const Rehearsal rehearsal = rehearsal_with(handler);
    REQUIRE(rehearsal.differences().empty());
    CHECK_FALSE(try_seeds(rehearsal, 100).broken.empty());
}

TEST_CASE("A fault breaks what it should", "[chaos]") {
    SECTION("an event that comes twice: a second row") {
        CHECK_THAT(broken_by(rehearsal_with(not_idempotent), {"fail invoke probe twice"}),
                   Contains("call dynamodb.Scan\n- .Count 1\n") && Contains("+ .Count 2\n"));
        CHECK(broken_by(rehearsal_with(robust), {"fail invoke probe twice"}).empty());
    }
    SECTION("a lost answer: the call counted, and the client tries again") {
        const FaultPlan plan{"fail dynamodb.PutItem drop before function probe"};
        CHECK_THAT(broken_by(rehearsal_with(confused_by_its_own_retry), plan),
                   Contains("expect stack s\n- CREATE_COMPLETE\n") && Contains("+ ROLLBACK_"));
        CHECK(broken_by(rehearsal_with(robust), plan).empty());
    }
    SECTION("a call that did not count and was not answered") {
        const FaultPlan plan{"fail dynamodb.PutItem silence times 2 function probe"};
        CHECK(broken_by(rehearsal_with(confused_by_its_own_retry), plan).empty());
    }
    SECTION("a refused response: the stack waits") {
        const FaultPlan plan{"fail response 500 times 6 function probe"};
        CHECK_THAT(broken_by(rehearsal_with(careless), plan), Contains("+ CREATE_IN_PROGRESS\n"));
        CHECK(broken_by(rehearsal_with(robust), plan).empty());
    }
    SECTION("a process killed before its first call, or between two") {
        CHECK(broken_by(rehearsal_with(robust), {"fail invoke probe killed after 5ms"}).empty());
        CHECK_THAT(
            broken_by(rehearsal_with(content_too_soon), {"fail invoke probe killed after 25ms"}),
            Contains("+ CREATE_IN_PROGRESS\n"));
    }
    SECTION("a service that gives up for good is more than a client survives") {
        CHECK_THAT(broken_by(rehearsal_with(robust), {"fail dynamodb.PutItem throttling times 0"}),
                   Contains("expect stack s\n- CREATE_COMPLETE\n"));
    }
}

TEST_CASE("A plan of faults", "[chaos]") {
    const Rehearsal rehearsal = rehearsal_with(robust);
    SECTION("is the same for a seed, and another for most others") {
        std::set<FaultPlan> plans;
        for (std::uint64_t seed = 1; seed <= 50; ++seed) {
            const FaultPlan plan = plan_of_seed(rehearsal.targets(), seed);
            CHECK(plan == plan_of_seed(rehearsal.targets(), seed));
            CHECK_FALSE(plan.empty());
            plans.insert(plan);
        }
        CHECK(plans.size() > 25);
    }
    SECTION("fires every one of its faults on a handler that comes so far") {
        CHECK(play_under({"fail dynamodb.PutItem throttling times 2 function probe",
                          "fail response 503 function probe", "fail invoke probe twice"},
                         rehearsal, Mode::plain)
                  .fired == 4);
    }
    SECTION("is for what handlers do, and leaves alone what the scenario makes fail itself") {
        REQUIRE(rehearsal.targets().size() == 3);
        CHECK(rehearsal.targets()[0].call == "cloudformation.PutResponse");
        CHECK(rehearsal.targets()[1].call == "dynamodb.PutItem");
        CHECK(rehearsal.targets()[2].kind == FaultTarget::Kind::event);
        std::string story = kStory;
        story.insert(story.find("call cloudformation"),
                     "fail dynamodb.PutItem throttling\n\nfail invoke probe cold\n\n");
        const Rehearsal own(parse_scenario(story), ".", {{"probe", robust}});
        REQUIRE(own.targets().size() == 1);
        CHECK(own.targets()[0].kind == FaultTarget::Kind::response);
    }
    SECTION("is empty where no handler answers") {
        const Rehearsal none(parse_scenario("call s3.ListBuckets\n"), ".");
        CHECK(plan_of_seed(none.targets(), 1).empty());
    }
}

TEST_CASE("Streambot's handlers survive random faults", "[chaos]") {
    auto file = GENERATE(as<std::string>(), "scenarios/streambot/deploy_change_delete.scenario",
                         "scenarios/streambot/throttled_table.scenario");
    INFO(file);
    std::ifstream stream(file, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(stream), {});
    const Rehearsal rehearsal(parse_scenario(text), ".");
    SECTION("in every mode, with the plan in the scenario") {
        const FaultPlan plan = plan_of_seed(rehearsal.targets(), 5);
        const std::string printed = print_scenario(with_chaos(rehearsal.steps(), plan));
        CHECK_THAT(printed, Contains("\nchaos\nfail ") && StartsWith("#"));
        for (const Mode mode : kModes) {
            std::vector<Step> steps = parse_scenario(printed);
            for (const Difference& difference : play(steps, mode, ".")) {
                FAIL_CHECK(name_of(mode) << "\n" << explain(difference));
            }
            CHECK(print_scenario(steps) == printed);
        }
    }
}

TEST_CASE("A step chaos", "[chaos]") {
    const auto refusal = [](const std::string& text) {
        std::vector<Step> steps = parse_scenario(text);
        try {
            play(steps, Mode::plain, ".");
        } catch (const std::exception& error) {
            return std::string(error.what());
        }
        return std::string("none");
    };
    CHECK_THAT(refusal("call s3.ListBuckets\n\nchaos\nfail s3.PutObject throttling\n"),
               StartsWith("line 3: chaos comes before all other steps"));
    CHECK_THAT(refusal("chaos\ns3.PutObject throttling\n\ncall s3.ListBuckets\n"),
               StartsWith("line 1: chaos takes lines as"));
    CHECK_THAT(refusal("chaos\nfail s3.PutObjects throttling\n\n" + std::string(kNothing)),
               Contains("s3 has no operation PutObjects"));
}

TEST_CASE("Times and what they are in", "[chaos]") {
    const std::string stack = "stack/s/0352c3de-fe12-11e6-b5ef-cb22f913330d";
    const std::string later_stack = "stack/s/0452c3de-fe12-11e6-b5ef-cb22f913330d";
    Renaming renaming;
    const Duration minute{60'000};

    SECTION("may be later by as much as the faults put off") {
        auto [written, faulted] = GENERATE(table<std::string, std::string>({
            {R"({"At":1488326400000})", R"({"At":1488326460000})"},
            {R"({"At":1488326400.0})", R"({"At":1488326459.25})"},
            {"2017-03-01T00:00:00.000+0000", "2017-03-01T00:01:00.000+0000"},
            {"2017-03-01T00:00:00Z", "2017-03-01T00:00:59Z"},
            {"X-Amz-Date=20170301T000000Z&", "X-Amz-Date=20170301T000100Z&"},
        }));
        CHECK(renaming.to_written(written, faulted, minute) == written);
        CHECK(renaming.to_written(written, faulted, Duration{1000}) == faulted);
        CHECK(renaming.to_written(faulted, written, minute) == written);
    }
    SECTION("are other ids, but always the same other ones") {
        CHECK(renaming.to_written(stack, later_stack, minute) == stack);
        CHECK(renaming.to_faulted("{\"StackName\": \"" + stack + "\"}") ==
              "{\"StackName\": \"" + later_stack + "\"}");
        CHECK(renaming.to_written(stack, stack, minute) == stack);
        CHECK(renaming.to_written("stack/s/0552c3de-fe12-11e6-b5ef-cb22f913330d", later_stack,
                                  minute) == later_stack);
    }
    SECTION("leave everything else as it is") {
        const std::string drawn = "f56a13cb-ec56-42f6-9611-e4ece95176b3";
        CHECK(masked(drawn) == drawn);
        CHECK(masked("{\"Count\":123,\"Size\":1234567890}") ==
              "{\"Count\":123,\"Size\":1234567890}");
        CHECK(renaming.to_written("a 1488326400000", "b 1488326400000", minute) ==
              "b 1488326400000");
    }
}

TEST_CASE("sbemu chaos", "[cli][chaos]") {
    const TemporaryFolder folder;
    const std::string streambot = "scenarios/streambot/throttled_table.scenario";
    const std::string plain = written(folder.path() / "plain.scenario", kNothing);

    SECTION("counts what was played, broke and fired") {
        const Ran ran = run_sbemu({"chaos", streambot, "--seeds", "5", "--jobs", "2"});
        CHECK(ran.exit_code == 0);
        CHECK_THAT(ran.output, StartsWith("ok      " + streambot + "  5 seeds, 0 broke, ") &&
                                   Contains("\n5 played, none broke, "));
        const js::value report =
            js::parse(run_sbemu({"chaos", streambot, "--seeds", "5", "--json"}).output);
        CHECK(report.at("played") == 5);
        CHECK(report.at("broke") == 0);
        CHECK(report.at("fired").to_number<int>() > 5);
        CHECK(report.at("files").at(0).at("seeds") == 5);
    }
    SECTION("plays a seed again, shows its plan, and prints it as a scenario") {
        const Ran ran = run_sbemu({"chaos", streambot, "--seed", "3"});
        CHECK(ran.exit_code == 0);
        CHECK_THAT(ran.output, Contains("1 seed, 0 broke, ") && Contains("\n    fail "));
        const Ran printed = run_sbemu({"chaos", streambot, "--seed", "3", "--print"});
        CHECK(printed.exit_code == 0);
        CHECK_THAT(printed.output, Contains("\nchaos\nfail "));
        CHECK(run_sbemu({"chaos", streambot, "--print"}).exit_code == 2);
    }
    SECTION("fails if there is nothing to put faults on") {
        const Ran ran = run_sbemu({"chaos", plain});
        CHECK(ran.exit_code == 1);
        CHECK_THAT(ran.output, Contains("no handler answers in it"));
        CHECK_THAT(ran.errors, Contains("no fault fired: this has tried nothing"));
    }
    SECTION("fails for what is wrong without faults") {
        const std::string wrong =
            written(folder.path() / "wrong.scenario", "call s3.ListBuckets\n---- subset\n404 {}\n");
        const Ran ran = run_sbemu({"chaos", wrong});
        CHECK(ran.exit_code == 1);
        CHECK_THAT(ran.output, Contains("not as expected even without faults") &&
                                   Contains(wrong + ":1: call s3.ListBuckets\n"));
    }
    SECTION("leaves scenarios with a plan of their own to sbemu run") {
        const std::string own = written(folder.path() / "own.scenario", with_own_plan(""));
        CHECK_THAT(run_sbemu({"chaos", own}).output, Contains("has faults of its own (chaos)"));
    }
}

}  // namespace sbemu
