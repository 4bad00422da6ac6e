// The client's clock, sleep and dice in one place, so that tests retry without waiting.
#pragma once
#include <cstdint>
#include <functional>
#include <string>

namespace sbemu::lambda_runtime {

struct Timing {
    std::function<std::int64_t()> now_ms;  // since the epoch
    std::function<void(std::int64_t)> sleep_ms;
    std::function<std::int64_t(std::int64_t)> random_up_to;  // uniform in 1..limit
};

// The machine's clock and a generator seeded by it.
Timing real_timing();

// 20150830T123600Z
std::string amz_date(std::int64_t now_ms);
// 2015-08-30T12:36:00.000Z
std::string iso_time(std::int64_t now_ms);

// Exponential backoff with full jitter: the n-th pause is uniform in 1..min(2 s, 50 ms * 2^n)
// (streambot.md 4.5 measured 50 ms * 2^n without a bound; a bound keeps the last tries close).
class Backoff {
  public:
    Backoff(const Timing& timing, std::int64_t give_up_at_ms)
        : timing_(timing), give_up_at_ms_(give_up_at_ms) {}

    // Sleeps before the next try; false, at once, when that try would begin too late.
    bool pause();

    std::int64_t remaining_ms() const { return give_up_at_ms_ - timing_.now_ms(); }

  private:
    const Timing& timing_;
    std::int64_t give_up_at_ms_;
    std::int64_t ceiling_ms_ = 50;
};

}  // namespace sbemu::lambda_runtime
