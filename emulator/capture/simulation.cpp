#include "emulator/capture/simulation.h"

#include <boost/json.hpp>
#include <limits>
#include <set>
#include <tuple>

#include "emulator/capture/captured_text.h"
#include "emulator/capture/world.h"
#include "emulator/core/encoding.h"
#include "emulator/core/timers.h"

namespace sbemu {
namespace json = boost::json;
namespace {

// Of what was not captured: at its time, before everything else.
constexpr std::int64_t kAtOnce = 0;

std::string key_of(const std::string& service, const std::string& name, const std::string& key) {
    return service + "\n" + name + "\n" + key;
}

// Which timer a captured pulse ran; its reply says so.
std::string timer_of(const CapturedEvent& pulse) {
    json::error_code error;
    const json::value* timer = pulse.reply.find_pointer("/result/Timer", error);
    if (!timer || !timer->is_object()) return {};
    const json::object& object = timer->as_object();
    return key_of(text_or_nothing(object, "Service"), text_or_nothing(object, "Name"),
                  text_or_nothing(object, "Key"));
}

class Simulation {
  public:
    Simulation(const StoryLine& line, Time last, Behaviour& behaviour)
        : line_(line), last_(last), behaviour_(behaviour) {
        for (const CapturedEvent& pulse : line.pulses) pulses_[timer_of(pulse)].push_back(&pulse);
        behaviour_.use(world_.kernel);
    }

    Capture run() {
        while (step()) {
        }
        return std::move(result_);
    }

  private:
    struct Running {
        json::object invocation;
        const Transcript* captured = nullptr;
        bool started = false;
    };
    // What may happen next, the earliest first.
    struct Choice {
        Time at;
        std::int64_t number = kAtOnce;
        enum class Kind { timer, start, action, outside } kind = Kind::outside;
        std::string invocation = {};

        auto order() const { return std::tuple(at, number, kind); }
    };

    bool step() {
        std::optional<Choice> best;
        const auto offer = [&](Choice choice) {
            choice.at = std::max(choice.at, now_);
            if (!best || choice.order() < best->order()) best = std::move(choice);
        };
        if (next_outside_ < line_.outside.size()) {
            const CapturedEvent& captured = line_.outside[next_outside_];
            offer({captured.event.at, captured.number, Choice::Kind::outside});
        }
        for (const auto& [id, running] : running_) {
            if (!running.started) {
                const bool known = running.captured && running.captured->started;
                offer({known ? running.captured->started->event.at : now_,
                       known ? running.captured->started->number : kAtOnce, Choice::Kind::start,
                       id});
            } else if (const auto action = behaviour_.next(id)) {
                offer({action->at, action->number, Choice::Kind::action, id});
            }
        }
        if (const auto timer = next_timer()) offer(*timer);
        if (!best) return false;
        now_ = best->at;
        perform(*best);
        return true;
    }

    std::optional<Choice> next_timer() {
        const std::vector<Timer> timers = world_.kernel.timers(1);
        if (timers.empty()) return std::nullopt;
        const Timer& timer = timers.front();
        const CapturedEvent* pulse = captured_pulse(timer);
        const Time at = pulse ? std::max(timer.due, pulse->event.at) : timer.due;
        // What is due after the end is not a part of the story, but for what ends an invocation.
        if (at > last_ && running_.empty()) return std::nullopt;
        return Choice{at, pulse ? pulse->number : kAtOnce, Choice::Kind::timer};
    }

    const CapturedEvent* captured_pulse(const Timer& timer) {
        const auto found = pulses_.find(key_of(timer.service, timer.name, timer.key));
        return found == pulses_.end() || found->second.empty() ? nullptr : found->second.front();
    }

    void perform(const Choice& choice) {
        switch (choice.kind) {
            case Choice::Kind::outside:
                apply(line_.outside[next_outside_++].event);
                break;
            case Choice::Kind::timer:
                pulse();
                break;
            case Choice::Kind::start:
                start(choice.invocation);
                break;
            case Choice::Kind::action:
                act(choice.invocation);
                break;
        }
    }

    void pulse() {
        const Timer timer = world_.kernel.timers(1).front();
        const std::string key = key_of(timer.service, timer.name, timer.key);
        const CapturedEvent* captured = captured_pulse(timer);
        const std::uint64_t seed = captured ? captured->event.seed : seed_for("pulse\n" + key);
        if (captured) pulses_[key].pop_front();
        apply(Kernel::pulse_at(now_, seed));
    }

    void start(const std::string& id) {
        Running& running = running_.at(id);
        running.started = true;
        Event event;
        if (running.captured && running.captured->started) {
            event = running.captured->started->event;
        } else {
            event.seed = seed_for("start\n" + id);
            event.service = "lambda";
            event.operation = "InvocationStarted";
        }
        event.params = {{"InvocationId", id}};
        const json::object invocation = running.invocation;
        const Transcript* captured = running.captured;
        apply(event);
        if (running_.contains(id)) behaviour_.begin(invocation, now_, captured);
    }

    void act(const std::string& id) {
        const Action action = *behaviour_.next(id);
        Event event = action.event;
        if (event.seed == 0) event.seed = seed_for("call\n" + id);
        const bool ends = is_call(event, "lambda.InvocationEnded");
        event.invocation = ends ? std::string() : id;
        if (ends) running_.erase(id);
        const Applied applied = apply(event);
        if (applied.deferred) waiting_[applied.event] = id;
        behaviour_.take(id, applied);
    }

    // A seed for what has none in the capture: the same whenever the same story is told.
    std::uint64_t seed_for(const std::string& purpose) {
        return fingerprint(purpose + "\n" + std::to_string(++uses_[purpose])) | 1;
    }

    Applied apply(Event event) {
        event.at = now_;
        Applied applied = world_.kernel.apply(event);
        result_.events.push_back({static_cast<std::int64_t>(result_.events.size()) + 1,
                                  std::move(event), describe_reply(applied)});
        for (const Effect& effect : applied.effects) carry_out(effect);
        for (const Completion& completion : applied.completions) {
            const auto waiting = waiting_.extract(completion.event);
            if (!waiting.empty()) behaviour_.complete(waiting.mapped(), completion);
        }
        return applied;
    }

    void carry_out(const Effect& effect) {
        const std::string id = text_or_nothing(effect.payload, "InvocationId");
        if (effect.kind == "lambda.invoke") {
            running_[id] = {effect.payload, find_transcript(effect.payload), false};
        } else if (effect.kind == "lambda.kill") {
            behaviour_.kill(id);
            if (!behaviour_.next(id)) running_.erase(id);  // nobody will report its end
        }
    }

    // The same invocation, else one with the same event, else the function's next one.
    const Transcript* find_transcript(const json::object& invocation) {
        const std::string id = text_or_nothing(invocation, "InvocationId");
        const std::string function =
            text_or_nothing(invocation.at("Function").as_object(), "FunctionArn");
        const std::string payload = text_or_nothing(invocation, "Payload");
        const Transcript* best = nullptr;
        int best_rank = 0;
        for (const Transcript& transcript : line_.transcripts) {
            if (used_.contains(&transcript) || transcript.function != function) continue;
            const int rank = transcript.invocation == id     ? 3
                             : transcript.payload == payload ? 2
                                                             : 1;
            if (rank > best_rank) {
                best = &transcript;
                best_rank = rank;
            }
        }
        if (best) used_.insert(best);
        return best;
    }

    const StoryLine& line_;
    Time last_;
    Behaviour& behaviour_;
    World world_;
    Time now_{};
    std::size_t next_outside_ = 0;
    std::map<std::string, Running> running_;
    std::map<std::int64_t, std::string> waiting_;  // deferred calls of functions, by event
    std::map<std::string, std::deque<const CapturedEvent*>> pulses_;
    std::map<std::string, int> uses_;
    std::set<const Transcript*> used_;
    Capture result_;
};

// An event of a captured invocation as the invocation of another id does it.
Event as_done_by(const CapturedEvent& captured, const std::string& id, const json::object& event) {
    Event adapted = captured.event;
    if (is_call(adapted, "lambda.InvocationEnded")) {
        adapted.params["InvocationId"] = id;
    } else if (is_call(adapted, "cloudformation.PutResponse")) {
        // The URL is that of the request at hand.
        const std::string url = text_or_nothing(event, "ResponseURL");
        const auto path = url.find('/', url.find("://") + 3);
        const auto query = url.find('?');
        if (path != std::string::npos && query != std::string::npos) {
            adapted.params["Key"] = percent_decode(url.substr(path + 1, query - path - 1));
            adapted.params["Query"] = url.substr(query + 1);
        }
    }
    return adapted;
}

}  // namespace

void CapturedBehaviour::begin(const json::object& invocation, Time now,
                              const Transcript* captured) {
    const std::string id = text_or_nothing(invocation, "InvocationId");
    std::deque<Action>& actions = running_[id];
    if (!captured || !captured->started) return;
    json::error_code error;
    json::value event = json::parse(text_or_nothing(invocation, "Payload"), error);
    const json::object request = event.is_object() ? event.as_object() : json::object{};
    const Duration shift = now - captured->started->event.at;
    for (const CapturedEvent& call : captured->calls) {
        actions.push_back({call.event.at + shift, call.number, as_done_by(call, id, request)});
    }
    if (captured->ended) {
        actions.push_back({captured->ended->event.at + shift, captured->ended->number,
                           as_done_by(*captured->ended, id, request)});
    }
}

std::optional<Action> CapturedBehaviour::next(const std::string& invocation) {
    const auto found = running_.find(invocation);
    if (found == running_.end() || found->second.empty()) return std::nullopt;
    return found->second.front();
}

void CapturedBehaviour::take(const std::string& invocation, const Applied&) {
    const auto found = running_.find(invocation);
    if (found == running_.end()) return;
    found->second.pop_front();
    if (found->second.empty()) running_.erase(found);
}

void CapturedBehaviour::kill(const std::string& invocation) {
    // What is left is the report of the killed process.
    const auto found = running_.find(invocation);
    if (found == running_.end()) return;
    while (found->second.size() > 1) found->second.pop_front();
}

Capture simulate(const StoryLine& line, Time last, Behaviour& behaviour) {
    return Simulation(line, last, behaviour).run();
}

}  // namespace sbemu
