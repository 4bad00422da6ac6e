// Node and Python functions on sbemu's own bootstraps.
#include <fstream>
#include <iostream>

#include "emulator/host/redirect/redirect.h"
#include "emulator/host/tls/certificate_authority.h"
#include "emulator/host/tls/whole_file.h"
#include "tests/functions_world.h"

namespace sbemu::functions_test {
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

bool has(const std::string& runtime) {
    const bool found = !Interpreters(current_environment()).find(runtime).path.empty();
    if (!found) WARN("not tested: " << runtime << " is not on this machine");
    return found;
}

}  // namespace

TEST_CASE("a Node function", "[functions][node]") {
    if (!has("nodejs20.x")) return;
    FunctionsWorld world;

    SECTION("runs, with its variables, and logs in order") {
        auto fn = world.function("f", "nodejs20.x", "index.handler", zip_of({{"index.js", R"(
            console.log('loaded');
            exports.handler = async (event, context) => {
                console.log('one\nmore');
                process.stdout.write('raw\n');
                console.error('two');
                return {event, name: context.functionName, arn: context.invokedFunctionArn,
                        mine: process.env.MINE, root: process.env.LAMBDA_TASK_ROOT === __dirname,
                        cwd: process.cwd() === __dirname,
                        left: context.getRemainingTimeInMillis() <= 3000};
            };)"}}));
        fn["Variables"] = boost::json::object{{"MINE", "yes"}};
        const Event& ended = world.call(fn, "1", R"({"k":1})");
        CHECK(story_of(ended) ==
              R"(response {"event":{"k":1},"name":"f","arn":)"
              R"("arn:aws:lambda:eu-west-1:123456789012:function:f","mine":"yes","root":true,)"
              R"("cwd":true,"left":true})");
        const auto& log = ended.params.at("Log").as_array();
        REQUIRE(log.size() == 4);
        CHECK_THAT(std::string(log[0].at("Message").as_string()), Contains("\tINFO\tloaded\n"));
        CHECK_THAT(std::string(log[1].at("Message").as_string()),
                   Contains("\trequest-1\tINFO\tone\nmore\n"));
        CHECK(log[2].at("Message") == "raw\n");
        CHECK_THAT(std::string(log[3].at("Message").as_string()),
                   Contains("\trequest-1\tERROR\ttwo\n"));
    }
    SECTION("may write more than a pipe holds, by console and by process.stdout") {
        const auto fn = world.function("f", "nodejs20.x", "index.handler", zip_of({{"index.js", R"(
            exports.handler = async () => {
                for (let i = 0; i < 100; i++) {
                    process.stdout.write('b'.repeat(5000) + '\n');
                    console.log('c'.repeat(5000));
                }
                return 1;
            };)"}}));
        const Event& ended = world.call(fn, "1");
        CHECK(story_of(ended) == "response 1");
        CHECK(log_of(ended).size() >= 100 * 5000);
    }
    SECTION("that throws where nobody catches is posted, then ends") {
        const auto fn = world.function("f", "nodejs20.x", "index.handler", zip_of({{"index.js", R"(
            exports.handler = () => new Promise(() => setTimeout(() => {
                throw new TypeError('late');
            }, 1));)"}}));
        for (const char* id : {"1", "2"}) {
            CHECK_THAT(story_of(world.call(fn, id)),
                       StartsWith(R"(error {"errorType":"TypeError","errorMessage":"late")"));
        }
    }
    SECTION("that does not load is an error of the initialization") {
        const auto fn = world.function("f", "nodejs20.x", "index.handler",
                                       zip_of({{"index.js", "require('nothing-there');"}}));
        const Event& ended = world.call(fn, "1");
        CHECK_THAT(story_of(ended),
                   StartsWith(R"(init-error {"errorType":"Runtime.ImportModuleError")"));
        CHECK(ended.params.at("ErrorType") == "Runtime.ImportModuleError");
        CHECK_THAT(log_of(ended), Contains("Uncaught Exception"));
    }
    SECTION("finds the modules that --node-path names on old runtimes only") {
        FunctionsWorld with_path(
            [&](FunctionSettings& settings) { settings.node_path = world.folder.path() / "sdk"; });
        const auto module = world.folder.path() / "sdk/node_modules/aws-sdk";
        std::filesystem::create_directories(module);
        std::ofstream(module / "index.js") << "exports.v = 2;";
        const std::string zip = zip_of({{"index.js",
                                         "exports.handler = (e, c, done) => done(null, "
                                         "require('aws-sdk').v);"}});
        CHECK(story_of(with_path.call(with_path.function("old", "nodejs16.x", "index.handler", zip),
                                      "1")) == "response 2");
        CHECK_THAT(story_of(with_path.call(
                       with_path.function("new", "nodejs18.x", "index.handler", zip), "2")),
                   Contains("Cannot find module 'aws-sdk'"));
    }
}

TEST_CASE("a Python function", "[functions][python]") {
    if (!has("python3.11")) return;
    FunctionsWorld world;

    SECTION("runs, and logs in order") {
        const auto fn = world.function("f", "python3.11", "app.main", zip_of({{"app.py", R"(
import logging, os, sys
logging.getLogger().setLevel('INFO')
def main(event, context):
    print('one')
    logging.info('two')
    print('three', file=sys.stderr)
    return {'event': event, 'id': context.aws_request_id, 'exe': os.environ['AWS_EXECUTION_ENV'],
            'memory': context.memory_limit_in_mb,
            'cwd': os.getcwd() == os.environ['LAMBDA_TASK_ROOT']}
)"}}));
        const Event& ended = world.call(fn, "1", "[1]");
        CHECK(story_of(ended) ==
              R"(response {"event": [1], "id": "request-1", "exe": "AWS_Lambda_python3.11", )"
              R"("memory": "128", "cwd": true})");
        const auto& log = ended.params.at("Log").as_array();
        REQUIRE(log.size() == 3);
        CHECK(log[0].at("Message") == "one\n");
        CHECK_THAT(std::string(log[1].at("Message").as_string()),
                   StartsWith("[INFO]\t") && Contains("\trequest-1\ttwo\n"));
        CHECK(log[2].at("Message") == "three\n");
    }
    SECTION("that raises ends in the error, as one log event") {
        const auto fn = world.function("f", "python3.11", "app.main", zip_of({{"app.py", R"(
def main(event, context):
    raise ValueError('no')
)"}}));
        const Event& ended = world.call(fn, "1");
        CHECK_THAT(story_of(ended), StartsWith(R"(error {"errorMessage": "no", "errorType": )"));
        CHECK(ended.params.at("ErrorType") == "ValueError");
        CHECK(ended.params.at("Log").as_array().size() == 1);
    }
    SECTION("that does not load is an error of the initialization, each time") {
        const auto fn = world.function("f", "python3.11", "app.main",
                                       zip_of({{"app.py", "import nothing_there\n"}}));
        for (const char* id : {"1", "2"}) {
            const Event& ended = world.call(fn, id);
            CHECK_THAT(story_of(ended), Contains("No module named 'nothing_there'"));
            CHECK(ended.params.at("Outcome") == "init-error");
            CHECK(ended.params.at("ErrorType") == "Runtime.ImportModuleError");
        }
    }
    SECTION("that exits is an exit") {
        const auto fn = world.function("f", "python3.11", "app.main", zip_of({{"app.py", R"(
import os
def main(event, context):
    os._exit(event)
)"}}));
        CHECK(story_of(world.call(fn, "1", "4")) == "exit 4");
    }
}

TEST_CASE("functions are started redirected", "[functions][redirect]") {
    if (!has("python3.11")) return;
    TemporaryFolder temporary;
    CertificateAuthority authority(temporary.path(), CertificateAuthority::Kind::ephemeral);
    RedirectSettings redirect_settings;
    redirect_settings.port = 4566;
    redirect_settings.certificate_authority = authority.certificate_file();
    redirect_settings.folder = temporary.path();
    Redirect redirect(redirect_settings);
    FunctionsWorld world([&](FunctionSettings& settings) {
        settings.start = [&](ProcessOptions options) {
            return redirect.start(std::move(options), RedirectedChild::lambda).process;
        };
    });
    const auto fn = world.function("f", "python3.11", "app.main", zip_of({{"app.py", R"(
import os, socket
def main(event, context):
    name = socket.gethostbyname('dynamodb.eu-west-1.amazonaws.com')
    return [name, os.environ['AWS_ACCESS_KEY_ID'], 'AWS_CA_BUNDLE' in os.environ]
)"}}));
    CHECK(story_of(world.call(fn, "1")) == R"(response ["127.85.0.1", "123456789012", true])");
    world.stop("f");
    CHECK(redirect.wait_until_unwatched(std::chrono::seconds(5)));
}

TEST_CASE("the Streambot package", "[functions][streambot]") {
    FunctionsWorld world;
    const std::string package = read_whole_file(STREAMBOT_PACKAGE);

    SECTION("is ready for its first event") {
        const auto start = std::chrono::steady_clock::now();
        world.prepare(world.function("f", "provided.al2023", "index.env", package));
        world.run_until([&] { return world.busy == 0; });
        const auto took = std::chrono::steady_clock::now() - start;
        std::cout << "the Streambot package is unpacked and ready after "
                  << std::chrono::duration_cast<std::chrono::microseconds>(took).count() << " us\n";
        CHECK(world.functions->process_count() == 1);
    }
    SECTION("tells that it has no such handler") {
        const auto fn = world.function("f", "provided.al2023", "index.none", package);
        CHECK_THAT(story_of(world.call(fn, "1")),
                   StartsWith("init-error") && Contains("index.none"));
    }
}

}  // namespace sbemu::functions_test
