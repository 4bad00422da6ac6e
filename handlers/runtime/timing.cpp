#include "handlers/runtime/timing.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <memory>
#include <random>
#include <thread>

namespace sbemu::lambda_runtime {
namespace {

std::tm utc(std::int64_t now_ms) {
    const auto seconds = static_cast<std::time_t>(now_ms / 1000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    return parts;
}

std::string formatted(std::int64_t now_ms, const char* format) {
    const std::tm parts = utc(now_ms);
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), format, &parts)};
}

}  // namespace

Timing real_timing() {
    const auto now_ms = [] {
        using std::chrono::system_clock;
        return std::chrono::duration_cast<std::chrono::milliseconds>(
                   system_clock::now().time_since_epoch())
            .count();
    };
    const auto nanoseconds = std::chrono::steady_clock::now().time_since_epoch().count();
    auto dice = std::make_shared<std::minstd_rand>(static_cast<std::uint32_t>(nanoseconds));
    return {now_ms,
            [](std::int64_t ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); },
            [dice](std::int64_t limit) {
                return std::uniform_int_distribution<std::int64_t>(1, limit)(*dice);
            }};
}

std::string amz_date(std::int64_t now_ms) { return formatted(now_ms, "%Y%m%dT%H%M%SZ"); }

std::string iso_time(std::int64_t now_ms) {
    std::array<char, 8> fraction{};
    std::snprintf(fraction.data(), fraction.size(), ".%03dZ", static_cast<int>(now_ms % 1000));
    return formatted(now_ms, "%Y-%m-%dT%H:%M:%S") + fraction.data();
}

bool Backoff::pause() {
    constexpr std::int64_t kCeilingMaxMs = 2000;
    const std::int64_t delay_ms = timing_.random_up_to(ceiling_ms_);
    ceiling_ms_ = std::min(ceiling_ms_ * 2, kCeilingMaxMs);
    if (delay_ms >= remaining_ms()) return false;
    timing_.sleep_ms(delay_ms);
    return true;
}

}  // namespace sbemu::lambda_runtime
