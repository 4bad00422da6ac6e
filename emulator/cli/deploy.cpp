// sbemu deploy: creates, updates or deletes a stack and shows what happens.
#include <boost/json.hpp>
#include <chrono>
#include <filesystem>
#include <iostream>

#include "emulator/cli/command.h"
#include "emulator/cli/stacks.h"
#include "emulator/cli/terminal.h"
#include "emulator/cli/text.h"
#include "fakes/cloudformation/template.h"

namespace sbemu {
namespace {

namespace json = boost::json;

constexpr const char* kFooter =
    "\nExamples:\n"
    "  sbemu deploy service.template.json                       the stack `service`\n"
    "  sbemu deploy service.yaml --stack prod --parameter GitSha=v2 --parameter Size=3\n"
    "  sbemu deploy streambot.template.json --parameter GitSha=v1 \\\n"
    "      --package mapbox-us-east-1/release/streambot/v1.zip=build/dev/streambot.zip\n"
    "  sbemu deploy --delete --stack prod\n"
    "\n"
    "Creates the stack, or updates it if there is one, and shows every event until it is done.\n"
    "Parameters that an update does not name keep their values. --package uploads a function's\n"
    "code first, to where the template expects it, and creates the bucket. A function is changed\n"
    "only when its template is, so give new code a new key.\n"
    "\n"
    "Exit codes: 0 done, or nothing to do; 1 the stack failed; 2 wrong usage; 3 no sbemu answers.";

struct Options {
    std::string endpoint;
    std::string template_file;
    std::string stack;
    std::vector<std::string> parameters;
    std::vector<std::string> capabilities;
    std::vector<std::string> packages;
    bool remove = false;
    bool json = false;
};

struct Package {
    std::string bucket;
    std::string key;
    std::string file;
};

// "service.template.json" makes the stack "service".
std::string default_stack_name(const std::string& template_file) {
    std::string name = std::filesystem::path(template_file).filename().string();
    return name.substr(0, name.find('.'));
}

std::pair<std::string, std::string> parse_parameter(const std::string& text) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
        throw CommandError("--parameter takes NAME=VALUE, not '" + text + "'", kWrongUsage);
    }
    return {text.substr(0, equals), text.substr(equals + 1)};
}

Package parse_package(const std::string& text) {
    const auto equals = text.find('=');
    const auto slash = text.substr(0, equals).find('/');
    if (equals == std::string::npos || slash == std::string::npos || slash == 0 ||
        slash + 1 == equals || equals + 1 == text.size()) {
        throw CommandError("--package takes BUCKET/KEY=FILE, not '" + text + "'", kWrongUsage);
    }
    return {text.substr(0, slash), text.substr(slash + 1, equals - slash - 1),
            text.substr(equals + 1)};
}

json::object as_json(const StackEvent& event) {
    json::object object{{"Timestamp", event.timestamp},
                        {"LogicalResourceId", event.logical_id},
                        {"PhysicalResourceId", event.physical_id},
                        {"ResourceType", event.type},
                        {"ResourceStatus", event.status}};
    if (!event.reason.empty()) object["ResourceStatusReason"] = event.reason;
    return object;
}

// One deployment: what it has said and seen.
class Deployment {
  public:
    explicit Deployment(const Options& options)
        : options_(options),
          client_(chosen_endpoint(options.endpoint), identity_of_environment()),
          name_(options.stack.empty() ? default_stack_name(options.template_file) : options.stack) {
    }

    int create_or_update() {
        const std::string body = read_file(options_.template_file);
        std::vector<Package> packages;
        for (const std::string& text : options_.packages) packages.push_back(parse_package(text));
        const json::array given = given_parameters();
        for (const Package& package : packages) upload(package);
        const auto existing = find_stack(client_, name_);
        if (!existing) return create(body, given);
        const std::string status = text_of(*existing, "StackStatus");
        if (status == "ROLLBACK_COMPLETE" || status == "ROLLBACK_FAILED" ||
            status == "DELETE_FAILED") {
            throw CommandError("the stack " + name_ + " is " + status +
                               " and cannot be updated. Delete it first: sbemu deploy --delete "
                               "--stack " +
                               name_);
        }
        return update(*existing, body, given);
    }

    int remove() {
        const auto existing = find_stack(client_, name_);
        if (!existing) {
            say("There is no stack " + name_ + ".\n");
            if (options_.json) print_json({{"StackName", name_}}, "NO_STACK");
            return 0;
        }
        remember(*existing);
        begin("Deleting");
        client_.call("cloudformation", "DeleteStack", {{"StackName", stack_id_}});
        return follow();
    }

  private:
    void say(const std::string& text) const {
        if (!options_.json) std::cout << text << std::flush;
    }

    json::array given_parameters() const {
        std::vector<std::pair<std::string, std::string>> parameters;
        for (const std::string& text : options_.parameters) {
            parameters.push_back(parse_parameter(text));
        }
        return stack_parameters(parameters);
    }

    void upload(const Package& package) const {
        const std::string code = read_file(package.file);
        client_.create_bucket(package.bucket);
        client_.put_object(package.bucket, package.key, code);
        say("Uploaded " + package.file + " (" + size_text(code.size()) + ") to s3://" +
            package.bucket + "/" + package.key + "\n");
    }

    json::array capabilities() const {
        if (options_.capabilities.empty()) return {"CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"};
        return json::array(options_.capabilities.begin(), options_.capabilities.end());
    }

    json::object stack_request(const std::string& body, json::array parameters) const {
        return {{"StackName", name_},
                {"TemplateBody", body},
                {"Parameters", std::move(parameters)},
                {"Capabilities", capabilities()}};
    }

    int create(const std::string& body, const json::array& parameters) {
        const json::object created =
            client_.call("cloudformation", "CreateStack", stack_request(body, parameters));
        stack_id_ = text_of(created, "StackId");
        begin("Creating");
        return follow();
    }

    int update(const json::object& existing, const std::string& body, json::array parameters) {
        keep_previous_values(existing, body, parameters);
        remember(existing);
        try {
            client_.call("cloudformation", "UpdateStack", stack_request(body, parameters));
        } catch (const CallError& error) {
            if (error.message.find("No updates are to be performed") == std::string::npos) throw;
            say("No updates: the stack " + name_ + " is as the template and the parameters say.\n");
            say_outputs(existing);
            if (options_.json) print_json(existing, "NO_UPDATES");
            return 0;
        }
        begin("Updating");
        return follow();
    }

    // What an update does not name stays, as `aws cloudformation deploy` has it.
    static void keep_previous_values(const json::object& existing, const std::string& body,
                                     json::array& parameters) {
        const json::value* previous = existing.if_contains("Parameters");
        if (!previous) return;
        const json::object declared = declared_parameters(body);
        for (const json::value& parameter : previous->as_array()) {
            const std::string key = text_of(parameter.as_object(), "ParameterKey");
            const auto names_it = [&key](const json::value& given) {
                return text_of(given.as_object(), "ParameterKey") == key;
            };
            if (!declared.contains(key)) continue;
            if (std::any_of(parameters.begin(), parameters.end(), names_it)) continue;
            parameters.push_back(json::object{{"ParameterKey", key}, {"UsePreviousValue", true}});
        }
    }

    // None of a template that cannot be read: CloudFormation tells what is wrong with it.
    static json::object declared_parameters(const std::string& body) {
        try {
            return cloudformation::parse_template(body).section("Parameters");
        } catch (const ApiError&) {
            return {};
        }
    }

    // What the stack has been through before is not told again.
    void remember(const json::object& existing) {
        stack_id_ = text_of(existing, "StackId");
        for (const StackEvent& event : stack_events(client_, stack_id_)) known_.insert(event.id);
    }

    void begin(const std::string& what) const {
        say(what + " the stack " + name_ + " in " + client_.identity().region + "\n\n");
    }

    int follow() {
        const json::object stack =
            follow_stack(client_, stack_id_, known_, [this](const StackEvent& event) {
                events_.push_back(event);
                say_event(event);
            });
        const std::string status = text_of(stack, "StackStatus");
        const bool done = succeeded(status);
        const auto took =
            std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - started_);
        if (done) say_outputs(stack);
        say("\n" + name_ + " is " + (done ? green(status) : red(status)) + " after " +
            duration_text(took) + ".\n");
        if (!done) say_cause();
        if (options_.json) print_json(stack, status);
        return done ? 0 : kFailed;
    }

    void say_event(const StackEvent& event) const {
        const bool failed = event.failed();
        const std::string mark = failed ? red("! ") : "  ";
        const std::string status = padded(event.status, 20);
        // 2023-09-24T00:24:15.544Z: the day does not help.
        const std::string time =
            event.timestamp.size() > 23 ? event.timestamp.substr(11, 12) : event.timestamp;
        std::string line = mark + faint(time) + "  ";
        if (failed) {
            line += red(status);
        } else {
            line += event.status.ends_with("_COMPLETE") ? green(status) : status;
        }
        line += "  " + padded(event.logical_id, 28) + "  " + faint(event.type);
        if (failed && !event.reason.empty()) {
            line += "\n                " + red(event.reason);
        } else if (!event.reason.empty()) {
            line += faint(", " + event.reason);
        }
        line += "\n";
        say(line);
    }

    // The first failure is the reason of all that follow it.
    void say_cause() const {
        for (const StackEvent& event : events_) {
            if (!event.failed()) continue;
            say("It began with " + event.logical_id + ": " +
                (event.reason.empty() ? event.status : event.reason) + "\n");
            return;
        }
    }

    void say_outputs(const json::object& stack) const {
        const json::value* outputs = stack.if_contains("Outputs");
        if (!outputs || outputs->as_array().empty()) return;
        say("\nOutputs\n");
        for (const json::value& output : outputs->as_array()) {
            say("  " + padded(text_of(output.as_object(), "OutputKey"), 32) + "  " +
                text_of(output.as_object(), "OutputValue") + "\n");
        }
    }

    void print_json(const json::object& stack, const std::string& status) const {
        json::object outputs;
        if (const json::value* list = stack.if_contains("Outputs")) {
            for (const json::value& output : list->as_array()) {
                outputs[text_of(output.as_object(), "OutputKey")] =
                    text_of(output.as_object(), "OutputValue");
            }
        }
        json::array events;
        for (const StackEvent& event : events_) events.push_back(as_json(event));
        std::cout << json::serialize(json::object{{"StackName", name_},
                                                  {"StackId", text_of(stack, "StackId")},
                                                  {"Status", status},
                                                  {"Outputs", std::move(outputs)},
                                                  {"Events", std::move(events)}})
                  << "\n";
    }

    const Options& options_;
    Client client_;
    std::string name_;
    std::string stack_id_;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
    std::set<std::string> known_;
    std::vector<StackEvent> events_;
};

int deploy(const Options& options) {
    if (options.remove) {
        if (options.template_file.empty() && options.stack.empty()) {
            throw CommandError("say which stack to delete: --stack NAME", kWrongUsage);
        }
        return Deployment(options).remove();
    }
    if (options.template_file.empty()) {
        throw CommandError("say which template to deploy: sbemu deploy TEMPLATE", kWrongUsage);
    }
    return Deployment(options).create_or_update();
}

}  // namespace

void add_deploy(const Command& program, int& exit_code) {
    const Command command = program.add_command(
        "deploy", "Create, update or delete a CloudFormation stack, and watch it");
    command.footer(kFooter);
    const auto options = std::make_shared<Options>();
    command.add_option("template", options->template_file, "The template, JSON or YAML");
    command.add_option("--stack", options->stack,
                       "The stack's name (default: the template's file name up to its first dot)");
    command.add_repeated_option("--parameter", options->parameters,
                                "NAME=VALUE, as often as needed");
    command.add_repeated_option(
        "--package", options->packages,
        "BUCKET/KEY=FILE: upload this function's code first; as often as needed");
    command.add_repeated_option(
        "--capability", options->capabilities,
        "What the stack may do (default: CAPABILITY_IAM and CAPABILITY_NAMED_IAM)");
    command.add_flag("--delete", options->remove, "Delete the stack");
    add_endpoint_option(command, options->endpoint);
    command.add_flag("--json", options->json,
                     "Print one JSON object at the end: StackId, Status, Outputs, Events");
    command.callback([options, &exit_code] { exit_code = deploy(*options); });
}

}  // namespace sbemu
