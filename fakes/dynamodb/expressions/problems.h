// What is wrong with an expression that is well formed. AWS reports by kind, not by place: all
// are collected while parsing, and the first of the most urgent kind is thrown.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace sbemu::dynamodb {

class Problems {
  public:
    enum class Kind {
        parentheses,
        unknown_function,
        misused_function,
        reserved_word,
        repeated_section,
        undefined_name,
        undefined_value,
        overlap,
        conflict,
        operand,
        distinct,
    };

    bool has(Kind kind) const {
        return std::any_of(notes_.begin(), notes_.end(),
                           [kind](const Note& note) { return note.kind == kind; });
    }

    // Of each kind the first is kept: no other is reported.
    void note(Kind kind, std::string message) {
        if (!has(kind)) notes_.push_back({kind, std::move(message)});
    }

    // The message to report, most urgent kind first; null if there is none.
    const std::string* first(std::initializer_list<Kind> urgency) const {
        for (const Kind kind : urgency) {
            for (const Note& note : notes_) {
                if (note.kind == kind) return &note.message;
            }
        }
        return nullptr;
    }

    // Of these kinds, which are equally urgent, what was noted first; null if there is none.
    const std::string* earliest(std::initializer_list<Kind> kinds) const {
        for (const Note& note : notes_) {
            for (const Kind kind : kinds) {
                if (note.kind == kind) return &note.message;
            }
        }
        return nullptr;
    }

  private:
    struct Note {
        Kind kind;
        std::string message;
    };
    std::vector<Note> notes_;
};

}  // namespace sbemu::dynamodb
