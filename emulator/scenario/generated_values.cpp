#include "emulator/scenario/generated_values.h"

#include <cstdint>

namespace sbemu {
namespace {

using Kind = GeneratedValue::Kind;

// In a shape, h is a hexadecimal digit and d a decimal one.
struct Shape {
    std::string text;
    Kind kind;
};

const std::vector<Shape>& shapes() {
    static const std::vector<Shape> kShapes = {
        {"hhhhhhhh-hhhh-1hhh-hhhh-hhhhhhhhhhhh", Kind::id},
        {"4" + std::string(55, 'd'), Kind::id},
        {std::string(64, 'h'), Kind::signature},
        {"dddd-dd-ddTdd:dd:dd.ddd", Kind::iso},
        {"dddd-dd-ddTdd:dd:dd", Kind::iso},
        {"ddddddddTddddddZ", Kind::compact},
        {"1dddddddddddd", Kind::milliseconds},
    };
    return kShapes;
}

constexpr std::string_view kWhole = "1ddddddddd";  // of seconds
constexpr std::string_view kSignature = "X-Amz-Signature=";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }
bool is_alphanumeric(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool ends_at(std::string_view text, std::size_t at) {
    // An iso time may be followed by its zone.
    return at >= text.size() || !is_alphanumeric(text[at]) || text[at] == 'Z';
}

bool has_shape(std::string_view text, std::size_t at, std::string_view shape) {
    if (text.size() - at < shape.size()) return false;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const char c = text[at + i];
        if (shape[i] == 'h' ? !is_hex(c) : shape[i] == 'd' ? !is_digit(c) : c != shape[i]) {
            return false;
        }
    }
    return ends_at(text, at + shape.size());
}

// 1488326400.0: as many decimals as there are.
std::size_t length_of_seconds(std::string_view text, std::size_t at) {
    if (!has_shape(text, at, kWhole)) return 0;
    std::size_t end = at + kWhole.size();
    if (end + 1 >= text.size() || text[end] != '.' || !is_digit(text[end + 1])) return 0;
    for (++end; end < text.size() && is_digit(text[end]);) ++end;
    return end - at;
}

std::int64_t number(std::string_view digits) { return std::stoll(std::string(digits)); }

Time time_of(int year, unsigned month, unsigned day, std::string_view clock) {
    const std::chrono::sys_days date{std::chrono::year{year} / static_cast<int>(month) /
                                     static_cast<int>(day)};
    return date + std::chrono::hours(number(clock.substr(0, 2))) +
           std::chrono::minutes(number(clock.substr(2, 2))) +
           std::chrono::seconds(number(clock.substr(4, 2)));
}

// iso and compact times, punctuation left out.
Time time_of_digits(std::string_view text) {
    std::string digits;
    for (const char c : text) {
        if (is_digit(c)) digits += c;
    }
    const std::string_view all = digits;
    const Time whole = time_of(static_cast<int>(number(all.substr(0, 4))),
                               static_cast<unsigned>(number(all.substr(4, 2))),
                               static_cast<unsigned>(number(all.substr(6, 2))), all.substr(8, 6));
    return all.size() == 17 ? whole + Duration{number(all.substr(14))} : whole;
}

Time time_of(std::string_view text, Kind kind) {
    if (kind == Kind::milliseconds) return from_milliseconds(number(text));
    if (kind != Kind::seconds) return time_of_digits(text);
    std::string decimals(text.substr(11));
    decimals.resize(3, '0');
    return from_milliseconds(number(text.substr(0, 10)) * 1000 + number(decimals));
}

}  // namespace

std::vector<GeneratedValue> find_generated_values(std::string_view text) {
    std::vector<GeneratedValue> found;
    for (std::size_t at = 0; at < text.size();) {
        if (!is_hex(text[at]) || (at > 0 && is_alphanumeric(text[at - 1]))) {
            ++at;
            continue;
        }
        GeneratedValue value{at, length_of_seconds(text, at), Kind::seconds};
        for (const Shape& shape : shapes()) {
            if (value.length > 0) break;
            if (!has_shape(text, at, shape.text)) continue;
            if (shape.kind == Kind::signature && !text.substr(0, at).ends_with(kSignature)) break;
            value = {at, shape.text.size(), shape.kind};
        }
        if (value.length > 0) found.push_back(value);
        at += std::max<std::size_t>(value.length, 1);
    }
    return found;
}

std::string masked(std::string_view text) {
    std::string result;
    std::size_t next = 0;
    for (const GeneratedValue& value : find_generated_values(text)) {
        result += text.substr(next, value.at - next);
        result += '\x01';
        result += static_cast<char>('a' + static_cast<int>(value.kind));
        next = value.at + value.length;
    }
    result += text.substr(next);
    return result;
}

bool Renaming::rename(const std::string& written, const std::string& faulted) {
    const auto known = faulted_by_written_.find(written);
    const auto reverse = written_by_faulted_.find(faulted);
    if (known == faulted_by_written_.end() && reverse == written_by_faulted_.end()) {
        faulted_by_written_[written] = faulted;
        written_by_faulted_[faulted] = written;
        return true;
    }
    return known != faulted_by_written_.end() && known->second == faulted;
}

bool Renaming::is_same(std::string_view other, std::string_view faulted, Kind kind,
                       Duration delay) {
    if (kind == Kind::id) return rename(std::string(other), std::string(faulted));
    // It signs the time, too, and is no shorter or longer for it.
    if (kind == Kind::signature) return delay > Duration{0} || other == faulted;
    const Duration later = time_of(faulted, kind) - time_of(other, kind);
    return later >= Duration{0} && later <= delay;
}

std::string Renaming::renamed(std::string_view text, const Names& names) {
    std::string result;
    std::size_t next = 0;
    for (const GeneratedValue& value : find_generated_values(text)) {
        result += text.substr(next, value.at - next);
        const std::string_view before = text.substr(value.at, value.length);
        const auto known = names.find(std::string(before));
        result += known == names.end() ? before : known->second;
        next = value.at + value.length;
    }
    result += text.substr(next);
    return result;
}

std::string Renaming::to_faulted(std::string_view text) const {
    return renamed(text, faulted_by_written_);
}

std::string Renaming::to_written(std::string_view other, std::string_view faulted, Duration delay) {
    if (masked(other) != masked(faulted)) return renamed(faulted, written_by_faulted_);
    const std::vector<GeneratedValue> others = find_generated_values(other);
    const std::vector<GeneratedValue> values = find_generated_values(faulted);
    std::string result;
    std::size_t next = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        result += faulted.substr(next, values[i].at - next);
        const std::string_view there = other.substr(others[i].at, others[i].length);
        const std::string_view here = faulted.substr(values[i].at, values[i].length);
        result += is_same(there, here, values[i].kind, delay) ? there : here;
        next = values[i].at + values[i].length;
    }
    result += faulted.substr(next);
    return result;
}

}  // namespace sbemu
