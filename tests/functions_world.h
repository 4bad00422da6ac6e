// An emulator of two dozen lines around Functions, and the zips to try it with.
#pragma once

#include <zip.h>

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "emulator/host/functions/functions.h"
#include "emulator/host/functions/interpreters.h"
#include "tests/redirect/temporary_folder.h"

namespace sbemu::functions_test {

struct PackageEntry {
    std::string name;
    std::string content;
    unsigned mode = 0;  // of a Unix zip program, with the file type; 0 if it noted none
};

inline constexpr unsigned kExecutable = 0100755;
inline constexpr unsigned kSymbolicLink = 0120777;

inline std::string zip_of(const std::vector<PackageEntry>& entries) {
    zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, nullptr);
    zip_t* archive = zip_open_from_source(target, ZIP_TRUNCATE, nullptr);
    REQUIRE(archive != nullptr);
    zip_source_keep(target);
    for (const PackageEntry& entry : entries) {
        zip_int64_t index = 0;
        if (entry.name.ends_with('/')) {
            index = zip_dir_add(archive, entry.name.c_str(), ZIP_FL_ENC_UTF_8);
        } else {
            zip_source_t* source =
                zip_source_buffer(archive, entry.content.data(), entry.content.size(), 0);
            index = zip_file_add(archive, entry.name.c_str(), source, ZIP_FL_ENC_UTF_8);
        }
        REQUIRE(index >= 0);
        // libzip itself notes permissions of a Unix file: DOS has none.
        const auto place = static_cast<zip_uint64_t>(index);
        const auto system = entry.mode == 0 ? ZIP_OPSYS_DOS : ZIP_OPSYS_UNIX;
        zip_file_set_external_attributes(archive, place, 0, static_cast<zip_uint8_t>(system),
                                         entry.mode << 16);
    }
    REQUIRE(zip_close(archive) == 0);
    zip_stat_t status;
    REQUIRE(zip_source_stat(target, &status) == 0);
    std::string bytes(status.size, '\0');
    REQUIRE(zip_source_open(target) == 0);
    zip_source_read(target, bytes.data(), bytes.size());
    zip_source_close(target);
    zip_source_free(target);
    return bytes;
}

// Carries out effects as an emulator would, and keeps what is reported.
class FunctionsWorld : public FunctionHost {
  public:
    explicit FunctionsWorld(std::function<void(FunctionSettings&)> change = {}) {
        settings.folder = folder.path();
        if (change) change(settings);
        functions.emplace(io, *this, settings);
    }

    void submit(Event event) override { reports.push_back(std::move(event)); }
    Time now() override {
        return start +
               std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - started);
    }
    Duration ahead() override { return ahead_of_machine; }
    void raise_busy() override { ++busy; }
    void lower_busy() override { --busy; }
    std::string blob(std::string_view hash) override {
        ++blobs_read;
        return blobs.at(std::string(hash));
    }

    // A function of the package; its environment is its name.
    boost::json::object function(const std::string& name, const std::string& runtime,
                                 const std::string& handler, const std::string& zip) {
        blobs["hash-of-" + name] = zip;
        return {{"Environment", name},
                {"FunctionArn", "arn:aws:lambda:eu-west-1:123456789012:function:" + name},
                {"FunctionName", name},
                {"Version", "$LATEST"},
                {"Runtime", runtime},
                {"Handler", handler},
                {"CodeHash", "hash-of-" + name},
                {"MemorySize", 128},
                {"Timeout", 3},
                {"Variables", boost::json::object{}},
                {"LogGroup", "/aws/lambda/" + name},
                {"Role", "arn:aws:iam::123456789012:role/r"},
                {"Account", "123456789012"},
                {"Region", "eu-west-1"}};
    }

    void prepare(const boost::json::object& function) {
        functions->carry_out({"lambda.prepare", {{"Function", function}}});
    }
    void invoke(const boost::json::object& function, const std::string& id,
                const std::string& payload = "{}") {
        functions->carry_out({"lambda.invoke",
                              {{"Function", function},
                               {"InvocationId", id},
                               {"RequestId", "request-" + id},
                               {"InvokedFunctionArn", function.at("FunctionArn")},
                               {"Payload", payload}}});
    }
    void stop(const std::string& environment) {
        functions->carry_out({"lambda.stop", {{"Environment", environment}}});
    }
    void kill(const std::string& id) {
        functions->carry_out({"lambda.kill", {{"InvocationId", id}}});
    }

    // Runs until the condition holds; fails the test after ten seconds.
    void run_until(const std::function<bool()>& condition) {
        const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!condition()) {
            if (std::chrono::steady_clock::now() > limit) FAIL("nothing came of it");
            io.restart();
            io.run_one_for(std::chrono::milliseconds(5));
        }
    }
    void run_for(std::chrono::milliseconds duration) {
        const auto end = std::chrono::steady_clock::now() + duration;
        while (std::chrono::steady_clock::now() < end) {
            io.restart();
            io.run_one_for(std::chrono::milliseconds(5));
        }
    }

    const Event* find(const std::string& operation, const std::string& id) const {
        for (const Event& report : reports) {
            if (report.operation == operation &&
                report.params.at("InvocationId").as_string() == id) {
                return &report;
            }
        }
        return nullptr;
    }
    // The report that the invocation has ended; waits for it.
    const Event& ended(const std::string& id) {
        run_until([&] { return find("InvocationEnded", id) != nullptr; });
        return *find("InvocationEnded", id);
    }
    const Event& call(const boost::json::object& function, const std::string& id,
                      const std::string& payload = "{}") {
        invoke(function, id, payload);
        return ended(id);
    }

    TemporaryFolder folder;
    std::map<std::string, std::string> blobs;
    int blobs_read = 0;
    std::deque<Event> reports;  // what find() returned stays
    int busy = 0;
    Duration ahead_of_machine{0};
    Time start{std::chrono::milliseconds(1'700'000'000'000)};
    std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
    boost::asio::io_context io;
    FunctionSettings settings;
    std::optional<Functions> functions;
};

// "response {...}", "exit 3", "exit signal 9", "not-started ...".
inline std::string story_of(const Event& ended) {
    std::string story(ended.params.at("Outcome").as_string());
    if (const auto* status = ended.params.if_contains("ExitStatus")) {
        story += " " + std::to_string(status->as_int64());
    }
    if (const auto* signal = ended.params.if_contains("ExitSignal")) {
        story += " signal " + std::to_string(signal->as_int64());
    }
    if (const auto* message = ended.params.if_contains("Message")) {
        story += " " + std::string(message->as_string());
    }
    return ended.body.empty() ? story : story + " " + ended.body;
}

inline std::string log_of(const Event& ended) {
    std::string log;
    for (const auto& line : ended.params.at("Log").as_array()) {
        log += std::string(line.at("Message").as_string());
    }
    return log;
}

// A custom runtime: LOOP with `event`, `request_id`, `headers` and `post(resource, body)` in reach.
inline std::string custom_runtime(const std::string& init, const std::string& loop) {
    static const std::string python = Interpreters(current_environment()).find("python3").path;
    return "#!" + python +
           R"( -S
import http.client, os, sys, time
api = http.client.HTTPConnection(os.environ['AWS_LAMBDA_RUNTIME_API'])
def ask(method, resource, body=None, headers={}):
    if isinstance(body, str): body = body.encode()
    api.request(method, '/2018-06-01/runtime/' + resource, body, headers)
    answer = api.getresponse()
    return answer, answer.read().decode()
def post(resource, body, headers={}):
    answer, text = ask('POST', resource, body, headers)
    return '%d %s' % (answer.status, text)
def respond(body):
    return post('invocation/' + request_id + '/response', body)
)" + init + R"(
while True:
    headers, event = ask('GET', 'invocation/next')
    request_id = headers.getheader('Lambda-Runtime-Aws-Request-Id')
)" + loop;
}

inline std::string custom_package(const std::string& init, const std::string& loop) {
    return zip_of({{"bootstrap", custom_runtime(init, loop), kExecutable}});
}

}  // namespace sbemu::functions_test
