// The only source of randomness: splitmix64, seeded by the event being applied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "emulator/core/time.h"

namespace sbemu {

class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next();
    std::uint64_t below(std::uint64_t bound);  // 0 .. bound-1; bound > 0

    std::string text(std::size_t length, std::string_view alphabet);
    std::string hex(std::size_t length);
    std::string uuid();                // version 4
    std::string time_uuid(Time time);  // version 1, as stack ids are: the time is in it

  private:
    std::uint64_t state_;
};

inline constexpr std::string_view kAlphanumeric =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
inline constexpr std::string_view kUpperAlphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
inline constexpr std::string_view kLowerAlphanumeric = "abcdefghijklmnopqrstuvwxyz0123456789";

}  // namespace sbemu
