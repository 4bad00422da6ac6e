#include "emulator/cli/demo_story.h"

#include <boost/json.hpp>
#include <chrono>
#include <iostream>
#include <thread>

#include "emulator/cli/stacks.h"
#include "emulator/cli/terminal.h"
#include "emulator/cli/text.h"
#include "emulator/core/encoding.h"
#include "emulator/core/model.h"
#include "emulator/wire/xml.h"

extern "C" {
extern const char sbemu_streambot_template[];
extern const char sbemu_streambot_template_end[];
extern const char sbemu_example_template[];
extern const char sbemu_example_template_end[];
}

namespace sbemu {
namespace {

namespace json = boost::json;

using std::chrono::milliseconds;
using Parameters = std::vector<std::pair<std::string, std::string>>;

constexpr const char* kPackageBucket = "mapbox-us-east-1";
constexpr const char* kEventBucket = "demo-events";
constexpr const char* kTable = "streambot-env";
constexpr milliseconds kPatience{10'000};

std::string seconds_text(std::int64_t after_start) {
    const std::string digits = std::to_string(after_start + 10'000).substr(1);  // 0012 -> 0.012
    const std::int64_t whole = after_start / 1'000;
    std::string text = std::to_string(whole) + "." + digits.substr(digits.size() - 3);
    return std::string(text.size() < 7 ? 7 - text.size() : 0, ' ') + text;
}

std::int64_t now_milliseconds() {
    return std::chrono::duration_cast<milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

// Lines with the time since the story began.
class Timeline {
  public:
    std::int64_t elapsed() const { return now_milliseconds() - start_; }
    std::int64_t since_start(std::int64_t at) const {
        return std::max(at - start_, std::int64_t{});
    }

    void chapter(const std::string& title) const {
        std::cout << "\n" << green(title) << "\n" << std::flush;
    }
    void line(const std::string& text) const { line_at(elapsed(), text); }
    void line_at(std::int64_t after_start, const std::string& text) const {
        std::cout << faint(seconds_text(after_start)) << "  " << text << "\n" << std::flush;
    }
    // Belongs to the line before.
    void detail(const std::string& text) const {
        std::cout << "         " << text << "\n" << std::flush;
    }

  private:
    std::int64_t start_ = now_milliseconds();
};

struct Mapping {
    std::string uuid;
    std::int64_t batch_size = 0;
    std::string state;
    std::string stream;
};

class DemoStory {
  public:
    DemoStory(const Client& client, const DemoPackages& packages)
        : client_(client), packages_(packages) {}

    void tell() {
        upload_packages();
        deploy_primary();
        deploy_example();
        put_record("the first record", "v1");
        change_parameters();
        put_record("the second record", "v2");
        delete_stacks();
        std::cout << "\nAll as told, in " << duration_text(Duration{timeline_.elapsed()}) << ".\n";
    }

  private:
    void expect(bool condition, const std::string& what) const {
        if (!condition) throw DemoFailure("expected " + what + ".");
    }

    // Asks until the answer is not empty.
    template <class Ask>
    auto wait_for(const std::string& what, Ask ask) const {
        const auto limit = std::chrono::steady_clock::now() + kPatience;
        for (auto answer = ask();; answer = ask()) {
            if (answer) return *answer;
            if (std::chrono::steady_clock::now() > limit) {
                throw DemoFailure("expected " + what + " within " + duration_text(kPatience) + ".");
            }
            std::this_thread::sleep_for(milliseconds{1});
        }
    }

    void upload_packages() const {
        timeline_.chapter("The code of the functions goes to S3, as on AWS");
        client_.create_bucket(kPackageBucket);
        client_.create_bucket(kEventBucket);
        upload("release/streambot/v1.zip", packages_.streambot);
        upload("apps/streambot/v1-example.zip", packages_.example);
    }

    void upload(const std::string& key, const std::string& bytes) const {
        client_.put_object(kPackageBucket, key, bytes);
        timeline_.line("s3://" + std::string(kPackageBucket) + "/" + key + "  " +
                       faint(size_text(bytes.size())));
    }

    // Creates or updates a stack, tells of its resources, and returns it.
    json::object deploy(const std::string& operation, const std::string& name,
                        std::string_view body, const Parameters& parameters) const {
        const std::int64_t began = timeline_.elapsed();
        std::set<std::string> known;
        if (operation == "UpdateStack") {
            for (const StackEvent& event : stack_events(client_, name)) known.insert(event.id);
        }
        const json::object reply =
            client_.call("cloudformation", operation,
                         {{"StackName", name},
                          {"TemplateBody", body},
                          {"Parameters", stack_parameters(parameters)},
                          {"Capabilities", json::array{"CAPABILITY_NAMED_IAM"}}});
        return follow(name, text_of(reply, "StackId"), std::move(known), began);
    }

    json::object follow(const std::string& name, const std::string& stack_id,
                        std::set<std::string> known, std::int64_t began) const {
        const json::object stack = follow_stack(client_, stack_id, std::move(known),
                                                [&](const StackEvent& event) { tell_of(event); });
        const std::string status = text_of(stack, "StackStatus");
        if (!succeeded(status))
            throw DemoFailure("the stack " + name + " ended as " + status + ".");
        timeline_.line("The stack " + name + " is " + green(status) + ", " +
                       duration_text(Duration{timeline_.elapsed() - began}) +
                       " after it was asked for.");
        return stack;
    }

    void tell_of(const StackEvent& event) const {
        const auto at = model::parse_time(event.timestamp);
        const std::int64_t when = at ? timeline_.since_start(*at) : timeline_.elapsed();
        const std::string what = padded(event.status, 16) + "  " + padded(event.logical_id, 26);
        if (event.failed()) {
            timeline_.line_at(when, red(what + "  " + event.reason));
        } else if (!event.is_of_stack() && !event.status.ends_with("_IN_PROGRESS")) {
            timeline_.line_at(when, "  " + what + "  " + faint(event.type));
        }
    }

    void deploy_primary() {
        timeline_.chapter("The primary stack: Streambot's table and its two custom resources");
        const json::object stack =
            deploy("CreateStack", "streambot",
                   {sbemu_streambot_template, sbemu_streambot_template_end}, {{"GitSha", "v1"}});
        environment_function_ = output_of(stack, "StreambotEnvFunctionArn");
        connector_function_ = output_of(stack, "StreambotConnectorFunctionArn");
        expect(!environment_function_.empty() && !connector_function_.empty(),
               "the outputs with the functions' ARNs");
    }

    Parameters example_parameters(const std::string& prefix, const std::string& batch_size) const {
        return {{"GitSha", "v1"},
                {"EventBucket", kEventBucket},
                {"EventPrefix", prefix},
                {"BatchSize", batch_size},
                {"StreambotEnvFunctionArn", environment_function_},
                {"StreambotConnectorFunctionArn", connector_function_}};
    }

    void deploy_example() {
        timeline_.chapter("A service that uses it: a Kinesis stream whose records go to S3");
        example_ =
            deploy("CreateStack", "example", example_template(), example_parameters("v1", "1"));
        row_ = only_row();
        expect(text_of(row_, "EventPrefix") == "v1", "the row to have the prefix v1");
        timeline_.line("Config, a custom resource, has written the function's row in " +
                       std::string(kTable) + ":");
        timeline_.detail(json::serialize(row_));
        mapping_ = active_mapping();
        expect(mapping_.uuid == output_of(example_, "MappingUUID"),
               "the stack's output to be the mapping's UUID");
        timeline_.line("Connector, another, has connected the stream to the function:");
        tell_of(mapping_);
    }

    static std::string_view example_template() {
        return {sbemu_example_template, sbemu_example_template_end};
    }

    // The row of the configuration as plain texts.
    json::object only_row() const {
        const json::object scan = client_.call("dynamodb", "Scan", {{"TableName", kTable}});
        const json::array& items = scan.at("Items").as_array();
        expect(items.size() == 1,
               "one row in " + std::string(kTable) + ", not " + std::to_string(items.size()));
        // Streambot keeps the values as JSON in one attribute.
        json::object row;
        for (const auto& [name, value] : items.at(0).as_object()) {
            const std::string text = text_of(value.as_object(), "S");
            json::error_code error;
            const json::value parsed = json::parse(text, error);
            if (!error && parsed.is_object()) {
                for (const auto& [key, member] : parsed.as_object()) row[key] = member;
            } else {
                row[name] = text;
            }
        }
        return row;
    }

    std::vector<Mapping> mappings() const {
        const wire::HttpResponse response =
            client_.send("lambda", {"GET", "/2015-03-31/event-source-mappings/", {}, {}});
        const json::value answer = json::parse(response.body);
        std::vector<Mapping> found;
        for (const json::value& item : answer.at("EventSourceMappings").as_array()) {
            const json::object& mapping = item.as_object();
            found.push_back({text_of(mapping, "UUID"),
                             mapping.at("BatchSize").to_number<std::int64_t>(),
                             text_of(mapping, "State"), text_of(mapping, "EventSourceArn")});
        }
        return found;
    }

    Mapping active_mapping() const {
        return wait_for("the mapping to become Enabled", [this]() -> std::optional<Mapping> {
            const std::vector<Mapping> all = mappings();
            if (all.size() == 1 && all[0].state == "Enabled") return all[0];
            return std::nullopt;
        });
    }

    void tell_of(const Mapping& mapping) const {
        timeline_.detail("mapping " + mapping.uuid + ", " + mapping.state + ", batch size " +
                         std::to_string(mapping.batch_size));
    }

    void put_record(const std::string& text, const std::string& prefix) const {
        timeline_.chapter("A record goes into the stream");
        const auto started = std::chrono::steady_clock::now();
        const json::object put = client_.call("kinesis", "PutRecord",
                                              {{"StreamName", output_of(example_, "StreamName")},
                                               {"PartitionKey", "demo"},
                                               {"Data", base64_encode(text)}});
        const std::string key = prefix + "/" + text_of(put, "SequenceNumber");
        timeline_.line("PutRecord \"" + text + "\" answers with the sequence number ..." +
                       key.substr(key.size() - 8));
        const std::string found =
            wait_for("s3://" + std::string(kEventBucket) + "/" + key, [&] { return object(key); });
        const auto took =
            std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - started);
        expect(found == text, "the object to hold the record, not '" + found + "'");
        timeline_.line("The function has stored it, " + duration_text(took) + " after it was put:");
        timeline_.detail("s3://" + std::string(kEventBucket) + "/" + key + "  \"" + found + "\"");
    }

    std::optional<std::string> object(const std::string& key) const {
        try {
            return client_.send("s3", {"GET", "/" + std::string(kEventBucket) + "/" + key, {}, {}})
                .body;
        } catch (const CallError& error) {
            if (error.code == "NoSuchKey") return std::nullopt;
            throw;
        }
    }

    void change_parameters() {
        timeline_.chapter("Two parameters change: the prefix of the keys and the batch size");
        example_ =
            deploy("UpdateStack", "example", example_template(), example_parameters("v2", "10"));
        const json::object row = only_row();
        expect(text_of(row, "EventPrefix") == "v2", "the row to have the prefix v2");
        timeline_.line("The row was changed in place:");
        timeline_.detail("EventPrefix " + text_of(row_, "EventPrefix") + " -> " +
                         text_of(row, "EventPrefix"));
        const Mapping changed =
            wait_for("the mapping's batch size to become 10", [this]() -> std::optional<Mapping> {
                Mapping mapping = active_mapping();
                if (mapping.batch_size == 10) return mapping;
                return std::nullopt;
            });
        expect(changed.uuid == mapping_.uuid, "the mapping to be the same");
        timeline_.line("So was the mapping; it is the same one:");
        timeline_.detail("mapping " + changed.uuid + ", batch size " +
                         std::to_string(mapping_.batch_size) + " -> " +
                         std::to_string(changed.batch_size));
    }

    void delete_stacks() {
        timeline_.chapter("Everything is deleted again");
        remove("example");
        const json::object scan = client_.call("dynamodb", "Scan", {{"TableName", kTable}});
        expect(scan.at("Items").as_array().empty(), "the row to be gone");
        wait_for("the mapping to be gone", [this]() -> std::optional<bool> {
            if (mappings().empty()) return true;
            return std::nullopt;
        });
        timeline_.line("The row and the mapping are gone.");
        remove("streambot");
        const json::object described =
            client_.call("dynamodb", "DescribeTable", {{"TableName", kTable}});
        expect(text_of(described.at("Table").as_object(), "TableStatus") == "ACTIVE",
               "the table to be there still");
        timeline_.line("The table " + std::string(kTable) +
                       " is still there: its DeletionPolicy is Retain.");
    }

    void remove(const std::string& name) const {
        const std::int64_t began = timeline_.elapsed();
        const auto stack = find_stack(client_, name);
        expect(stack.has_value(), "the stack " + name);
        const std::string stack_id = text_of(*stack, "StackId");
        std::set<std::string> known;
        for (const StackEvent& event : stack_events(client_, stack_id)) known.insert(event.id);
        client_.call("cloudformation", "DeleteStack", {{"StackName", stack_id}});
        follow(name, stack_id, std::move(known), began);
    }

    const Client& client_;
    const DemoPackages& packages_;
    Timeline timeline_;
    std::string environment_function_;
    std::string connector_function_;
    json::object example_;
    json::object row_;
    Mapping mapping_;
};

}  // namespace

DemoPackages demo_packages(const std::filesystem::path& folder) {
    for (const char* name : {"streambot.zip", "example-service.zip"}) {
        if (!std::filesystem::exists(folder / name)) {
            throw CommandError(
                "the demo needs " + (folder / name).string() +
                ", the functions it deploys. `./scripts/up` builds it, or `ninja` in "
                "the build folder.");
        }
    }
    return {read_file((folder / "streambot.zip").string()),
            read_file((folder / "example-service.zip").string())};
}

void tell_demo_story(const Client& client, const DemoPackages& packages) {
    DemoStory(client, packages).tell();
}

}  // namespace sbemu
