#include "emulator/core/pattern.h"

#include <string>

#include "emulator/core/encoding.h"

namespace sbemu {
namespace {

constexpr std::size_t kMostInstructions = 20000;
constexpr char32_t kLast = 0x10FFFF;

struct Unsupported {};

bool is_word(char32_t c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

bool Pattern::Set::holds(char32_t c) const {
    for (const auto& [low, high] : ranges) {
        if (c >= low && c <= high) return !negated;
    }
    return negated;
}

// Parses and emits in one pass; a repeated piece is parsed again for each copy.
class PatternCompiler {
  public:
    PatternCompiler(Pattern& pattern, std::u32string text)
        : out_(pattern), text_(std::move(text)) {}

    void compile() {
        alternatives();
        if (at_ != text_.size()) throw Unsupported{};
        emit({Pattern::Code::match});
    }

  private:
    using Code = Pattern::Code;
    using Set = Pattern::Set;

    bool more() const { return at_ < text_.size(); }
    char32_t peek() const { return more() ? text_[at_] : 0; }
    char32_t take() {
        if (!more()) throw Unsupported{};
        return text_[at_++];
    }
    bool accept(std::u32string_view token) {
        if (text_.compare(at_, token.size(), token) != 0) return false;
        at_ += token.size();
        return true;
    }

    std::uint32_t here() const { return static_cast<std::uint32_t>(out_.program_.size()); }
    std::uint32_t emit(Pattern::Instruction instruction) {
        if (out_.program_.size() > kMostInstructions) throw Unsupported{};
        out_.program_.push_back(instruction);
        return here() - 1;
    }
    void emit_set(Set set, bool behind = false, bool negative = false) {
        out_.sets_.push_back(std::move(set));
        emit({Code::set, negative, behind, static_cast<std::uint32_t>(out_.sets_.size() - 1)});
    }

    void alternatives() {
        if (++depth_ > 100) throw Unsupported{};
        std::vector<std::uint32_t> jumps;
        while (true) {
            const std::uint32_t split = emit({Code::split});
            out_.program_[split].first = here();
            sequence();
            if (!accept(U"|")) {
                out_.program_[split].second = out_.program_[split].first;
                break;
            }
            jumps.push_back(emit({Code::jump}));
            out_.program_[split].second = here();
        }
        for (const std::uint32_t jump : jumps) out_.program_[jump].first = here();
        --depth_;
    }

    void sequence() {
        while (more() && peek() != '|' && peek() != ')') piece();
    }

    void piece() {
        const std::size_t atom_begin = at_;
        const std::uint32_t begin = here();
        atom();
        const std::size_t atom_end = at_;
        std::size_t least = 1;
        std::size_t most = 1;
        if (!quantifier(least, most)) return;
        const std::size_t after = at_;
        out_.program_.resize(begin);
        const auto again = [&] {
            at_ = atom_begin;
            atom();
            if (at_ != atom_end) throw Unsupported{};
        };
        for (std::size_t i = 0; i < least; ++i) again();
        if (most == kUnlimited) {
            const std::uint32_t split = emit({Code::split});
            out_.program_[split].first = here();
            again();
            emit({Code::jump, false, false, split});
            out_.program_[split].second = here();
        } else {
            std::vector<std::uint32_t> splits;
            for (std::size_t i = least; i < most; ++i) {
                splits.push_back(emit({Code::split}));
                out_.program_[splits.back()].first = here();
                again();
            }
            for (const std::uint32_t split : splits) out_.program_[split].second = here();
        }
        at_ = after;
    }

    bool quantifier(std::size_t& least, std::size_t& most) {
        if (accept(U"*")) {
            least = 0, most = kUnlimited;
        } else if (accept(U"+")) {
            least = 1, most = kUnlimited;
        } else if (accept(U"?")) {
            least = 0, most = 1;
        } else if (accept(U"{")) {
            least = number();
            most = least;
            if (accept(U",")) most = peek() == '}' ? kUnlimited : number();
            if (!accept(U"}") || (most != kUnlimited && most < least)) throw Unsupported{};
        } else {
            return false;
        }
        if (peek() == '+' || peek() == '*') throw Unsupported{};  // possessive
        accept(U"?");  // lazy: the same when only the whole match counts
        return true;
    }

    std::size_t number() {
        std::size_t value = 0;
        if (!(peek() >= '0' && peek() <= '9')) throw Unsupported{};
        while (peek() >= '0' && peek() <= '9') {
            value = value * 10 + (take() - '0');
            if (value > kMostInstructions) throw Unsupported{};
        }
        return value;
    }

    void atom() {
        const char32_t c = take();
        if (c == '(') return group();
        if (c == '[') return emit_set(character_class());
        if (c == '.') return emit_set({{{0, 9}, {11, kLast}}, false});
        if (c == '^') return void(emit({Code::text_begin}));
        if (c == '$') return void(emit({Code::text_end}));
        if (c == '*' || c == '+' || c == '?') throw Unsupported{};
        if (c != '\\') return emit_set({{{c, c}}, false});
        if (accept(U"b")) return void(emit({Code::boundary}));
        emit_set(escape());
    }

    void group() {
        if (accept(U"?=") || accept(U"?!")) {
            const bool negative = text_[at_ - 1] == '!';
            const std::uint32_t ahead = emit({Code::ahead, negative});
            alternatives();
            emit({Code::match});
            out_.program_[ahead].second = here();
        } else if (accept(U"?<=") || accept(U"?<!")) {
            const bool negative = text_[at_ - 1] == '!';
            const char32_t c = take();
            emit_set(c == '\\'  ? escape()
                     : c == '[' ? character_class()
                                : Set{{{c, c}}, false},
                     true, negative);
        } else {
            if (peek() == '?' && !accept(U"?:")) throw Unsupported{};
            alternatives();
        }
        if (!accept(U")")) throw Unsupported{};
    }

    // What follows a backslash.
    Set escape() {
        const char32_t c = take();
        Set set;
        switch (c) {
            case 'd':
            case 'D':
                set.ranges = {{'0', '9'}};
                break;
            case 'w':
            case 'W':
                set.ranges = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
                break;
            case 's':
            case 'S':
                set.ranges = {{'\t', '\r'}, {' ', ' '}};
                break;
            case 'p':
                return property();
            default: {
                const char32_t literal = escaped_character(c);
                return {{{literal, literal}}, false};
            }
        }
        if (c == 'D' || c == 'W' || c == 'S') invert(set);
        return set;
    }

    char32_t escaped_character(char32_t c) {
        switch (c) {
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'f':
                return '\f';
            case 'u':
                return hexadecimal(4);
            case 'x':
                return hexadecimal(2);
            default:
                if (is_word(c)) throw Unsupported{};
                return c;
        }
    }

    char32_t hexadecimal(int digits) {
        char32_t value = 0;
        while (digits-- > 0) {
            const char32_t c = take() | 0x20U;
            if (c >= '0' && c <= '9') {
                value = value * 16 + (c - '0');
            } else if (c >= 'a' && c <= 'f') {
                value = value * 16 + (c - 'a' + 10);
            } else {
                throw Unsupported{};
            }
        }
        // Half of a surrogate pair stands for all that needs pairs.
        return value >= 0xD800 && value <= 0xDFFF ? kLast : value;
    }

    // Outside ASCII every character is taken for one of the property: no tables here.
    Set property() {
        if (accept(U"{L}")) return {{{'A', 'Z'}, {'a', 'z'}, {0x80, kLast}}, false};
        if (accept(U"{N}")) return {{{'0', '9'}, {0x80, kLast}}, false};
        if (accept(U"{Z}")) return {{{' ', ' '}, {0x80, kLast}}, false};
        if (accept(U"{M}")) return {{{0x80, kLast}}, false};
        if (accept(U"{Print}")) return {{{' ', '~'}}, false};
        throw Unsupported{};
    }

    static void invert(Set& set) {  // ranges must be in order
        std::vector<std::pair<char32_t, char32_t>> others;
        char32_t next = 0;
        for (const auto& [low, high] : set.ranges) {
            if (low > next) others.emplace_back(next, low - 1);
            next = high + 1;
        }
        others.emplace_back(next, kLast);
        set.ranges = std::move(others);
    }

    // After '['. A '-' that follows a range, or stands first or last, is itself: [a-z0-9-_].
    Set character_class() {
        Set set;
        set.negated = accept(U"^");
        bool first = true;
        while (first || peek() != ']') {
            first = false;
            char32_t low = take();
            if (low == '[' || (low == '&' && peek() == '&')) throw Unsupported{};
            if (low == '\\') {
                if (is_shorthand(peek())) {
                    for (const auto& range : escape().ranges) set.ranges.push_back(range);
                    continue;
                }
                low = escaped_character(take());
            }
            char32_t high = low;
            if (peek() == '-' && at_ + 1 < text_.size() && text_[at_ + 1] != ']' &&
                !(text_[at_ + 1] == '\\' && is_shorthand(text_[at_ + 2]))) {
                take();
                high = take();
                if (high == '\\') high = escaped_character(take());
                if (high < low) throw Unsupported{};
            }
            set.ranges.emplace_back(low, high);
        }
        take();
        return set;
    }

    static bool is_shorthand(char32_t c) {
        return std::u32string_view(U"dDwWsSp").find(c) != std::u32string_view::npos;
    }

    static constexpr std::size_t kUnlimited = static_cast<std::size_t>(-1);

    Pattern& out_;
    std::u32string text_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

Pattern::Pattern(std::string_view expression) {
    try {
        PatternCompiler(*this, code_points(expression)).compile();
    } catch (const Unsupported&) {
        program_.clear();
        return;
    }
    if (sets_.size() > 2 || program_.empty()) return;
    const bool star = program_.size() == 5;  // split, split, set, jump, match
    const bool plus = program_.size() == 6;  // split, set, split, set, jump, match
    const Code second = program_[1].code;
    if (star && second == Code::split && program_[3].code == Code::jump && program_[3].first == 1) {
        is_simple_ = true;
    } else if (plus && second == Code::set && !program_[1].behind &&
               program_[4].code == Code::jump && program_[4].first == 2) {
        is_simple_ = true;
        simple_least_ = 1;
    }
}

bool Pattern::matches(std::string_view utf8) const {
    if (program_.empty()) return true;
    bool ascii = true;
    for (const char c : utf8) ascii = ascii && static_cast<unsigned char>(c) < 0x80;
    if (is_simple_ && ascii) {
        const Set& set = sets_.back();
        for (const char c : utf8) {
            if (!set.holds(static_cast<unsigned char>(c))) return false;
        }
        return utf8.size() >= simple_least_;
    }
    const std::u32string text = code_points(utf8);
    return run(0, 0, text, true);
}

bool Pattern::test(const Instruction& instruction, std::size_t at, std::u32string_view text) const {
    if (instruction.code == Code::text_begin) return at == 0;
    if (instruction.code == Code::text_end) return at == text.size();
    if (instruction.code == Code::ahead) {
        const auto begin = static_cast<std::uint32_t>(&instruction - program_.data()) + 1;
        return run(begin, at, text, false) != instruction.negative;
    }
    if (instruction.code == Code::boundary) {
        const bool before = at > 0 && is_word(text[at - 1]);
        const bool after = at < text.size() && is_word(text[at]);
        return before != after;
    }
    const bool held = at > 0 && sets_[instruction.first].holds(text[at - 1]);
    return held != instruction.negative;  // looking behind
}

// Every (instruction, position) is visited at most once: no pattern can take forever.
bool Pattern::run(std::uint32_t start, std::size_t from, std::u32string_view text,
                  bool whole) const {
    const std::size_t width = text.size() + 1;
    if (program_.size() * width > 64U << 20U) return true;  // too long to judge
    std::vector<bool> visited(program_.size() * width);
    std::vector<std::pair<std::uint32_t, std::size_t>> waiting{{start, from}};
    while (!waiting.empty()) {
        auto [next, at] = waiting.back();
        waiting.pop_back();
        if (visited[next * width + at]) continue;
        visited[next * width + at] = true;
        const Instruction& instruction = program_[next];
        switch (instruction.code) {
            case Code::match:
                if (!whole || at == text.size()) return true;
                break;
            case Code::split:
                waiting.emplace_back(instruction.second, at);
                waiting.emplace_back(instruction.first, at);
                break;
            case Code::jump:
                waiting.emplace_back(instruction.first, at);
                break;
            case Code::set:
                if (!instruction.behind) {
                    if (at < text.size() && sets_[instruction.first].holds(text[at])) {
                        waiting.emplace_back(next + 1, at + 1);
                    }
                    break;
                }
                [[fallthrough]];
            default:
                if (test(instruction, at, text)) {
                    waiting.emplace_back(
                        instruction.code == Code::ahead ? instruction.second : next + 1, at);
                }
        }
    }
    return false;
}

}  // namespace sbemu
