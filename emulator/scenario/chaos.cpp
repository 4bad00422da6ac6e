#include "emulator/scenario/chaos.h"

#include <algorithm>
#include <boost/json.hpp>
#include <sstream>

#include "emulator/scenario/expectation.h"
#include "emulator/scenario/generated_values.h"

namespace sbemu {
namespace json = boost::json;
namespace {

// For events that there are only because of the faults; far from all other seeds of stories.
constexpr std::uint64_t kSeedsOfFaults = 1ULL << 41;

// Retries come after minutes; what is put off for longer is not waited for.
constexpr Duration kPatience = std::chrono::minutes(5);
constexpr int kMostRounds = 200;

constexpr std::string_view kChaos = "chaos";

class RepeatedSeeds : public SeedSource {
  public:
    explicit RepeatedSeeds(const SeedsByEvent& seeds) : seeds_(seeds) {}

    std::uint64_t seed_for(const Event& event, const Timer* timer) override {
        key_ = seed_key(event, timer);
        const auto known = seeds_.find(key_);
        is_repeated_ = known != seeds_.end() && used_[key_] < known->second.size();
        return is_repeated_ ? known->second[used_[key_]] : kSeedsOfFaults + ++count_;
    }
    // The retry of what an error undid draws what it would have drawn.
    void applied(const Event& event, const Applied& applied) override {
        if (is_repeated_ && has_drawn(event, applied)) ++used_[key_];
    }

  private:
    const SeedsByEvent& seeds_;
    std::map<std::string, std::size_t> used_;
    std::uint64_t count_ = 0;
    std::string key_;
    bool is_repeated_ = false;
};

std::string not_asked(const Asked& asked, const std::vector<Asked>& waiting) {
    std::string others;
    for (const Asked& other : waiting) others += (others.empty() ? "" : ", ") + other.function;
    return asked.function + " is not asked what it is without faults; waiting: " +
           (others.empty() ? "nothing" : others);
}

// What came twice counts once, as lines of `expect effects`.
std::string without_repeated_lines(const std::string& text) {
    std::set<std::string> known;
    std::string once;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (known.insert(line).second) once += line + "\n";
    }
    return once;
}

// One story under faults, step by step beside its rehearsal.
class FaultedStory {
  public:
    FaultedStory(const Rehearsal& rehearsal, Mode mode)
        : rehearsal_(rehearsal),
          seeds_(rehearsal.seeds()),
          player_(make_player(mode, rehearsal.root(), rehearsal.handlers())),
          story_(player_->story()) {
        story_.take_seeds_from(seeds_);
    }

    void arm(const FaultPlan& plan) {
        for (const std::string& line : plan) {
            Step step;
            step.verb = line;
            player_->run(step);
        }
        for (const json::value& fault : asked("ListFaults", "Faults")) {
            rules_.insert(std::string(fault.at("Id").as_string()));
        }
    }

    std::optional<Difference> play() {
        for (std::size_t i = 0; i < rehearsal_.steps().size(); ++i) {
            if (rehearsal_.steps()[i].is_comment()) continue;
            if (auto difference = play(i)) return difference;
        }
        return std::nullopt;
    }

    std::size_t fired() {
        std::size_t count = 0;
        for (const json::value& entry : asked("FaultLog", "Log")) {
            if (rules_.contains(std::string(entry.at("Rule").as_string()))) ++count;
        }
        return count;
    }

    std::string state() const { return story_.state_image(); }

  private:
    json::array asked(const std::string& operation, std::string_view member) {
        const Applied applied = story_.call("sbemu", operation, {});
        return std::get<Outcome>(applied.answer).result.at(member).as_array();
    }

    std::optional<Difference> play(std::size_t index) {
        const Step& step = rehearsal_.steps()[index];
        const Rehearsed& rehearsed = rehearsal_.rehearsed(index);
        std::string answer;
        try {
            answer = rehearsed.answered ? answer_asked(step, *rehearsed.answered) : run(step);
            settle(index, answer);
            if (step.verb == "expect effects") answer = without_repeated_lines(answer);
        } catch (const std::exception& error) {
            return Difference{step.line, step.verb, step.expected,
                              error.what() + std::string("\n")};
        }
        const Duration delay = story_.now() - rehearsed.now;
        Compared compared = compare(step, renaming_.to_written(rehearsed.answer, answer, delay));
        if (compared.same) return std::nullopt;
        return Difference{step.line, step.verb, std::move(compared.shown_expected),
                          std::move(compared.shown_actual)};
    }

    std::string run(Step step) {
        step.verb = renaming_.to_faulted(step.verb);
        step.body = renaming_.to_faulted(step.body);
        return player_->run(step);
    }

    std::string answer_asked(const Step& step, const Asked& asked) {
        const std::vector<Asked> waiting = waiting_in(story_);
        const auto found = std::find(waiting.begin(), waiting.end(), asked);
        if (found == waiting.end()) {
            throw std::runtime_error(not_asked(asked, waiting));
        }
        story_.bring_forward(static_cast<std::size_t>(found - waiting.begin()));
        return run(step);
    }

    // Until the story is where the rehearsal was after this step: what functions are asked because
    // of the faults is answered, and what the faults put off is waited for. `answer` becomes that
    // of the last try, if the step's event had to come again.
    void settle(std::size_t index, std::string& answer) {
        for (int round = 0; round < kMostRounds; ++round) {
            if (const auto extra = find_extra(index)) {
                const Asked asked = waiting_in(story_)[extra->first];
                story_.bring_forward(extra->first);
                std::string again = run(*extra->second);
                if (rehearsal_.rehearsed(index).answered == asked) answer = std::move(again);
            } else if (const auto due = extra_timer(index)) {
                story_.advance(std::max(Duration{0}, *due - story_.now()));
            } else {
                return;
            }
        }
        throw std::runtime_error("the story does not come to rest under these faults");
    }

    // An invocation that does not wait without faults, and the step that tells how to answer it.
    std::optional<std::pair<std::size_t, const Step*>> find_extra(std::size_t index) const {
        std::vector<Asked> expected = rehearsal_.rehearsed(index).waiting;
        const std::vector<Asked> waiting = waiting_in(story_);
        // The newest are those that belong there: what came twice stands before them.
        for (std::size_t i = waiting.size(); i-- > 0;) {
            const auto found = std::find(expected.begin(), expected.end(), waiting[i]);
            if (found != expected.end()) {
                expected.erase(found);
            } else if (const Step* step = how_to_answer(waiting[i], index)) {
                return std::pair{i, step};
            }
        }
        return std::nullopt;
    }

    // As the same was answered before. What is asked only under faults is for the function's
    // handler; what a later step answers is for that.
    const Step* how_to_answer(const Asked& asked, std::size_t index) const {
        const Step* by_handler = nullptr;
        for (std::size_t i = 0; i < rehearsal_.steps().size(); ++i) {
            const auto& answered = rehearsal_.rehearsed(i).answered;
            const Step& step = rehearsal_.steps()[i];
            if (answered == asked) return i <= index ? &step : nullptr;
            if (answered && answered->function == asked.function &&
                step.verb.starts_with("answer with ")) {
                by_handler = &step;
            }
        }
        return by_handler;
    }

    std::optional<Time> extra_timer(std::size_t index) const {
        const std::set<std::string>& expected = rehearsal_.rehearsed(index).timers;
        for (const Timer& timer : putting_off(story_)) {
            if (timer.due > story_.now() + kPatience) break;
            if (!expected.contains(told(timer))) return timer.due;
        }
        return std::nullopt;
    }

    const Rehearsal& rehearsal_;
    RepeatedSeeds seeds_;
    std::unique_ptr<StepPlayer> player_;
    Story& story_;
    Renaming renaming_;
    std::set<std::string> rules_;
};

FaultPlan plan_in(const Step& step) {
    FaultPlan plan;
    std::istringstream lines(step.body);
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("fail ")) {
            throw std::runtime_error("line " + std::to_string(step.line) +
                                     ": chaos takes lines as 'fail dynamodb.PutItem throttling',"
                                     " not '" +
                                     line + "'");
        }
        plan.push_back(line);
    }
    return plan;
}

}  // namespace

ChaosResult play_under(const FaultPlan& plan, const Rehearsal& rehearsal, Mode mode) {
    FaultedStory story(rehearsal, mode);
    story.arm(plan);
    ChaosResult result;
    if (auto difference = story.play()) result.differences.push_back(std::move(*difference));
    result.state = story.state();
    result.fired = story.fired();
    return result;
}

std::vector<Step> with_chaos(const std::vector<Step>& steps, const FaultPlan& plan) {
    Step chaos;
    chaos.verb = kChaos;
    for (const std::string& line : plan) chaos.body += line + "\n";
    std::vector<Step> all = steps;
    const auto first =
        std::find_if(all.begin(), all.end(), [](const Step& step) { return !step.is_comment(); });
    // A comment right above belongs to the step it stands on.
    auto place = first;
    while (place != all.begin() && std::prev(place)->verb.starts_with("#")) --place;
    if (place == all.begin()) place = first;
    place = all.insert(place, chaos);
    all.insert(std::next(place), Step{});
    return all;
}

std::optional<std::size_t> find_chaos(const std::vector<Step>& steps) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (steps[i].verb == kChaos) return i;
    }
    return std::nullopt;
}

std::vector<Difference> play_with_chaos(std::vector<Step>& steps, Mode mode,
                                        const std::string& root, std::string* state) {
    const std::size_t index = find_chaos(steps).value();
    const FaultPlan plan = plan_in(steps[index]);
    std::vector<Step> others = steps;
    others[index] = Step{};
    for (std::size_t i = 0; i < index; ++i) {
        if (!steps[i].is_comment()) {
            throw std::runtime_error("line " + std::to_string(steps[index].line) +
                                     ": chaos comes before all other steps");
        }
    }
    const Rehearsal rehearsal(std::move(others), root);
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (!steps[i].is_comment() && i != index)
            steps[i].expected = rehearsal.rehearsed(i).updated;
    }
    if (!rehearsal.differences().empty()) return rehearsal.differences();
    ChaosResult result = play_under(plan, rehearsal, mode);
    if (state) *state = std::move(result.state);
    return std::move(result.differences);
}

}  // namespace sbemu
