// A scenario without faults: what it draws, asks and answers, and where faults can be put.
#include <algorithm>
#include <boost/json.hpp>

#include "emulator/core/json_text.h"
#include "emulator/core/random.h"
#include "emulator/scenario/chaos.h"
#include "emulator/scenario/expectation.h"
#include "emulator/scenario/generated_values.h"

namespace sbemu {
namespace json = boost::json;
namespace {

std::string name_in(const std::string& function_arn) {
    const std::string_view mark = ":function:";
    const auto at = function_arn.find(mark);
    return at == std::string::npos ? function_arn : function_arn.substr(at + mark.size());
}

// Counts seeds, as a story without a source does, and notes who drew them and what functions call.
class NotedSeeds : public SeedSource {
  public:
    std::uint64_t seed_for(const Event& event, const Timer* timer) override {
        key_ = seed_key(event, timer);
        return ++count_;
    }
    void applied(const Event& event, const Applied& applied) override {
        if (has_drawn(event, applied)) seeds[key_].push_back(event.seed);
        if (event.function.empty()) return;
        ++calls[{name_in(event.function), event.service + "." + event.operation}];
    }

    SeedsByEvent seeds;
    CallsByFunction calls;

  private:
    std::uint64_t count_ = 0;
    std::string key_;
};

// What the scenario itself makes fail is left alone: "dynamodb.PutItem", "response", "invoke f".
std::set<std::string> own_faults(const std::vector<Step>& steps) {
    std::set<std::string> own;
    for (const Step& step : steps) {
        const std::vector<std::string> words = words_of(step.verb);
        if (words.size() < 2 || words[0] != "fail") continue;
        own.insert(words[1] == "invoke" && words.size() > 2 ? "invoke " + words[2] : words[1]);
    }
    return own;
}

// Who waits for the answer of a synchronous invocation sees the fault: no faults on those.
void note(const Rehearsed& rehearsed, Answering& function) {
    if (rehearsed.answered->payload.starts_with(R"({"Records":[)")) {
        ++function.batches;
    } else if (rehearsed.answer.empty()) {
        ++function.events;
    }
}

std::string response_key(const json::object& call) {
    return "PutResponse " + masked(call.at("Key").as_string());
}

}  // namespace

bool has_drawn(const Event& event, const Applied& applied) {
    if (std::holds_alternative<ApiError>(applied.answer)) return false;
    Random random(event.seed);
    random.uuid();  // every event's request id
    return random.next() != applied.last_draw;
}

std::string seed_key(const Event& event, const Timer* timer) {
    // A response draws the same whether it counts at once or later.
    if (event.operation == "PutResponse") return response_key(event.params);
    if (timer && timer->name == "late-response") {
        return response_key(parse_json(timer->key).as_object());
    }
    if (timer) return "timer " + timer->service + "." + timer->name + " " + masked(timer->key);
    return event.service + "." + event.operation + " " + event.function + " " +
           masked(json::serialize(event.params)) + " " + masked(event.body);
}

Asked asked_of(const json::object& invocation) {
    return {std::string(invocation.at("Function").at("FunctionArn").as_string()),
            masked(invocation.at("Payload").as_string())};
}

std::vector<Asked> waiting_in(const Story& story) {
    std::vector<Asked> waiting;
    for (const json::object& invocation : story.waiting_invocations()) {
        waiting.push_back(asked_of(invocation));
    }
    return waiting;
}

std::vector<Timer> putting_off(const Story& story) {
    std::vector<Timer> timers = story.timers();
    std::erase_if(timers, [](const Timer& timer) {
        const std::string name = timer.service + "." + timer.name;
        return name != "lambda.retry" && name != "lambda.poll" &&
               name != "cloudformation.late-response";
    });
    return timers;
}

std::string told(const Timer& timer) {
    return timer.service + "." + timer.name + " " + masked(timer.key);
}

Rehearsal::Rehearsal(std::vector<Step> steps, std::string root, Handlers handlers)
    : steps_(std::move(steps)), root_(std::move(root)), handlers_(std::move(handlers)) {
    play();
}

void Rehearsal::play() {
    NotedSeeds seeds;
    const auto player = make_player(Mode::plain, root_, handlers_);
    player->story().take_seeds_from(seeds);
    AnsweringByFunction answering;
    for (const Step& step : steps_) {
        Rehearsed& rehearsed = rehearsed_.emplace_back();
        if (step.is_comment()) continue;
        try {
            play(step, *player, rehearsed);
        } catch (const std::exception& error) {
            throw std::runtime_error("line " + std::to_string(step.line) + ": " + error.what());
        }
        const std::vector<std::string> words = words_of(step.verb);
        if (!rehearsed.answered || words.size() != 3 || words[1] != "with") continue;
        Answering& function = answering[name_in(rehearsed.answered->function)];
        function.in_story = runs_in_story(words[2], handlers_);
        note(rehearsed, function);
    }
    find_targets(seeds.calls, answering);
    seeds_ = std::move(seeds.seeds);
}

void Rehearsal::play(const Step& step, StepPlayer& player, Rehearsed& rehearsed) {
    Story& story = player.story();
    if (step.verb.starts_with("answer") && story.waiting_invocation()) {
        rehearsed.answered = asked_of(*story.waiting_invocation());
    }
    rehearsed.answer = player.run(step);
    Compared compared = compare(step, rehearsed.answer);
    rehearsed.updated = std::move(compared.updated);
    if (!compared.same) {
        differences_.push_back({step.line, step.verb, std::move(compared.shown_expected),
                                std::move(compared.shown_actual)});
    }
    rehearsed.waiting = waiting_in(story);
    for (const Timer& timer : putting_off(story)) rehearsed.timers.insert(told(timer));
    rehearsed.now = story.now();
}

void Rehearsal::find_targets(const CallsByFunction& calls, const AnsweringByFunction& answering) {
    const std::set<std::string> own = own_faults(steps_);
    for (const auto& [caller, count] : calls) {
        const auto& [function, call] = caller;
        const auto found = answering.find(function);
        const bool is_response = call == "cloudformation.PutResponse";
        if (found == answering.end() || own.contains(is_response ? "response" : call)) continue;
        targets_.push_back({is_response ? FaultTarget::Kind::response : FaultTarget::Kind::call,
                            function, call, found->second.in_story, count});
    }
    for (const auto& [function, counts] : answering) {
        if (own.contains("invoke " + function)) continue;
        if (counts.events > 0) {
            targets_.push_back(
                {FaultTarget::Kind::event, function, "", counts.in_story, counts.events});
        }
        // A process cannot be killed within the time of a story, and a batch comes twice only so.
        if (counts.batches > 0 && counts.in_story) {
            targets_.push_back({FaultTarget::Kind::batch, function, "", true, counts.batches});
        }
    }
}

}  // namespace sbemu
