// Plays every file under scenarios/ in every mode. SBEMU_UPDATE=1 rewrites the expectations.
#include "emulator/scenario/scenario.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/scenario_files.h"

namespace sbemu {

namespace {

std::string read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("scenarios", "[scenario]") {
    const bool update = std::getenv("SBEMU_UPDATE") != nullptr;
    const auto files = committed_scenarios();
    REQUIRE_FALSE(files.empty());
    for (const auto& path : files) {
        DYNAMIC_SECTION(path.string()) {
            if (update) {
                std::vector<Step> steps = parse_scenario(read(path));
                play(steps, Mode::plain, ".");
                std::ofstream(path, std::ios::binary) << print_scenario(steps);
            }
            for (const Mode mode : kModes) {
                std::vector<Step> steps = parse_scenario(read(path));
                INFO(path.string() << ", " << name_of(mode));
                for (const Difference& difference : play(steps, mode, ".")) {
                    FAIL_CHECK(explain(difference));
                }
            }
        }
    }
}

TEST_CASE("a scenario prints as it was written", "[scenario]") {
    const std::string text =
        "# A story.\n\ncall sts.GetCallerIdentity\n----\n200 {}\n\nadvance 5s\n";
    CHECK(print_scenario(parse_scenario(text)) == text);
}

TEST_CASE("a subset matches what is written in it", "[scenario]") {
    const auto differences = [](const std::string& expected) {
        std::vector<Step> steps = parse_scenario(
            "call s3.CreateBucket\n{\"Bucket\": \"events\"}\n---- subset\n" + expected + "\n");
        return play(steps, Mode::plain, ".");
    };
    CHECK(differences("200 {}").empty());
    CHECK(differences("200 {\"Location\":\"*\"}").empty());
    CHECK(differences("409 {}").size() == 1);
    const auto wrong = differences("200 {\"Location\":\"/other\"}");
    REQUIRE(wrong.size() == 1);
    CHECK(wrong[0].expected == ".Location \"/other\"\n");
    CHECK(wrong[0].actual == ".Location \"/events\"\n");
}

}  // namespace sbemu
