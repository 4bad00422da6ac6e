#include "emulator/cli/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

namespace sbemu {
namespace {

struct Unit {
    std::string_view name;
    std::int64_t milliseconds;
};

constexpr std::array kUnits{Unit{"d", 86'400'000}, Unit{"h", 3'600'000}, Unit{"m", 60'000},
                            Unit{"s", 1'000}, Unit{"ms", 1}};
// A century: far enough, and no sum of it overflows.
constexpr std::int64_t kLongest = std::int64_t{36'525} * 86'400'000;

std::string two_units(std::int64_t large, const char* large_name, std::int64_t small,
                      const char* small_name) {
    std::string text = std::to_string(large) + large_name;
    if (small != 0) text += " " + std::to_string(small) + small_name;
    return text;
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
    std::int64_t total = 0;
    std::size_t next_unit = 0;
    if (text.empty()) return std::nullopt;
    while (!text.empty()) {
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc{} || number < 0 || number > kLongest) return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        const std::size_t length = std::min(text.find_first_of("0123456789"), text.size());
        const std::string_view name = text.substr(0, length);
        text.remove_prefix(length);
        const auto unit =
            std::find_if(kUnits.begin() + static_cast<std::ptrdiff_t>(next_unit), kUnits.end(),
                         [&](const Unit& candidate) { return candidate.name == name; });
        if (unit == kUnits.end() || number > kLongest / unit->milliseconds) return std::nullopt;
        next_unit = static_cast<std::size_t>(unit - kUnits.begin()) + 1;
        total += number * unit->milliseconds;
    }
    if (total > kLongest) return std::nullopt;
    return Duration{total};
}

std::string duration_text(Duration duration) {
    const std::int64_t total = std::max<std::int64_t>(duration.count(), 0);
    if (total < 1'000) return std::to_string(total) + " ms";
    if (total < 60'000) {
        const std::int64_t tenths = total / 100;
        return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
    }
    const std::int64_t seconds = total / 1'000;
    if (seconds < 3'600) return two_units(seconds / 60, " min", seconds % 60, " s");
    if (seconds < 86'400) return two_units(seconds / 3'600, " h", seconds % 3'600 / 60, " min");
    return two_units(seconds / 86'400, " d", seconds % 86'400 / 3'600, " h");
}

}  // namespace sbemu
