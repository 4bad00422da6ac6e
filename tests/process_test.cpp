// Child processes: how they are started, signalled and waited for.
#include "emulator/host/process/process.h"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <vector>

#include "emulator/host/tls/whole_file.h"
#include "tests/redirect/temporary_folder.h"

namespace sbemu {

namespace {

ProcessOptions shell(const std::string& script) {
    ProcessOptions options;
    options.arguments = {"/bin/sh", "-c", script};
    options.environment = {"PATH=/usr/bin:/bin"};
    options.standard_output = Stream::pipe;
    return options;
}

std::string read_all(const FileDescriptor& pipe) {
    std::string text;
    char part[4096];
    pollfd ready{pipe.get(), POLLIN, 0};
    while (poll(&ready, 1, 5000) == 1) {
        const ssize_t count = read(pipe.get(), part, sizeof part);
        if (count <= 0) break;
        text.append(part, static_cast<std::size_t>(count));
    }
    return text;
}

std::string output_of(const ProcessOptions& options) {
    Process process = Process::start(options);
    std::string text = read_all(process.standard_output);
    process.wait();
    return text;
}

int error_of(const ProcessOptions& options) {
    try {
        Process::start(options);
    } catch (const ProcessStartError& error) {
        return error.error_number();
    }
    return 0;
}

bool is_running(pid_t process) {
    std::ifstream status("/proc/" + std::to_string(process) + "/stat");
    std::string number;
    std::string name;
    std::string state;
    status >> number >> name >> state;
    return status && state != "Z" && state != "X";
}

bool ends_soon(pid_t process) {
    for (int i = 0; i < 200 && is_running(process); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return !is_running(process);
}

}  // namespace

TEST_CASE("Process gives the child", "[process]") {
    SECTION("its arguments as they are") {
        ProcessOptions options = shell("");
        options.arguments = {"printf", "%s|", "a b", "", "$c"};
        CHECK(output_of(options) == "a b||$c|");
    }
    SECTION("exactly the environment") {
        ProcessOptions options = shell("");
        options.arguments = {"/usr/bin/env"};
        options.environment = {"B=2", "A=x=y", "EMPTY="};
        CHECK(output_of(options) == "B=2\nA=x=y\nEMPTY=\n");
    }
    SECTION("the working directory") {
        ProcessOptions options = shell("pwd");
        options.working_directory = "/usr";
        CHECK(output_of(options) == "/usr\n");
    }
    SECTION("an empty standard input, unless it is a pipe") {
        CHECK(output_of(shell("cat; echo end")) == "end\n");
        ProcessOptions options = shell("cat");
        options.standard_input = Stream::pipe;
        Process process = Process::start(options);
        CHECK(write(process.standard_input.get(), "text", 4) == 4);
        process.standard_input.close();
        CHECK(read_all(process.standard_output) == "text");
        CHECK(process.wait().succeeded());
    }
    SECTION("standard error on its own pipe") {
        ProcessOptions options = shell("echo out; echo wrong >&2");
        options.standard_error = Stream::pipe;
        Process process = Process::start(options);
        CHECK(read_all(process.standard_error) == "wrong\n");
        CHECK(read_all(process.standard_output) == "out\n");
    }
    SECTION("no other descriptors, unless they are to be kept") {
        FileDescriptor open_file(dup(2));  // not close-on-exec
        REQUIRE(open_file.get() > 2);
        const std::string number = std::to_string(open_file.get());
        ProcessOptions options = shell("test -e /proc/self/fd/" + number + " && echo kept");
        CHECK(output_of(options).empty());
        options.keep_other_descriptors = true;
        CHECK(output_of(options) == "kept\n");
    }
    SECTION("the usual signals, whatever the caller blocks") {
        sigset_t some;
        sigset_t before;
        sigemptyset(&some);
        sigaddset(&some, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &some, &before);
        Process process = Process::start(shell("kill -TERM $$; echo blocked"));
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
        CHECK(process.wait() == ProcessExit{0, SIGTERM});
    }
    SECTION("a SIGPIPE that ends it") {
        auto* before = std::signal(SIGPIPE, SIG_IGN);
        Process process = Process::start(shell("kill -PIPE $$; echo ignored"));
        std::signal(SIGPIPE, before);
        CHECK(process.wait() == ProcessExit{0, SIGPIPE});
    }
}

TEST_CASE("Process tells the end", "[process]") {
    SECTION("by code") {
        Process process = Process::start(shell("exit 7"));
        CHECK(process.wait() == ProcessExit{7, 0});
        CHECK(process.wait().shell_status() == 7);
        CHECK_FALSE(process.wait().succeeded());
    }
    SECTION("by signal") {
        Process process = Process::start(shell("exec sleep 100"));
        CHECK_FALSE(process.try_wait());
        process.signal(SIGKILL);
        CHECK(process.wait() == ProcessExit{0, SIGKILL});
        CHECK(process.try_wait()->shell_status() == 137);
        process.signal(SIGKILL);  // nobody: the number may be another's by now
    }
    SECTION("on its descriptor") {
        Process process = Process::start(shell("exit 0"));
        pollfd ended{process.pid_descriptor(), POLLIN, 0};
        REQUIRE(poll(&ended, 1, 5000) == 1);
        CHECK(process.try_wait() == ProcessExit{0, 0});
    }
}

TEST_CASE("Process refuses", "[process]") {
    ProcessOptions options = shell("");
    SECTION("an absent program") {
        options.arguments = {"/nowhere/program"};
        CHECK(error_of(options) == ENOENT);
        CHECK_THROWS_WITH(Process::start(options),
                          "cannot run /nowhere/program: No such file or directory");
        options.arguments = {"no-such-program-in-the-path"};
        CHECK(error_of(options) == ENOENT);
        options.arguments = {""};
        CHECK(error_of(options) == ENOENT);
        options.arguments = {};
        CHECK(error_of(options) == ENOENT);
    }
    SECTION("what is not executable") {
        options.arguments = {"/etc/passwd"};
        CHECK(error_of(options) == EACCES);
    }
    SECTION("what is no program") {
        const TemporaryFolder folder;
        const auto file = folder.path() / "program";
        write_whole_file(file, "text\n", 0755);
        options.arguments = {file.string()};
        CHECK(error_of(options) == ENOEXEC);
    }
    SECTION("an absent working directory") {
        options.working_directory = "/nowhere";
        CHECK(error_of(options) == ENOENT);
    }
}

TEST_CASE("Process leaves nothing running", "[process]") {
    SECTION("when it is destroyed") {
        pid_t number = 0;
        {
            Process process = Process::start(shell("exec sleep 100"));
            number = process.pid();
            CHECK(is_running(number));
        }
        CHECK_FALSE(is_running(number));
    }
    SECTION("of its group when the leader has ended") {
        ProcessOptions options = shell("sleep 100 & echo $!");
        options.own_process_group = true;
        Process process = Process::start(options);
        char number[32] = {};
        pollfd ready{process.standard_output.get(), POLLIN, 0};
        REQUIRE(poll(&ready, 1, 5000) == 1);
        REQUIRE(read(process.standard_output.get(), number, sizeof number - 1) > 0);
        CHECK(process.wait().succeeded());
        CHECK(ends_soon(std::atoi(number)));
    }
    SECTION("when the starting thread has ended") {
        std::optional<Process> process;
        std::thread([&] { process.emplace(Process::start(shell("exec sleep 100"))); }).join();
        CHECK(process->wait() == ProcessExit{0, SIGKILL});
    }
    SECTION("when it is replaced") {
        Process process = Process::start(shell("exec sleep 100"));
        const pid_t number = process.pid();
        process = Process::start(shell("exit 3"));
        CHECK_FALSE(is_running(number));
        CHECK(process.wait().code == 3);
    }
}

TEST_CASE("Process starts from many threads at once", "[process]") {
    std::vector<std::thread> threads;
    std::atomic<int> good = 0;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&good, i] {
            for (int round = 0; round < 10; ++round) {
                if (output_of(shell("echo " + std::to_string(i))) == std::to_string(i) + "\n") {
                    ++good;
                }
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(good == 40);
}

}  // namespace sbemu
