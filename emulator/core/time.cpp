#include "emulator/core/time.h"

#include <array>
#include <cstdio>

namespace sbemu {
namespace {

struct Calendar {
    int year, month, day, hour, minute, second, millisecond, weekday;
};

Calendar calendar(Time time) {
    using namespace std::chrono;
    const auto days = floor<std::chrono::days>(time);
    const year_month_day date{days};
    const hh_mm_ss clock{time - days};
    return {static_cast<int>(date.year()),
            static_cast<int>(static_cast<unsigned>(date.month())),
            static_cast<int>(static_cast<unsigned>(date.day())),
            static_cast<int>(clock.hours().count()),
            static_cast<int>(clock.minutes().count()),
            static_cast<int>(clock.seconds().count()),
            static_cast<int>(clock.subseconds().count()),
            static_cast<int>(weekday{days}.c_encoding())};
}

template <class... Args>
std::string print(const char* format, Args... args) {
    std::array<char, 128> text{};
    const int size = std::snprintf(text.data(), text.size(), format, args...);
    return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace

std::string iso_time(Time time) {
    const Calendar c = calendar(time);
    return print("%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", c.year, c.month, c.day, c.hour, c.minute,
                 c.second, c.millisecond);
}

std::string iso_time_seconds(Time time) {
    const Calendar c = calendar(time);
    return print("%04d-%02d-%02dT%02d:%02d:%02dZ", c.year, c.month, c.day, c.hour, c.minute,
                 c.second);
}

std::string compact_time(Time time) {
    const Calendar c = calendar(time);
    return print("%04d%02d%02dT%02d%02d%02dZ", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

std::string http_time(Time time) {
    static constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const Calendar c = calendar(time);
    return print("%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[static_cast<std::size_t>(c.weekday)],
                 c.day, kMonths[static_cast<std::size_t>(c.month - 1)], c.year, c.hour, c.minute,
                 c.second);
}

std::string day_path(Time time) {
    const Calendar c = calendar(time);
    return print("%04d/%02d/%02d", c.year, c.month, c.day);
}

}  // namespace sbemu
