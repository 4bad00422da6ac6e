// Unpacking of function packages.
#include <sys/stat.h>

#include <iostream>

#include "emulator/host/functions/package.h"
#include "emulator/host/tls/whole_file.h"
#include "tests/functions_world.h"

namespace sbemu::functions_test {
namespace filesystem = std::filesystem;

namespace {

unsigned mode_of(const filesystem::path& file) {
    struct stat status {};
    REQUIRE(lstat(file.c_str(), &status) == 0);
    return status.st_mode & 0777;
}

std::string refusal_of(const std::string& zip, const filesystem::path& folder) {
    try {
        unpack_package(zip, folder);
    } catch (const PackageError& error) {
        return error.what();
    }
    return "unpacked";
}

}  // namespace

TEST_CASE("unpack_package", "[functions][package]") {
    TemporaryFolder temporary;
    const filesystem::path folder = temporary.path() / "code";

    SECTION("keeps names, contents and permissions but those to write") {
        unpack_package(zip_of({{"index.js", "one", 0100600},
                               {"bootstrap", "two", kExecutable},
                               {"plain", "three"},
                               {"empty/", ""},
                               {"a/b/./c.txt", std::string(1'000'000, 'x')},
                               {"a/b/d.txt", ""}}),
                       folder);
        CHECK(read_whole_file(folder / "index.js") == "one");
        CHECK(mode_of(folder / "index.js") == 0400);
        CHECK(read_whole_file(folder / "bootstrap") == "two");
        CHECK(mode_of(folder / "bootstrap") == 0555);
        CHECK(mode_of(folder / "plain") == 0444);
        CHECK(mode_of(folder / "a") == 0755);
        CHECK(filesystem::is_directory(folder / "empty"));
        CHECK(read_whole_file(folder / "a/b/c.txt") == std::string(1'000'000, 'x'));
        CHECK(filesystem::file_size(folder / "a/b/d.txt") == 0);
    }
    SECTION("makes symbolic links that stay inside") {
        unpack_package(zip_of({{"node_modules/.bin/tool", "../tool/run.js", kSymbolicLink},
                               {"node_modules/tool/run.js", "run"}}),
                       folder);
        CHECK(read_whole_file(folder / "node_modules/.bin/tool") == "run");
    }
    SECTION("refuses what would climb out") {
        auto [name, content, mode, reason] =
            GENERATE(table<std::string, std::string, unsigned, std::string>({
                {"../evil", "x", 0, "leads out of its folder by '..'"},
                {"a/../../evil", "x", 0, "leads out of its folder by '..'"},
                {"..", "x", 0, "leads out of its folder by '..'"},
                {"/etc/evil", "x", 0, "has an absolute name"},
                {"link", "/etc", kSymbolicLink,
                 "is a symbolic link that leads out of its folder, to '/etc'"},
                {"link", "../x", kSymbolicLink,
                 "is a symbolic link that leads out of its folder, to '../x'"},
                {"a/link", "b/../../..", kSymbolicLink,
                 "is a symbolic link that leads out of its folder, to 'b/../../..'"},
            }));
        CHECK(refusal_of(zip_of({{name, content, mode}}), folder) ==
              "the package's entry '" + name + "' " + reason);
        CHECK_FALSE(filesystem::exists(temporary.path() / "evil"));
    }
    SECTION("refuses to write through a symbolic link") {
        const auto zip = zip_of({{"link", "elsewhere", kSymbolicLink}, {"link/file", "x"}});
        CHECK(refusal_of(zip, folder) ==
              "the package's entry 'link' cannot be unpacked: File exists");
    }
    SECTION("refuses what is not a zip, or broken") {
        CHECK(refusal_of("no zip", folder) == "the package is not a zip file: Not a zip archive");
        std::string zip = zip_of({{"index.js", std::string(1000, 'a') + "b"}});
        zip[40] = static_cast<char>(zip[40] ^ 0x55);
        CHECK_THAT(refusal_of(zip, temporary.path() / "broken"),
                   Catch::Matchers::StartsWith("the package's entry 'index.js' cannot be read"));
    }
}

TEST_CASE("unpack_package of 11,400 files", "[functions][package]") {
    std::vector<PackageEntry> entries;
    const std::string content(1'200, 'c');
    for (int i = 0; i < 11'400; ++i) {
        const std::string number = std::to_string(i);
        entries.push_back(
            {"node_modules/m" + std::to_string(i / 20) + "/f" + number + ".js", number + content});
    }
    const std::string zip = zip_of(entries);
    TemporaryFolder temporary;
    const auto start = std::chrono::steady_clock::now();
    unpack_package(zip, temporary.path() / "code");
    const auto took = std::chrono::steady_clock::now() - start;
    std::cout << "unpacked 11,400 files, 14 MB in "
              << std::chrono::duration_cast<std::chrono::milliseconds>(took).count() << " ms\n";
    CHECK(read_whole_file(temporary.path() / "code/node_modules/m569/f11399.js") ==
          "11399" + content);
}

}  // namespace sbemu::functions_test
