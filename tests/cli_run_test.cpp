// sbemu run and capabilities, which need no emulator.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/cli_world.h"

namespace sbemu {
using Catch::Contains;
using Catch::StartsWith;

namespace {

namespace js = boost::json;

constexpr const char* kStory =
    "# A bucket is made.\n"
    "\n"
    "call s3.CreateBucket\n"
    "{\"Bucket\": \"events\"}\n"
    "----\n"
    "200 {\"Location\":\"/events\"}\n";

std::string written(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
}

std::string content(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("sbemu run", "[cli][run]") {
    const TemporaryFolder folder;
    const std::string good = written(folder.path() / "good.scenario", kStory);

    SECTION("plays files in every mode") {
        const Ran ran = run_sbemu({"run", good});
        CHECK(ran.exit_code == 0);
        CHECK_THAT(ran.output, StartsWith("ok      " + good + "  "));
        CHECK_THAT(ran.output, Contains("1 as expected, none failed"));
    }
    SECTION("shows what is different, with file and line, and plays on") {
        std::string wrong_story = kStory;
        wrong_story.replace(wrong_story.find("/events"), 7, "/other");
        const std::string bad = written(folder.path() / "bad.scenario", wrong_story);
        const Ran ran = run_sbemu({"run", folder.path().string()});
        CHECK(ran.exit_code == 1);
        CHECK_THAT(ran.output, StartsWith("FAILED  " + bad) && Contains("ok      " + good));
        CHECK_THAT(ran.output, Contains(bad + ":3: call s3.CreateBucket\n") &&
                                   Contains("- 200 {\"Location\":\"/other\"}\n") &&
                                   Contains("+ 200 {\"Location\":\"/events\"}\n"));
        CHECK_THAT(ran.output, Contains("1 as expected, 1 failed"));

        const js::value report = js::parse(run_sbemu({"run", bad, "--json"}).output);
        CHECK(report.at("failed") == 1);
        CHECK(report.at("files").at(0).at("differences").at(0).at("line") == 3);

        CHECK_THAT(run_sbemu({"run", bad, "--update"}).output, Contains("  updated\n"));
        CHECK(content(bad) == kStory);
    }
    SECTION("names file and line of a step that makes no sense, and leaves the file alone") {
        const std::string text = "# A story.\n\ndance wildly\n";
        const std::string bad = written(folder.path() / "bad.scenario", text);
        const Ran ran = run_sbemu({"run", bad, "--update"});
        CHECK(ran.exit_code == 1);
        CHECK_THAT(ran.output, Contains(bad + ":3: 'dance wildly' is no step"));
        CHECK(content(bad) == text);
    }
    SECTION("looks up files from the top of the scenario's repository") {
        std::filesystem::create_directories(folder.path() / "top/.git");
        std::filesystem::create_directories(folder.path() / "top/scenarios");
        written(folder.path() / "top/code", "bytes");
        const std::string story = written(
            folder.path() / "top/scenarios/upload.scenario",
            std::string(kStory) +
                "\ncall s3.PutObject body=code\n{\"Bucket\": \"events\", \"Key\": \"k\"}\n----\n");
        const Ran ran = run_sbemu({"run", story, "--update"});
        CHECK(ran.exit_code == 0);
        CHECK_THAT(content(story), Contains("200 {\"ETag\":"));
    }
    SECTION("chooses by shard and filter, and reports as JUnit") {
        const std::string other = written(folder.path() / "other.scenario", kStory);
        const std::string report = (folder.path() / "report.xml").string();
        const std::string all = folder.path().string();
        const Ran first = run_sbemu({"run", all, "--shard", "1/2", "--jobs", "2"});
        CHECK_THAT(first.output, Contains(good) && !Contains(other));
        CHECK(run_sbemu({"run", all, "--filter", "other", "--junit", report}).exit_code == 0);
        CHECK_THAT(content(report), Contains("tests=\"1\" failures=\"0\" errors=\"0\""));
        CHECK(run_sbemu({"run", all, "--filter", "nothing"}).exit_code == 2);
        CHECK(run_sbemu({"run", all, "--shard", "3/2"}).exit_code == 2);
    }
    SECTION("refuses") {
        CHECK(run_sbemu({"run"}).exit_code == 2);
        CHECK(run_sbemu({"run", (folder.path() / "none.scenario").string()}).exit_code == 2);
        CHECK(run_sbemu({"run", good, "--mode", "backwards"}).exit_code == 2);
        std::filesystem::create_directory(folder.path() / "empty");
        const Ran empty = run_sbemu({"run", (folder.path() / "empty").string()});
        CHECK(empty.exit_code == 2);
        CHECK_THAT(empty.errors, Contains("no *.scenario in or below"));
    }
}

TEST_CASE("sbemu up --record refuses at once what it could not write at the end",
          "[cli][capture]") {
    const Ran ran = run_sbemu({"up", "--ephemeral", "--port", "0", "--record", "/none/x.capture"});
    CHECK(ran.exit_code == 2);
    CHECK_THAT(ran.errors, Catch::Contains("--record: cannot write into /none."));
}

TEST_CASE("sbemu capabilities", "[cli][capabilities]") {
    SECTION("counts what there is of each service") {
        const Ran ran = run_sbemu({"capabilities"});
        CHECK(ran.exit_code == 0);
        CHECK_THAT(ran.output, Contains("\nlambda            ") && Contains(" operations\n"));
        CHECK_THAT(ran.output, Contains("  AWS::Lambda::Function\n") && Contains("  Custom::*\n"));
    }
    SECTION("lists the operations of a service, and those that are missing") {
        const js::value report = js::parse(run_sbemu({"capabilities", "lambda", "--json"}).output);
        const js::value& lambda = report.at("services").at("lambda");
        const auto has = [](const js::value& list, const char* name) {
            const js::array& names = list.as_array();
            return std::find(names.begin(), names.end(), js::value(name)) != names.end();
        };
        CHECK(has(lambda.at("operations"), "Invoke"));
        CHECK_FALSE(has(lambda.at("not_implemented"), "Invoke"));
        CHECK(has(lambda.at("not_implemented"), "CreateCodeSigningConfig"));
        CHECK_THAT(run_sbemu({"capabilities", "lambda"}).output, Contains("\nNot implemented: "));
    }
    SECTION("refuses a service that there is not, naming those there are") {
        const Ran ran = run_sbemu({"capabilities", "ec2"});
        CHECK(ran.exit_code == 2);
        CHECK_THAT(ran.errors, Contains("no service 'ec2'. It has cloudformation, dynamodb, "));
    }
}

}  // namespace sbemu
