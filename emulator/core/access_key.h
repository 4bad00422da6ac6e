// Access key ids that carry their account: whose request is it, told from the key alone.
//
// AWS's own key ids hold the account number: of the 16 base32 characters behind the prefix
// ("ASIA"), bits 1 to 40 are the account (observed by many; AWS offers it as GetAccessKeyInfo).
// sbemu issues temporary keys of the same form, and marks them with a check in the last 12 bits,
// so that a real key in somebody's environment is not taken for one of ours.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "emulator/core/random.h"

namespace sbemu {

// A new temporary key id ("ASIA...", 20 characters) of the account (twelve digits).
std::string temporary_access_key(Random& random, std::string_view account);

// The account a key id stands for: a key of twelve digits is itself the account, a temporary key
// issued by sbemu holds it. Nothing for any other key.
std::optional<std::string> account_of_access_key(std::string_view access_key);

}  // namespace sbemu
