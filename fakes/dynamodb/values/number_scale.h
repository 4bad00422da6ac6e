// Numbers in PartiQL are read as Java's BigDecimal reads them: exponent and scale have 32 bits.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

namespace sbemu::dynamodb::partiql {

inline constexpr std::int64_t kMaxScale = std::numeric_limits<std::int32_t>::max();

struct NumberScale {
    bool fits = true;         // exponent and scale are within 32 bits
    std::int64_t digits = 0;  // as many as are written
    std::int64_t scale = 0;   // how many of them stand behind the point
};

// Of a text that need not be a number.
NumberScale scale_of(std::string_view text);

}  // namespace sbemu::dynamodb::partiql
