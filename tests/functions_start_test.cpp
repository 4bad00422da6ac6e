// What functions are started with: variables, program, interpreter.
#include <sys/stat.h>

#include "emulator/host/functions/entry_point.h"
#include "emulator/host/functions/function_environment.h"
#include "emulator/host/redirect/redirected_environment.h"
#include "emulator/host/tls/whole_file.h"
#include "tests/functions_world.h"

namespace sbemu::functions_test {

namespace {

Function function_with(const std::string& runtime) {
    Function function;
    function.name = "fn";
    function.version = "$LATEST";
    function.runtime = runtime;
    function.handler = "index.env";
    function.log_group = "/aws/lambda/fn";
    function.owner = {"123456789012", "eu-west-1", ""};
    return function;
}

std::string not_started(const Function& function, const std::filesystem::path& root) {
    try {
        entry_point(function, root, "/bin/node", "/b.js");
    } catch (const NotStarted& error) {
        return error.what();
    }
    return "started";
}

}  // namespace

TEST_CASE("function_environment", "[functions][environment]") {
    TemporaryFolder temporary;
    Function function = function_with("nodejs20.x");
    function.variables = {
        {"TABLE", "t"}, {"AWS_REGION", "mars"}, {"_HANDLER", "x.y"}, {"TZ", "CET"}};
    const FunctionPlace place{"/code/abc", 9001, "stream", temporary.path()};
    const Environment emulator{"PATH=/usr/bin", "HOME=/home/me", "SECRET=1"};
    const auto value = [&](const char* name) {
        const Environment environment = function_environment(function, place, emulator);
        const char* found = find_variable(environment, name);
        return std::string(found == nullptr ? "(none)" : found);
    };

    SECTION("has AWS's variables") {
        const auto [name, expected] = GENERATE(table<std::string, std::string>({
            {"AWS_ACCESS_KEY_ID", "123456789012"},
            {"AWS_REGION", "eu-west-1"},
            {"AWS_DEFAULT_REGION", "eu-west-1"},
            {"AWS_EXECUTION_ENV", "AWS_Lambda_nodejs20.x"},
            {"AWS_LAMBDA_FUNCTION_NAME", "fn"},
            {"AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"},
            {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"},
            {"AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"},
            {"AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/fn"},
            {"AWS_LAMBDA_LOG_STREAM_NAME", "stream"},
            {"AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001"},
            {"LAMBDA_TASK_ROOT", "/code/abc"},
            {"LAMBDA_RUNTIME_DIR", "/var/runtime"},
            {"_HANDLER", "index.env"},
            {"LANG", "en_US.UTF-8"},
            {"PATH", "/usr/bin"},
            {"LD_LIBRARY_PATH", "/code/abc:/code/abc/lib"},
            {"NODE_PATH", "/code/abc/node_modules:/code/abc"},
        }));
        INFO(name);
        CHECK(value(name.c_str()) == expected);
    }
    SECTION("has the function's own, but not in place of reserved ones") {
        CHECK(value("TABLE") == "t");
        CHECK(value("TZ") == "CET");
        CHECK(value("AWS_REGION") == "eu-west-1");
        CHECK(value("_HANDLER") == "index.env");
    }
    SECTION("has nothing else of the emulator's") {
        CHECK(value("HOME") == "(none)");
        CHECK(value("SECRET") == "(none)");
    }
    SECTION("has the folder of aws-sdk v2 for the runtimes that came with it") {
        const std::string folder = temporary.path().string();
        const std::string own = "/code/abc/node_modules:/code/abc";
        for (const char* runtime : {"nodejs", "nodejs4.3", "nodejs12.x", "nodejs16.x"}) {
            function.runtime = runtime;
            CHECK(value("NODE_PATH") == folder + ":" + own);
        }
        std::filesystem::create_directory(temporary.path() / "node_modules");
        CHECK(value("NODE_PATH") == folder + "/node_modules:" + own);
        function.runtime = "nodejs18.x";
        CHECK(value("NODE_PATH") == own);
    }
    SECTION("differs for provided runtimes") {
        function.runtime = "provided.al2023";
        CHECK(value("AWS_EXECUTION_ENV") == "(none)");
        CHECK(value("NODE_PATH") == "(none)");
        CHECK(value("_LAMBDA_TELEMETRY_LOG_FD") == "(none)");
    }
}

TEST_CASE("entry_point", "[functions][entry-point]") {
    TemporaryFolder temporary;
    const std::filesystem::path& root = temporary.path();
    const std::string nothing =
        "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]";

    SECTION("of a provided runtime is the package's bootstrap") {
        const Function function = function_with("provided.al2023");
        CHECK(not_started(function, root) ==
              nothing + " (sbemu: the package has no file named bootstrap)");
        write_whole_file(root / "bootstrap", "#!/bin/sh\n", 0644);
        CHECK(not_started(function, root) ==
              nothing +
                  " (sbemu: the package's bootstrap is not executable; chmod +x it before "
                  "zipping)");
        chmod((root / "bootstrap").c_str(), 0755);
        CHECK(entry_point(function, root, "", "") ==
              std::vector<std::string>{(root / "bootstrap").string()});
    }
    SECTION("of a managed runtime is the interpreter, behind a wrapper if there is one") {
        Function function = function_with("nodejs20.x");
        CHECK(entry_point(function, root, "/bin/node", "/b.js") ==
              std::vector<std::string>{"/bin/node", "/b.js"});
        function.variables["AWS_LAMBDA_EXEC_WRAPPER"] = "/var/task/wrap";
        CHECK(entry_point(function, root, "/bin/node", "/b.js") ==
              std::vector<std::string>{(root / "wrap").string(), "/bin/node", "/b.js"});
    }
}

TEST_CASE("describe_start_error", "[functions][entry-point]") {
    TemporaryFolder temporary;
    const auto [content, error, expected] = GENERATE(table<std::string, int, std::string>({
        {"#!/opt/none/ruby -w\nputs 1\n", ENOENT,
         "no such file or directory (sbemu: its first line asks for the interpreter "
         "'/opt/none/ruby -w', which is not on this machine)"},
        {"#!/bin/sh\r\necho\r\n", ENOENT,
         "no such file or directory (sbemu: its first line asks for the interpreter '/bin/sh', "
         "which is not on this machine under that name: the line ends in CR LF)"},
        {"echo hello\n", ENOEXEC,
         "exec format error (sbemu: it is neither a program for this machine nor a script with a "
         "'#!' line)"},
        {std::string("\x7f"
                     "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\xb7\0",
                     20),
         ENOEXEC,
         "exec format error (sbemu: it is a program for arm64; either this machine is another one "
         "or the program's loader is not installed here)"},
    }));
    const std::string program = (temporary.path() / "bootstrap").string();
    write_whole_file(program, content, 0755);
    CHECK(describe_start_error(program, ProcessStartError("cannot run it", error)) ==
          "fork/exec /var/task/bootstrap: " + expected);
}

TEST_CASE("Interpreters", "[functions][interpreters]") {
    TemporaryFolder temporary;
    const std::string folder = temporary.path().string();
    Interpreters interpreters({"PATH=/nowhere:" + folder});

    SECTION("finds the exact Python, else python3") {
        write_whole_file(folder + "/python3", "ELF", 0755);
        CHECK(interpreters.find("python3.12").path == folder + "/python3");
        write_whole_file(folder + "/python3.11", "ELF", 0755);
        CHECK(interpreters.find("python3.11").path == folder + "/python3.11");
    }
    SECTION("asks a launcher which program it stands for") {
        write_whole_file(folder + "/real", "ELF", 0755);
        write_whole_file(folder + "/node", "#!/bin/sh\necho " + folder + "/real\n", 0755);
        CHECK(interpreters.find("nodejs20.x").path == folder + "/real");
    }
    SECTION("passes over a launcher that has no such version") {
        write_whole_file(folder + "/python3.12", "#!/bin/sh\nexit 127\n", 0755);
        write_whole_file(folder + "/python3", "ELF", 0755);
        CHECK(interpreters.find("python3.12").path == folder + "/python3");
    }
    SECTION("says what is missing") {
        CHECK(interpreters.find("nodejs20.x").error ==
              "the runtime nodejs20.x needs `node` on the PATH that sbemu was started with, and "
              "there is none: install Node.js (on Debian: apt-get install nodejs)");
        CHECK(interpreters.find("python3.12").error ==
              "the runtime python3.12 needs `python3.12` or `python3` on the PATH that sbemu was "
              "started with, and there is none: install Python (on Debian: apt-get install "
              "python3)");
    }
}

}  // namespace sbemu::functions_test
