// Plays scenarios: each step is an event or a look at the story.
#include "emulator/scenario/player.h"

#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "emulator/capture/captured_text.h"
#include "emulator/core/json_text.h"
#include "emulator/live/live_functions.h"
#include "emulator/live/package_folder.h"
#include "emulator/scenario/chaos.h"
#include "emulator/scenario/expectation.h"
#include "emulator/scenario/fault_words.h"
#include "emulator/scenario/in_process_aws.h"
#include "handlers/example/example.h"
#include "handlers/streambot/streambot.h"

namespace sbemu {
namespace json = boost::json;
namespace {

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string print_answer(const std::variant<Outcome, ApiError>& answer) {
    if (const auto* error = std::get_if<ApiError>(&answer)) {
        std::string text = std::to_string(error->status) + " " + error->code + ": " + error->what();
        if (!error->fields.empty()) text += " " + json::serialize(error->fields);
        return text + "\n";
    }
    const Outcome& outcome = std::get<Outcome>(answer);
    std::string text = "200 " + json::serialize(outcome.result) + "\n";
    if (!outcome.body.empty()) text += outcome.body + "\n";
    return text;
}

constexpr std::string_view kStreambot = "streambot";
constexpr std::string_view kExample = "example-service";

// One step at a time: each verb is a function from its words and body to what it answers.
class Player : public StepPlayer {
  public:
    Player(Mode mode, std::string root, Handlers handlers)
        : story_(mode), root_(std::move(root)), handlers_(std::move(handlers)) {}

    std::string run(const Step& step) override {
        const std::vector<std::string> words = words_of(step.verb);
        if (words[0] == "call") return call(words, step.body);
        if (words[0] == "answer") return answer(words, step.body);
        if (words[0] == "advance" && words.size() == 2) {
            story_.advance(duration_of_word(words[1]));
            return "";
        }
        if (words[0] == "expect") return expect(words);
        if (words[0] == "fail") return fail(words, step.body);
        throw std::runtime_error("'" + step.verb +
                                 "' is no step (call, answer, advance, expect or fail)");
    }

    Story& story() override { return story_; }

  private:
    // call service.Operation [Member=file ...]: a member's text, or the body, from a file.
    std::string call(const std::vector<std::string>& words, const std::string& body) {
        const auto dot = words.size() < 2 ? std::string::npos : words[1].find('.');
        if (dot == std::string::npos) throw std::runtime_error("call needs service.Operation");
        json::object params;
        if (!body.empty()) params = parse_json(body).as_object();
        std::string payload;
        for (std::size_t i = 2; i < words.size(); ++i) {
            const auto equals = words[i].find('=');
            if (equals == std::string::npos) throw std::runtime_error("expected Member=file");
            const std::string content = read_file(root_ + "/" + words[i].substr(equals + 1));
            if (words[i].substr(0, equals) == "body") {
                payload = content;
            } else {
                params[words[i].substr(0, equals)] = content;
            }
        }
        // Lambda's Payload travels as bytes: as JSON it is easier to write.
        if (const json::value* given = params.if_contains("Payload")) {
            payload = json::serialize(*given);
            params.erase("Payload");
        }
        if (const json::value* given = params.if_contains("$body")) {
            const auto bytes = bytes_of(*given);
            if (!bytes) throw std::runtime_error("$body is a text, or {\"base64\": ...}");
            payload = *bytes;
            params.erase("$body");
        }
        const Applied applied =
            story_.call(words[1].substr(0, dot), words[1].substr(dot + 1), params, payload);
        if (!applied.deferred) return print_answer(applied.answer);
        return "waits\n";
    }

    // Finishes the oldest waiting invocation.
    std::string answer(const std::vector<std::string>& words, const std::string& body) {
        if (!story_.waiting_invocation()) {
            throw std::runtime_error(
                "no invocation is waiting: if it rightly no longer comes, leave this step out");
        }
        story_.hold_reopening(true);
        std::string text = answer_waiting(words, body);
        story_.hold_reopening(false);
        return text;
    }

    std::string answer_waiting(const std::vector<std::string>& words, const std::string& body) {
        const std::string how = words.size() > 1 ? words[1] : "";
        if (how == "with" && words.size() == 3) return answer_with(words[2]);
        if (how == "put") return answer_put(body);
        if (how == "nothing") return finish("response", "null");
        if (how == "error") return finish("error", json::serialize(parse_json(body)));
        if (how.empty()) return finish("response", json::serialize(parse_json(body)));
        throw std::runtime_error(
            "answer takes a JSON body, or: with streambot, with "
            "example-service, put, error, nothing");
    }

    std::string finish(const std::string& outcome, const std::string& payload,
                       const json::array& log = {}) {
        story_.end_invocation(outcome, payload, log);
        const auto completion = story_.take_completion();
        return completion ? print_answer(completion->answer) : "";
    }

    json::object event() const {
        const json::value& payload = story_.waiting_invocation()->at("Payload");
        return parse_json(payload.as_string()).as_object();
    }

    // The function PUTs this to the ResponseURL and returns. Members it leaves out are the event's.
    std::string answer_put(const std::string& body) {
        const json::object asked = event();
        json::object response = body.empty() ? json::object{} : parse_json(body).as_object();
        for (const char* name :
             {"StackId", "RequestId", "LogicalResourceId", "PhysicalResourceId"}) {
            const json::value* known = asked.if_contains(name);
            if (known && !response.contains(name)) response[name] = *known;
        }
        const Applied applied =
            story_.call("cloudformation", "PutResponse",
                        response_target(std::string(asked.at("ResponseURL").as_string())),
                        json::serialize(response));
        const std::string put = print_answer(applied.answer);
        finish("response", "null");
        return put;
    }

    // The real handler runs here, its calls applied to this story.
    std::string answer_with(const std::string& package) {
        const json::object invocation = *story_.waiting_invocation();
        if (!runs_in_story(package, handlers_)) return answer_with_code(invocation, package);
        const lambda_runtime::Service service = handler_of(invocation, package);
        std::map<std::string, std::string> environment;
        lambda_runtime::Context context = context_of(invocation, environment);
        InProcessAws aws(story_);
        try {
            const json::value event = parse_json(invocation.at("Payload").as_string());
            return finish("response", json::serialize(service(event, context, aws)));
        } catch (const lambda_runtime::AwsError& error) {
            return finish("error", json::serialize(json::object{{"errorType", error.code},
                                                                {"errorMessage", error.what()}}));
        } catch (const lambda_runtime::HandlerError& error) {
            return finish("error", json::serialize(json::object{{"errorType", error.type},
                                                                {"errorMessage", error.what()}}));
        } catch (const InvocationKilled&) {
            const auto completion = story_.take_completion();
            return completion ? print_answer(completion->answer) : "the function was killed\n";
        }
    }

    lambda_runtime::Service handler_of(const json::object& invocation,
                                       const std::string& package) const {
        const auto own = handlers_.find(package);
        if (own != handlers_.end()) return own->second;
        if (package == kExample) return streambot::with_configuration(example::store_records);
        const std::string handler(invocation.at("Function").at("Handler").as_string());
        const auto found = streambot::service_of(handler);
        if (!found) throw std::runtime_error("streambot has no handler " + handler);
        return *found;
    }

    // The function's own code runs as a process, whose calls are applied to this story.
    std::string answer_with_code(const json::object& invocation, const std::string& folder) {
        const json::object& function = invocation.at("Function").as_object();
        const std::string id(invocation.at("InvocationId").as_string());
        LiveOptions options;
        options.code[std::string(function.at("FunctionName").as_string())] =
            package_of(root_ + "/" + folder);
        LiveFunctions functions({}, {}, std::move(options));
        functions.begin(invocation, story_.now(), nullptr);
        while (const auto action = functions.next(id)) {
            const Event& event = action->event;
            if (is_call(event, "lambda.InvocationEnded")) {
                return finish(std::string(event.params.at("Outcome").as_string()), event.body,
                              event.params.at("Log").as_array());
            }
            story_.act_as_invocation(true);
            const Applied applied =
                story_.call(event.service, event.operation, event.params, event.body);
            story_.act_as_invocation(false);
            functions.take(id, applied);
        }
        throw std::runtime_error("the function did not answer within its timeout");
    }

    lambda_runtime::Context context_of(const json::object& invocation,
                                       std::map<std::string, std::string>& environment) const {
        const json::object& function = invocation.at("Function").as_object();
        lambda_runtime::Context context;
        context.request_id = invocation.at("RequestId").as_string();
        context.invoked_function_arn = invocation.at("InvokedFunctionArn").as_string();
        context.function_name = function.at("FunctionName").as_string();
        context.function_version = function.at("Version").as_string();
        context.started_ms = to_milliseconds(story_.now());
        context.deadline_ms =
            context.started_ms + function.at("Timeout").to_number<std::int64_t>() * 1000;
        context.variable = [&environment](const std::string& name) -> std::optional<std::string> {
            const auto found = environment.find(name);
            if (found == environment.end()) return std::nullopt;
            return found->second;
        };
        context.set_variable = [&environment](const std::string& name, const std::string& value) {
            environment[name] = value;
            return true;
        };
        return context;
    }

    std::string expect(const std::vector<std::string>& words) {
        if (words.size() == 2 && words[1] == "effects") return effects();
        if (words.size() == 3 && words[1] == "stack") return stack(words[2]);
        if (words.size() == 3 && words[1] == "events") return events(words[2]);
        throw std::runtime_error("expect takes: effects, stack NAME, events NAME");
    }

    std::string effects() const {
        std::string text;
        for (const json::object& invocation : story_.waiting_invocations()) {
            text += "lambda.invoke ";
            text += invocation.at("Function").at("FunctionName").as_string();
            text += " ";
            text += invocation.at("Payload").as_string();
            text += "\n";
        }
        return text;
    }

    json::object result(const std::string& operation, const std::string& stack_name) {
        const Applied applied =
            story_.call("cloudformation", operation, {{"StackName", stack_name}});
        if (const auto* error = std::get_if<ApiError>(&applied.answer)) {
            throw std::runtime_error(error->what());
        }
        return std::get<Outcome>(applied.answer).result;
    }

    static std::string text(const json::value& object, std::string_view member) {
        const json::value* value = object.as_object().if_contains(member);
        return value ? std::string(value->as_string()) : "";
    }

    std::string stack(const std::string& name) {
        const json::value found = result("DescribeStacks", name).at("Stacks").at(0);
        const json::object resources = result("DescribeStackResources", name);
        std::string lines = text(found, "StackStatus");
        if (const std::string reason = text(found, "StackStatusReason"); !reason.empty()) {
            lines += "  " + reason;
        }
        lines += "\n";
        for (const json::value& item : resources.at("StackResources").as_array()) {
            lines += text(item, "LogicalResourceId") + "  " + text(item, "ResourceStatus") + "  " +
                     text(item, "PhysicalResourceId") + "\n";
        }
        return lines;
    }

    // Oldest first, as a story is told.
    std::string events(const std::string& name) {
        const json::object found = result("DescribeStackEvents", name);
        const json::array& list = found.at("StackEvents").as_array();
        std::string lines;
        for (auto it = list.rbegin(); it != list.rend(); ++it) {
            lines += text(*it, "LogicalResourceId") + "  " + text(*it, "ResourceStatus");
            const bool is_stack = text(*it, "ResourceType") == "AWS::CloudFormation::Stack";
            if (!is_stack) lines += "  [" + text(*it, "PhysicalResourceId") + "]";
            const std::string reason = text(*it, "ResourceStatusReason");
            if (!reason.empty()) lines += "  " + reason;
            lines += "\n";
        }
        return lines;
    }

    // fault_words.h has the grammar; the body is the error's message.
    std::string fail(const std::vector<std::string>& words, const std::string& body) {
        const Applied applied = story_.call("sbemu", "ArmFault",
                                            fault_of_words(words, body.substr(0, body.find('\n'))));
        if (const auto* error = std::get_if<ApiError>(&applied.answer)) {
            throw std::runtime_error(error->what());
        }
        return "";
    }

    Story story_;
    std::string root_;
    Handlers handlers_;
};

}  // namespace

std::vector<std::string> words_of(const std::string& line) {
    std::istringstream stream(line);
    std::vector<std::string> words;
    for (std::string word; stream >> word;) words.push_back(word);
    return words;
}

bool runs_in_story(const std::string& name, const Handlers& handlers) {
    return name == kStreambot || name == kExample || handlers.contains(name);
}

std::unique_ptr<StepPlayer> make_player(Mode mode, std::string root, Handlers handlers) {
    return std::make_unique<Player>(mode, std::move(root), std::move(handlers));
}

std::vector<Difference> play(std::vector<Step>& steps, Mode mode, const std::string& root,
                             std::string* state) {
    if (find_chaos(steps)) return play_with_chaos(steps, mode, root, state);
    const auto player = make_player(mode, root);
    std::vector<Difference> differences;
    for (Step& step : steps) {
        if (step.is_comment()) continue;
        try {
            const std::string actual = player->run(step);
            Compared compared = compare(step, actual);
            step.expected = std::move(compared.updated);
            if (compared.same) continue;
            differences.push_back({step.line, step.verb, std::move(compared.shown_expected),
                                   std::move(compared.shown_actual)});
        } catch (const std::exception& error) {
            throw std::runtime_error("line " + std::to_string(step.line) + ": " + error.what());
        }
    }
    if (state) *state = player->story().state_image();
    return differences;
}

}  // namespace sbemu
