// Regular expressions of the API models, which are Java's: whole-string matching over Unicode
// code points, in time linear to pattern times text.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace sbemu {

class Pattern {
  public:
    // What cannot be expressed (a back reference, say) gives a pattern that matches everything:
    // better to accept a wrong value than to refuse a right one.
    explicit Pattern(std::string_view expression);

    bool matches(std::string_view utf8) const;

  private:
    friend class PatternCompiler;

    enum class Code : std::uint8_t {
        set,
        split,
        jump,
        text_begin,
        text_end,
        boundary,
        ahead,
        match
    };
    struct Instruction {
        Code code;
        bool negative = false;     // ahead: must not match; set: looks behind and must not match
        bool behind = false;       // set: tests the character before, consumes nothing
        std::uint32_t first = 0;   // set: index of the set; split, jump: target
        std::uint32_t second = 0;  // split: other target; ahead: where to go on
    };
    struct Set {
        std::vector<std::pair<char32_t, char32_t>> ranges;
        bool negated = false;
        bool holds(char32_t c) const;
    };

    bool run(std::uint32_t start, std::size_t from, const std::u32string_view text,
             bool whole) const;
    bool test(const Instruction& instruction, std::size_t at, std::u32string_view text) const;

    std::vector<Instruction> program_;  // empty: matches everything
    std::vector<Set> sets_;
    // "[class]*" and "[class]+" on ASCII text need no program.
    bool is_simple_ = false;
    std::size_t simple_least_ = 0;
};

}  // namespace sbemu
