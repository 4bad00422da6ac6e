// Functions that run: custom runtimes, one process per concurrent event, and how processes end.
#include <csignal>
#include <fstream>
#include <iostream>

#include "emulator/host/tls/whole_file.h"
#include "tests/functions_world.h"

namespace sbemu::functions_test {
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

// Answers with its process id, so that processes can be told apart.
const std::string kPid = "    respond('{\"pid\":%d}' % os.getpid())\n";
const std::string kEcho = "    respond(event)\n";

// A response that only comes when the file named by the event is there.
const std::string kWaits = R"(
    while not os.path.exists(event.strip('"')): time.sleep(0.005)
    respond('{"pid":%d}' % os.getpid())
)";

// A process that nobody has waited for yet has ended all the same.
bool is_running(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string number, name, state;
    return (file >> number >> name >> state) && state != "Z";
}

pid_t pid_of(const Event& ended) {
    return static_cast<pid_t>(boost::json::parse(ended.body).at("pid").as_int64());
}

}  // namespace

TEST_CASE("an invocation", "[functions][pool]") {
    FunctionsWorld world;

    SECTION("is handed to the package's bootstrap and ends with its response") {
        const auto fn = world.function("echo", "provided.al2023", "h", custom_package("", kEcho));
        const Event& ended = world.call(fn, "1", R"({"a":"é"})");
        CHECK(story_of(ended) == R"(response {"a":"é"})");
        CHECK(ended.service == "lambda");
        CHECK(ended.caller == Caller{"123456789012", "eu-west-1", ""});
        CHECK(ended.params.at("DurationMicroseconds").as_int64() > 0);
        CHECK(ended.params.at("InitMicroseconds").as_int64() > 0);
        CHECK(ended.params.at("MaxMemoryMegabytes").as_int64() > 0);
        CHECK_THAT(std::string(ended.params.at("LogStream").as_string()),
                   Catch::Matchers::Matches(R"(2023/11/14/\[\$LATEST\][0-9a-f]{32})"));
        CHECK(world.reports.front().operation == "InvocationStarted");
        CHECK(world.busy == 0);
    }
    SECTION("reuses a warm process, whose initialization is told once") {
        const auto fn = world.function("pid", "provided", "h", custom_package("", kPid));
        const Event first = world.call(fn, "1");
        const Event second = world.call(fn, "2");
        CHECK(first.body == second.body);
        CHECK(first.params.at("LogStream") == second.params.at("LogStream"));
        CHECK(second.params.if_contains("InitMicroseconds") == nullptr);
        CHECK(world.functions->process_count() == 1);
        CHECK(world.blobs_read == 1);
    }
    SECTION("gets a deadline of the emulator's clock, and its headers") {
        const auto fn = world.function("h", "provided", "h", custom_package("", R"(
    respond(headers.getheader('Lambda-Runtime-Deadline-Ms') + ' ' +
            headers.getheader('Lambda-Runtime-Invoked-Function-Arn') + ' ' +
            headers.getheader('Lambda-Runtime-Trace-Id'))
)"));
        const auto before = to_milliseconds(world.now());
        const Event& ended = world.call(fn, "1");
        REQUIRE_THAT(story_of(ended), StartsWith("response 17"));
        const auto deadline = std::stoll(ended.body);
        CHECK(deadline >= before + 3000);
        CHECK(deadline <= to_milliseconds(world.now()) + 3000);
        CHECK_THAT(ended.body, Contains(" arn:aws:lambda:eu-west-1:123456789012:function:h "));
        CHECK_THAT(ended.body, Contains("Root=1-6553f100-") || Contains("Root=1-6553f10"));
    }
    SECTION("ends with the error that was posted") {
        const auto fn = world.function("e", "provided", "h", custom_package("", R"(
    post('invocation/' + request_id + '/error', 'any text',
         {'Lambda-Runtime-Function-Error-Type': 'My.Error'})
)"));
        const Event& ended = world.call(fn, "1");
        CHECK(story_of(ended) == "error any text");
        CHECK(ended.params.at("ErrorType") == "My.Error");
    }
    SECTION("carries what was logged until the answer, in order") {
        const auto fn =
            world.function("log", "provided", "h", custom_package("print('init', flush=True)", R"(
    print('one', flush=True)
    print('two', file=sys.stderr, flush=True)
    sys.stdout.write('three, no newline'); sys.stdout.flush()
    respond('null')
    print('after ' + event, flush=True)
)"));
        const Event first = world.call(fn, "1", "1");
        CHECK(log_of(first) == "init\none\ntwo\nthree, no newline\n");
        world.run_for(std::chrono::milliseconds(30));
        CHECK(log_of(world.call(fn, "2", "2")) == "after 1\none\ntwo\nthree, no newline\n");
        const auto stamp = first.params.at("Log").at(0).at("Timestamp").as_int64();
        CHECK(stamp >= to_milliseconds(world.start));
        CHECK(stamp <= to_milliseconds(world.now()));
    }
    SECTION("ends with the exit status or signal of a process that died") {
        const auto fn = world.function("die", "provided", "h", custom_package("", R"(
    print('dying', flush=True)
    if event == '"signal"': os.kill(os.getpid(), 11)
    if event != '"live"': os._exit(int(event))
    respond('1')
)"));
        CHECK(story_of(world.call(fn, "1", "7")) == "exit 7");
        CHECK(log_of(world.ended("1")) == "dying\n");
        CHECK(story_of(world.call(fn, "2", "0")) == "exit 0");
        CHECK(story_of(world.call(fn, "3", "\"signal\"")) == "exit signal 11");
        CHECK(story_of(world.call(fn, "4", "\"live\"")) == "response 1");
        CHECK(world.functions->process_count() == 1);
    }
    SECTION("counts an answer that was posted just before the process ended") {
        const auto fn = world.function("last", "provided", "h", custom_package("", R"(
    body = 'x' * 300000
    api.request('POST', '/2018-06-01/runtime/invocation/' + request_id + '/response', body)
    os._exit(1)
)"));
        const Event& ended = world.call(fn, "1");
        CHECK(ended.params.at("Outcome") == "response");
        CHECK(ended.body.size() == 300000);
    }
    SECTION("is told when its response is too large, and the process goes on") {
        const auto fn = world.function("big", "provided", "h", custom_package("", R"(
    answer = respond('x' * (7000000 if event == '"big"' else 1))
    print(answer, flush=True)
)"));
        CHECK_THAT(story_of(world.call(fn, "1", "\"big\"")),
                   Contains("Function.ResponseSizeTooLarge"));
        CHECK(story_of(world.call(fn, "2")) == "response x");
        CHECK_THAT(log_of(world.ended("2")), StartsWith("413 "));
    }
}

TEST_CASE("lambda.kill", "[functions][pool]") {
    FunctionsWorld world;
    const auto fn = world.function("hang", "provided", "h", custom_package("", R"(
    if event == '"pid"':
        respond('{"pid":%d}' % os.getpid())
        continue
    child = os.fork()
    if child == 0:
        time.sleep(60)
    print(child, flush=True)
    time.sleep(60)
)"));
    const pid_t pid = pid_of(world.call(fn, "pid", "\"pid\""));
    world.invoke(fn, "1");
    world.run_until([&] { return world.find("InvocationStarted", "1") != nullptr; });
    world.run_for(std::chrono::milliseconds(50));
    CHECK(world.busy == 1);
    world.kill("1");
    const Event& ended = world.ended("1");
    CHECK(story_of(ended) == "killed");
    CHECK_FALSE(is_running(pid));
    const pid_t child = std::stoi(log_of(ended));
    world.run_until([&] { return !is_running(child); });
    CHECK(world.busy == 0);

    SECTION("leaves the next invocation a new process") {
        CHECK(pid_of(world.call(fn, "2", "\"pid\"")) != pid);
    }
    SECTION("of what has ended does nothing") {
        world.kill("1");
        world.kill("never was");
        world.run_for(std::chrono::milliseconds(10));
        CHECK(world.reports.size() == 4);
    }
}

TEST_CASE("a failed initialization", "[functions][pool]") {
    FunctionsWorld world;

    SECTION("is told to every invocation, each of which runs it again") {
        const auto fn = world.function("init", "provided", "h",
                                       custom_package(R"(
print('starting', flush=True)
post('init/error', '{"errorMessage":"no"}', {'Lambda-Runtime-Function-Error-Type': 'Runtime.No'})
time.sleep(60)
)",
                                                      kEcho));
        for (const char* id : {"1", "2"}) {
            const Event& ended = world.call(fn, id);
            CHECK(story_of(ended) == R"(init-error {"errorMessage":"no"})");
            CHECK(ended.params.at("ErrorType") == "Runtime.No");
            CHECK(log_of(ended) == "starting\n");
        }
        CHECK(world.functions->process_count() == 0);
    }
    SECTION("without a word ends in an exit") {
        const auto fn =
            world.function("init", "provided", "h", custom_package("sys.exit(3)\n", kEcho));
        CHECK(story_of(world.call(fn, "1")) == "exit 3");
        CHECK(story_of(world.call(fn, "2")) == "exit 3");
    }
    SECTION("of a prepared process is logged by the next invocation") {
        const std::string once = (world.folder.path() / "once").string();
        const auto fn = world.function("init", "provided", "h",
                                       custom_package(R"(
if not os.path.exists(')" + once + R"('):
    open(')" + once + R"(', 'w')
    print('the first', flush=True)
    sys.exit(1)
)",
                                                      kEcho));
        world.prepare(fn);
        CHECK(world.busy == 1);
        world.run_until([&] { return world.busy == 0; });
        CHECK(world.functions->process_count() == 0);
        const Event& ended = world.call(fn, "1");
        CHECK(story_of(ended) == "response {}");
        CHECK(log_of(ended) == "the first\n");
    }
}

TEST_CASE("an initialization that takes too long", "[functions][pool]") {
    FunctionsWorld world(
        [](FunctionSettings& settings) { settings.init_limit = std::chrono::milliseconds(300); });
    const auto fn =
        world.function("slow", "provided", "h", custom_package("time.sleep(60)", kEcho));

    SECTION("is started again under the invocation's own timeout") {
        world.invoke(fn, "1");
        world.run_until([&] { return world.find("InvocationStarted", "1") != nullptr; });
        world.run_for(std::chrono::milliseconds(400));
        CHECK(world.functions->process_count() == 1);
        world.kill("1");
        CHECK(story_of(world.ended("1")) == "killed");
        CHECK(log_of(world.ended("1")) ==
              "INIT_REPORT Init Duration: 300.00 ms\tPhase: init\tStatus: timeout\n");
    }
    SECTION("is given up when nothing waits for it") {
        world.prepare(fn);
        world.run_until([&] { return world.busy == 0; });
        CHECK(world.functions->process_count() == 0);
    }
}

TEST_CASE("a function that cannot be started", "[functions][pool]") {
    FunctionsWorld world([](FunctionSettings& settings) { settings.environment = {"PATH="}; });
    const auto [runtime, zip,
                message] = GENERATE_COPY(table<std::string, std::string, std::string>({
        {"nodejs20.x", zip_of({{"index.js", ""}}), "the runtime nodejs20.x needs `node`"},
        {"python3.12", zip_of({{"index.py", ""}}), "the runtime python3.12 needs `python3.12` or"},
        {"provided", zip_of({{"index.js", ""}}), "Couldn't find valid bootstrap(s): [/var/task/"},
        {"provided", zip_of({{"bootstrap", "#!/no/such", kExecutable}}),
         "fork/exec /var/task/bootstrap: no such file or directory (sbemu: its first line asks"},
        {"provided", zip_of({{"bootstrap", "text", kExecutable}}),
         "fork/exec /var/task/bootstrap: exec format error (sbemu: "},
        {"ruby3.3", zip_of({{"index.rb", ""}}), "sbemu does not run the runtime ruby3.3"},
        {"provided", "no zip", "the package is not a zip file"},
        {"provided", zip_of({{"../x", ""}}), "the package's entry '../x' leads out"},
    }));
    const auto fn = world.function("none", runtime, "index.handler", zip);
    CHECK_THAT(story_of(world.call(fn, "1")), StartsWith("not-started " + message));
    CHECK_THAT(story_of(world.call(fn, "2")), StartsWith("not-started " + message));
    CHECK(world.find("InvocationStarted", "1") == nullptr);
    CHECK(world.functions->process_count() == 0);
    CHECK(world.functions->invocation_count() == 0);
    world.prepare(fn);
    world.run_until([&] { return world.busy == 0; });
}

TEST_CASE("a wrapper that is not there ends as AWS's shell does", "[functions][pool]") {
    FunctionsWorld world;
    auto fn = world.function("w", "python3.11", "index.handler", zip_of({{"index.py", ""}}));
    fn["Variables"] = boost::json::object{{"AWS_LAMBDA_EXEC_WRAPPER", "/opt/none"}};
    CHECK_THAT(story_of(world.call(fn, "1")), StartsWith("exit 127"));
}

TEST_CASE("concurrent invocations", "[functions][pool]") {
    const auto two = [](FunctionSettings& settings) { settings.process_limit = 2; };

    SECTION("get a process each") {
        FunctionsWorld world;
        const auto fn = world.function("f", "provided", "h", custom_package("", kWaits));
        const std::string gate = (world.folder.path() / "gate").string();
        for (const char* id : {"1", "2", "3"}) world.invoke(fn, id, "\"" + gate + "\"");
        world.run_until([&] { return world.find("InvocationStarted", "3") != nullptr; });
        write_whole_file(gate, "", 0644);
        const pid_t first = pid_of(world.ended("1"));
        const pid_t second = pid_of(world.ended("2"));
        const pid_t third = pid_of(world.ended("3"));
        CHECK((first != second && second != third && first != third));
        CHECK(world.functions->process_count() == 3);
    }
    SECTION("wait in order when there are too many processes") {
        FunctionsWorld world(two);
        const auto fn = world.function("f", "provided", "h", custom_package("", kWaits));
        const auto other = world.function("g", "provided", "h", custom_package("", kPid));
        const std::string gate = (world.folder.path() / "gate").string();
        world.invoke(fn, "1", "\"" + gate + "\"");
        world.invoke(fn, "2", "\"" + gate + "\"");
        world.invoke(other, "3");
        world.invoke(fn, "4", "\"" + gate + "\"");
        world.run_until([&] { return world.find("InvocationStarted", "2") != nullptr; });
        world.run_for(std::chrono::milliseconds(100));
        CHECK(world.find("InvocationStarted", "3") == nullptr);
        CHECK(world.functions->process_count() == 2);
        CHECK(world.busy == 4);
        write_whole_file(gate, "", 0644);
        for (const char* id : {"1", "2", "3", "4"}) {
            CHECK_THAT(story_of(world.ended(id)), StartsWith("response"));
            CHECK(world.functions->process_count() <= 2);
        }
    }
    SECTION("take the place of another function's idle process") {
        FunctionsWorld world(two);
        const std::string zip = custom_package("", kPid);
        const auto a = world.function("a", "provided", "h", zip);
        const auto b = world.function("b", "provided", "h", zip);
        const auto c = world.function("c", "provided", "h", zip);
        const pid_t oldest = pid_of(world.call(a, "1"));
        const pid_t newer = pid_of(world.call(b, "2"));
        world.call(c, "3");
        CHECK(world.functions->process_count() == 2);
        world.run_until([&] { return !is_running(oldest); });
        CHECK(pid_of(world.call(b, "4")) == newer);
    }
    SECTION("one after the other use one process") {
        FunctionsWorld world;
        const auto fn = world.function("f", "provided", "h", custom_package("", kPid));
        for (int i = 0; i < 50; ++i) world.call(fn, std::to_string(i));
        CHECK(world.functions->process_count() == 1);
    }
}

TEST_CASE("lambda.prepare", "[functions][pool]") {
    FunctionsWorld world;
    const auto fn = world.function("f", "provided", "h", custom_package("", kPid));
    world.prepare(fn);
    CHECK(world.busy == 1);
    CHECK(world.functions->process_count() == 1);

    SECTION("has a process ready before the first invocation") {
        world.run_until([&] { return world.busy == 0; });
        const auto start = std::chrono::steady_clock::now();
        const Event& ended = world.call(fn, "1");
        CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(1));
        CHECK(ended.params.at("InitMicroseconds").as_int64() > 0);
        CHECK(world.functions->process_count() == 1);
    }
    SECTION("gives the process that is still starting to an invocation that comes early") {
        world.call(fn, "1");
        CHECK(world.functions->process_count() == 1);
        CHECK(world.busy == 0);
    }
    SECTION("starts no second process") {
        world.prepare(fn);
        CHECK(world.functions->process_count() == 1);
    }
}

TEST_CASE("lambda.stop", "[functions][pool]") {
    FunctionsWorld world;
    const auto fn = world.function("f", "provided", "h", custom_package("", kWaits));
    const std::string gate = (world.folder.path() / "gate").string();
    const std::filesystem::path code = world.folder.path() / "code" / "hash-of-f";

    SECTION("ends idle processes and removes the package") {
        write_whole_file(gate, "", 0644);
        const pid_t pid = pid_of(world.call(fn, "1", "\"" + gate + "\""));
        CHECK(std::filesystem::exists(code / "bootstrap"));
        world.stop("f");
        CHECK(world.functions->process_count() == 0);
        world.run_until([&] { return !is_running(pid); });
        world.run_until([&] { return !std::filesystem::exists(code); });
    }
    SECTION("lets a busy process finish") {
        world.invoke(fn, "1", "\"" + gate + "\"");
        world.run_until([&] { return world.find("InvocationStarted", "1") != nullptr; });
        world.stop("f");
        CHECK(world.functions->process_count() == 1);
        CHECK(std::filesystem::exists(code / "bootstrap"));
        write_whole_file(gate, "", 0644);
        const pid_t pid = pid_of(world.ended("1"));
        CHECK(world.functions->process_count() == 0);
        world.run_until([&] { return !is_running(pid); });
    }
    SECTION("ends a process that is being prepared") {
        world.prepare(fn);
        world.stop("f");
        CHECK(world.busy == 0);
        world.run_for(std::chrono::milliseconds(50));
        CHECK(world.functions->process_count() == 0);
    }
    SECTION("keeps a package that another environment has") {
        auto other = fn;
        other["Environment"] = "other";
        write_whole_file(gate, "", 0644);
        world.call(fn, "1", "\"" + gate + "\"");
        world.call(other, "2", "\"" + gate + "\"");
        world.stop("f");
        world.run_for(std::chrono::milliseconds(50));
        CHECK(std::filesystem::exists(code / "bootstrap"));
        CHECK(world.blobs_read == 1);
    }
    SECTION("is no end: the package is unpacked again for a late retry") {
        write_whole_file(gate, "", 0644);
        world.call(fn, "1", "\"" + gate + "\"");
        world.stop("f");
        CHECK_THAT(story_of(world.call(fn, "2", "\"" + gate + "\"")), StartsWith("response"));
    }
}

TEST_CASE("processes that were forgotten", "[functions][pool]") {
    FunctionsWorld world;
    const auto fn = world.function("f", "provided", "h", custom_package("", R"(
    respond('"' + os.environ['AWS_SESSION_TOKEN'] + '"')
    if event == '"sleep"': time.sleep(60)
)"));
    const std::string body = world.call(fn, "1").body;
    const std::string token = body.substr(1, body.size() - 2);
    REQUIRE(world.functions->find_caller(token));
    CHECK_FALSE(world.functions->find_caller(token)->is_forgotten);
    world.invoke(fn, "2", "\"sleep\"");
    world.functions->forget();
    CHECK(world.busy == 0);
    CHECK(world.functions->process_count() == 0);

    SECTION("report nothing more, but what they had asked is known to be theirs") {
        REQUIRE(world.functions->find_caller(token));
        CHECK(world.functions->find_caller(token)->is_forgotten);
        CHECK(world.functions->find_caller(token)->function == fn.at("FunctionArn").as_string());
        world.call(fn, "3");
        CHECK_FALSE(world.find("InvocationEnded", "2"));
    }
    SECTION("give way to new ones") {
        const std::string other = world.call(fn, "3").body;
        CHECK(other != body);
        CHECK_FALSE(world.functions->find_caller(other.substr(1, other.size() - 2))->is_forgotten);
    }
}

TEST_CASE("a process that ends while idle is replaced", "[functions][pool]") {
    FunctionsWorld world;
    const auto fn = world.function("f", "provided", "h", custom_package("", kPid));
    const pid_t first = pid_of(world.call(fn, "1"));
    world.run_for(std::chrono::milliseconds(20));
    ::kill(first, SIGKILL);
    world.run_until([&] { return world.functions->process_count() == 0; });
    CHECK(pid_of(world.call(fn, "2")) != first);
}

TEST_CASE("idle processes are ended after a while", "[functions][pool]") {
    FunctionsWorld world(
        [](FunctionSettings& settings) { settings.idle_limit = std::chrono::milliseconds(100); });
    const auto fn = world.function("f", "provided", "h", custom_package("", kPid));
    const pid_t pid = pid_of(world.call(fn, "1"));
    world.run_until([&] { return world.functions->process_count() == 0; });
    world.run_until([&] { return !is_running(pid); });
}

TEST_CASE("nothing survives the emulator", "[functions][pool]") {
    pid_t pid = 0;
    {
        FunctionsWorld world;
        const auto fn = world.function("f", "provided", "h", custom_package("", kPid));
        pid = pid_of(world.call(fn, "1"));
        world.invoke(fn, "2");
    }
    CHECK_FALSE(is_running(pid));
}

TEST_CASE("what a function started goes with it, also what left its process group",
          "[functions][pool]") {
    const std::string kDaemon = R"(
    import subprocess
    null = subprocess.DEVNULL
    child = subprocess.Popen(["sleep", "600"], stdout=null, stderr=null, start_new_session=True)
    respond('{"pid":%d}' % child.pid)
)";
    FunctionsWorld world(
        [](FunctionSettings& settings) { settings.idle_limit = std::chrono::milliseconds(100); });
    const auto fn = world.function("f", "provided", "h", custom_package("", kDaemon));
    const pid_t child = pid_of(world.call(fn, "1"));
    REQUIRE(is_running(child));
    world.run_until([&] { return world.functions->process_count() == 0; });
    world.run_until([&] { return !is_running(child); });
}

TEST_CASE("packages that an earlier run unpacked are used", "[functions][pool]") {
    FunctionsWorld world;
    const auto fn = world.function("f", "provided", "h", custom_package("", kPid));
    world.call(fn, "1");
    const auto half = world.folder.path() / "code" / "other.unfinished";
    std::filesystem::create_directories(half);
    FunctionsWorld again;
    again.settings.folder = world.folder.path();
    again.functions.emplace(again.io, again, again.settings);
    const auto same = again.function("f", "provided", "h", "");
    CHECK_THAT(story_of(again.call(same, "1")), StartsWith("response"));
    CHECK(again.blobs_read == 0);
}

TEST_CASE("a warm invocation", "[functions][pool][latency]") {
    FunctionsWorld world;
    const auto fn = world.function("f", "provided", "h", custom_package("", kEcho));
    world.call(fn, "first");
    std::vector<std::int64_t> times;
    for (int i = 0; i < 200; ++i) {
        const auto start = std::chrono::steady_clock::now();
        world.call(fn, std::to_string(i));
        times.push_back(std::chrono::duration_cast<std::chrono::microseconds>(
                            std::chrono::steady_clock::now() - start)
                            .count());
    }
    std::sort(times.begin(), times.end());
    std::cout << "warm invocation of a Python custom runtime: median " << times[100]
              << " us, least " << times[0] << " us\n";
    CHECK(world.functions->process_count() == 1);
}

}  // namespace sbemu::functions_test
