// Words that cannot stand as attribute names in expressions, only behind a #name.
#pragma once

#include <string_view>

namespace sbemu::dynamodb {

// Whatever the case of its letters.
bool is_reserved_word(std::string_view word);

}  // namespace sbemu::dynamodb
