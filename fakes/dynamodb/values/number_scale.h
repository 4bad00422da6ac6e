// Numbers as Java's BigDecimal reads them: exponent and scale have 32 bits. So do PartiQL and the
// older value layer (facts/dynamodb-kinesis.md 1.4).
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "fakes/dynamodb/values/number.h"

namespace sbemu::dynamodb {

inline constexpr std::int64_t kMaxScale = std::numeric_limits<std::int32_t>::max();

struct NumberScale {
    bool fits = true;         // exponent and scale are within 32 bits
    std::int64_t digits = 0;  // as many as are written
    std::int64_t scale = 0;   // how many of them stand behind the point
};

// Of a text that need not be a number.
NumberScale scale_of(std::string_view text);

// Throws ValidationException: the digits before the point are counted with 32 bits, too, so that
// 1e2147483647 turns out small.
void check_magnitude(const NumberScale& scale);

// As parse_number, with the limits and the texts of BigDecimal. Throws ValidationException.
Number parse_big_decimal(std::string_view text);

}  // namespace sbemu::dynamodb
