// Scenarios: stories as text, what happened and what is expected. docs/scenarios.md has the form.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sbemu {

// A block of a scenario: its first line, its body, and what it must answer. Comments and blank
// lines are steps without a verb, so that an updated file keeps them.
struct Step {
    int line = 0;  // 1-based
    std::string verb;
    std::string body;      // lines, each ending with '\n'
    std::string expected;  // lines, each ending with '\n'
    bool expects = false;  // there is a "----", even if nothing follows
    bool subset = false;   // "---- subset": only what is written there must be in the answer

    bool is_comment() const { return verb.empty() || verb.front() == '#'; }
};

std::vector<Step> parse_scenario(std::string_view text);
std::string print_scenario(const std::vector<Step>& steps);

// How a scenario is played. The answers must be the same in every mode.
enum class Mode {
    plain,
    reversed_selects,  // SQLite returns unordered rows backwards: finds a forgotten ORDER BY
    reopened,          // killed and opened again before every event: finds state outside of rows
};
inline constexpr Mode kModes[] = {Mode::plain, Mode::reversed_selects, Mode::reopened};
std::string_view name_of(Mode mode);

struct Difference {
    int line = 0;
    std::string verb;
    std::string expected;
    std::string actual;
};

// Plays the steps on a fresh emulator and fills in what they answered (a subset that
// matches stays as it is). Files that steps name are
// looked up below `root`. Throws std::runtime_error, with the line, for a step that makes no sense.
// `state` becomes the image of the state at the end (Store::image), if given.
std::vector<Difference> play(std::vector<Step>& steps, Mode mode, const std::string& root,
                             std::string* state = nullptr);

// Where files that a scenario names are looked up: the top of the git repository that it is in,
// else the current folder.
std::string scenario_root(const std::string& scenario);

// The difference as lines of - and +, for people.
std::string explain(const Difference& difference);

}  // namespace sbemu
