// `sbemu exec -- COMMAND`.
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include "emulator/host/redirect/run_redirected.h"
#include "emulator/host/tls/whole_file.h"
#include "tests/redirect/echo_server.h"
#include "tests/redirect/temporary_folder.h"

namespace sbemu {

namespace {

struct World {
    TemporaryFolder folder;
    CertificateAuthority authority{folder.path(), CertificateAuthority::Kind::ephemeral};
    EchoServer server{authority};

    RunOptions options(std::vector<std::string> command) {
        RunOptions wanted;
        wanted.command = std::move(command);
        wanted.environment = {"PATH=/usr/bin:/bin", "OUT=" + out().string()};
        wanted.redirect.port = server.port();
        wanted.redirect.certificate_authority = authority.certificate_file();
        wanted.redirect.folder = folder.path();
        return wanted;
    }
    RunOptions shell(const std::string& script) { return options({"/bin/sh", "-c", script}); }
    std::filesystem::path out() const { return folder.path() / "out"; }
};

}  // namespace

TEST_CASE("run_redirected returns the command's exit code", "[redirect][exec]") {
    World world;
    CHECK(run_redirected(world.shell("exit 0")) == 0);
    CHECK(run_redirected(world.shell("exit 42")) == 42);
    CHECK(run_redirected(world.shell("kill -KILL $$")) == 137);
    CHECK(run_redirected(world.options({"/nowhere/program"})) == 127);
    CHECK(run_redirected(world.options({"no-such-program"})) == 127);
    CHECK(run_redirected(world.options({"/etc/passwd"})) == 126);
    CHECK(run_redirected(world.options({})) == 127);
}

TEST_CASE("run_redirected lets the command reach AWS's names", "[redirect][exec]") {
    if (access("/usr/bin/curl", X_OK) != 0) {
        WARN("/usr/bin/curl is missing: its tests are skipped");
        return;
    }
    World world;
    CHECK(run_redirected(world.shell("curl -sS https://sts.amazonaws.com/ > $OUT")) == 0);
    CHECK_THAT(read_whole_file(world.out()), Catch::Contains("\"tls\":\"sts.amazonaws.com\""));
}

TEST_CASE("run_redirected passes a signal on", "[redirect][exec]") {
    World world;
    std::thread sender([&world] {
        for (int i = 0; i < 500 && !std::filesystem::exists(world.out()); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        kill(getpid(), SIGTERM);
    });
    const int code = run_redirected(
        world.shell("trap 'kill $child; exit 9' TERM; sleep 100 & child=$!; : > $OUT; wait"));
    sender.join();
    CHECK(code == 9);
}

TEST_CASE("run_redirected goes on serving what the command leaves behind", "[redirect][exec]") {
    World world;
    // A daemon of its own session, which connects when the command has ended.
    const std::string daemon = "setsid sh -c 'sleep 0.2; " REDIRECT_PROBE
                               " connect 127.85.0.1 443 > $OUT.new; mv $OUT.new $OUT' & exit 5";
    RunOptions options = world.shell(daemon);
    options.environment.emplace_back("SBEMU_TEST=1");
    const auto begin = std::chrono::steady_clock::now();
    CHECK(run_redirected(options) == 5);
    const auto taken = std::chrono::steady_clock::now() - begin;
    if (!std::filesystem::exists(world.out())) {
        WARN("no seccomp notifications here");
        return;
    }
    CHECK(taken < options.linger);
    CHECK_THAT(read_whole_file(world.out()), Catch::Contains("\"host\":\"probe\""));
}

TEST_CASE("run_redirected does not wait for a daemon for ever", "[redirect][exec]") {
    World world;
    RunOptions options = world.shell("sleep 1 > /dev/null 2>&1 & exit 6");
    options.linger = std::chrono::milliseconds(100);
    const auto begin = std::chrono::steady_clock::now();
    CHECK(run_redirected(options) == 6);
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(2));
}

TEST_CASE("run_redirected works inside itself", "[redirect][exec]") {
    World world;
    RunOptions options = world.shell("exit 3");
    options.environment.emplace_back("SBEMU_EXEC=1");
    CHECK(run_redirected(options) == 3);
}

}  // namespace sbemu
