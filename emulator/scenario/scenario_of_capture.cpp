#include "emulator/scenario/scenario_of_capture.h"

#include <boost/json.hpp>
#include <deque>
#include <set>

#include "emulator/capture/captured_text.h"
#include "emulator/capture/stand_ins.h"
#include "emulator/capture/story_line.h"
#include "emulator/core/json_text.h"
#include "emulator/scenario/in_process_aws.h"
#include "emulator/scenario/story.h"

namespace sbemu {
namespace json = boost::json;
namespace {

// A longer template goes to a file of its own.
constexpr std::size_t kLongestTemplate = 200;

std::string duration_words(Duration duration) {
    static constexpr std::pair<std::int64_t, const char*> kUnits[] = {
        {86'400'000, "d"}, {3'600'000, "h"}, {60'000, "m"}, {1000, "s"}, {1, "ms"}};
    for (const auto& [milliseconds, unit] : kUnits) {
        if (duration.count() % milliseconds == 0) {
            return std::to_string(duration.count() / milliseconds) + unit;
        }
    }
    return {};
}

json::value answer_of(const Applied& applied) { return describe_reply(applied); }

// Plays the story while it writes it, so that it knows the scenario's own ids.
class Writer {
  public:
    explicit Writer(const ScenarioOptions& options) : options_(options), story_(Mode::plain) {}

    CapturedScenario write(const Capture& capture) {
        const StoryLine line = take_apart(capture);
        for (const Transcript& transcript : line.transcripts) note(transcript);
        scenario_.steps.push_back({0, "# " + options_.title, "", "", false});
        for (const CapturedEvent& captured : capture.events) take(captured);
        for (const std::string& stack : stacks_) expect_events(stack);
        return std::move(scenario_);
    }

  private:
    void note(const Transcript& transcript) {
        open_.push_back(&transcript);
        for (const CapturedEvent& call : transcript.calls) callers_[call.number] = &transcript;
        if (transcript.ended) callers_[transcript.ended->number] = &transcript;
    }

    void take(const CapturedEvent& captured) {
        const Event& event = captured.event;
        // The story does these by itself.
        if (is_call(event, "sbemu.Pulse") || is_call(event, "sbemu.Restarted") ||
            is_call(event, "sbemu.ClockMoved") || is_call(event, "lambda.InvocationStarted")) {
            return;
        }
        take_account(captured);
        const auto caller = callers_.find(captured.number);
        const Transcript* transcript = caller == callers_.end() ? nullptr : caller->second;
        move_to(event.at);
        if (is_call(event, "lambda.InvocationEnded")) {
            if (transcript) answer(captured);
        } else if (transcript && is_call(event, "cloudformation.PutResponse")) {
            put_ = captured;  // told with the end of the invocation
        } else {
            call(captured, transcript);
        }
    }

    // A scenario has one account and one region.
    void take_account(const CapturedEvent& captured) {
        const Caller& caller = captured.event.caller;
        if (account_.empty()) {
            account_ = caller.account;
            ids_.replace(account_, story_.caller.account);
        }
        if (caller.account != account_ || caller.region != story_.caller.region) {
            throw CaptureError("event " + std::to_string(captured.number) + " is of account " +
                               caller.account + " in " + caller.region +
                               ": a scenario can only tell of one account, in " +
                               story_.caller.region);
        }
    }

    // The first event is the story's beginning, whenever it was.
    void move_to(Time at) {
        if (!began_) began_ = at;
        const Duration passed = at - *began_;
        if (passed <= told_) return;
        const Duration by = passed - told_;
        told_ = passed;
        to_tell_ += by;
        story_.advance(by);
    }

    void call(const CapturedEvent& captured, const Transcript* transcript) {
        const Event& event = captured.event;
        if (transcript) meet(*transcript);
        const json::object params = ids_.apply(event.params).as_object();
        const std::string body = ids_.apply_to_text(event.body);
        // A handler that runs in the scenario makes its calls itself.
        if (!transcript || !handler_of(transcript->function)) write_call(event, params, body);
        if (is_call(event, "cloudformation.CreateStack")) {
            stacks_.insert(text_or_nothing(params, "StackName"));
        }
        learn(captured, story_.call(event.service, event.operation, params, body));
    }

    void write_call(const Event& event, json::object params, const std::string& body) {
        std::string verb = "call " + event.service + "." + event.operation;
        for (const char* member : {"TemplateBody"}) {
            const std::string text = text_or_nothing(params, member);
            if (text.size() <= kLongestTemplate) continue;
            verb += std::string(" ") + member + "=" + file_of(text);
            params.erase(member);
        }
        params.erase("ContentLength");
        if (event.service == "lambda" && event.operation == "Invoke") {
            json::error_code error;
            json::value payload = parse_json(body, error);
            if (!error && !body.empty()) params["Payload"] = std::move(payload);
        } else if (!body.empty()) {
            params["$body"] = captured_text(body);
        }
        add(verb, params.empty() ? "" : json::serialize(params) + "\n");
    }

    std::string file_of(const std::string& text) {
        for (const auto& [name, content] : scenario_.files) {
            if (content == text) return name;
        }
        const std::string name =
            options_.file_prefix + std::to_string(scenario_.files.size() + 1) + ".template";
        scenario_.files[name] = text;
        return name;
    }

    void learn(const CapturedEvent& captured, const Applied& applied) {
        ids_.learn(captured.reply, answer_of(applied));
    }

    // The capture's invocation and the scenario's: their events have the same ids at the same
    // places.
    void meet(const Transcript& transcript) {
        const json::object* waiting = story_.waiting_invocation();
        if (!waiting || &transcript != open_.front()) return;
        json::error_code error;
        const json::value before = parse_json(transcript.payload, error);
        if (!error) ids_.learn(before, parse_json(text_or_nothing(*waiting, "Payload")));
        ids_.learn(json::value(transcript.function), waiting->at("Function").at("FunctionArn"));
    }

    // The invocation that ends must be the one that waits longest.
    void answer(const CapturedEvent& captured) {
        const Event& event = captured.event;
        const json::object* waiting = story_.waiting_invocation();
        if (!waiting) return;  // its time was up in the story
        const Transcript& transcript = *callers_.at(captured.number);
        meet(transcript);
        if (&transcript != open_.front()) {
            throw CaptureError("event " + std::to_string(captured.number) +
                               ": functions answered in another order than they were invoked in, "
                               "which a scenario cannot tell");
        }
        open_.pop_front();
        const std::string outcome = text_or_nothing(event.params, "Outcome");
        const std::string body = ids_.apply_to_text(event.body);
        if (const auto handler = handler_of(transcript.function)) {
            add("answer with " + *handler, "");
            finish_put();
            story_.end_invocation(outcome, body);
        } else if (put_) {
            json::object response = put_body();
            for (const char* member : {"StackId", "RequestId", "LogicalResourceId"}) {
                response.erase(member);
            }
            add("answer put", json::serialize(response) + "\n");
            finish_put();
            story_.end_invocation("response", "null");
        } else if (outcome == "response") {
            add("answer", body + "\n");
            story_.end_invocation(outcome, body);
        } else {
            const json::object error{{"errorType", "Runtime.ExitError"},
                                     {"errorMessage", "captured: " + outcome}};
            const bool has_error = outcome == "error" || outcome == "init-error";
            add("answer error", (has_error ? body : json::serialize(error)) + "\n");
            story_.end_invocation("error", has_error ? body : json::serialize(error));
        }
        put_.reset();
    }

    json::object put_body() const {
        json::error_code error;
        const json::value body = parse_json(ids_.apply_to_text(put_->event.body), error);
        return error || !body.is_object() ? json::object{} : body.as_object();
    }

    // What the scenario's own handler, or `answer put`, will PUT.
    void finish_put() {
        if (!put_) return;
        const json::value asked =
            parse_json(story_.waiting_invocation()->at("Payload").as_string());
        json::object response = put_body();
        for (const char* member : {"StackId", "RequestId", "LogicalResourceId"}) {
            response[member] = asked.at(member);
        }
        story_.call("cloudformation", "PutResponse",
                    response_target(std::string(asked.at("ResponseURL").as_string())),
                    json::serialize(response));
    }

    // What became of a stack is what most stories are about.
    void expect_events(const std::string& stack) {
        const Applied found =
            story_.call("cloudformation", "DescribeStackEvents", {{"StackName", stack}});
        if (std::holds_alternative<Outcome>(found.answer)) add("expect events " + stack, "");
    }

    std::optional<std::string> handler_of(const std::string& function) const {
        for (const auto& [wanted, handler] : options_.handlers) {
            if (is_function(function, wanted)) return handler;
        }
        return std::nullopt;
    }

    void add(std::string verb, std::string body) {
        if (to_tell_ > Duration{0}) {
            scenario_.steps.push_back({0, "", "", "", false});
            scenario_.steps.push_back({0, "advance " + duration_words(to_tell_), "", "", false});
            to_tell_ = Duration{0};
        }
        scenario_.steps.push_back({0, "", "", "", false});
        scenario_.steps.push_back({0, std::move(verb), std::move(body), "", false});
    }

    const ScenarioOptions& options_;
    Story story_;
    StandIns ids_;  // of the capture, and what stands for them in the scenario
    CapturedScenario scenario_;
    std::map<std::int64_t, const Transcript*> callers_;  // by number of the event
    std::deque<const Transcript*> open_;                 // that have not ended, the oldest first
    std::optional<CapturedEvent> put_;
    std::string account_;
    std::set<std::string> stacks_;  // that were asked for
    std::optional<Time> began_;
    Duration told_{0};
    Duration to_tell_{0};  // of it, what no step has said yet
};

}  // namespace

CapturedScenario scenario_of(const Capture& capture, const ScenarioOptions& options) {
    return Writer(options).write(capture);
}

}  // namespace sbemu
