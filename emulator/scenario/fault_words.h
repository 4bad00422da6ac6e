// Faults as scenarios and the command line write them:
//
//   SERVICE.OPERATION WHAT [OPTION ...]
//   invoke FUNCTION killed after DURATION | twice | cold
//   response 403 | 500 | silence | twice | late by DURATION
//
// WHAT is an AWS error code, `throttling`, `unavailable`, `expired-iterator`,
// `latency DURATION`, `drop before`, `drop half` or `silence`. Options: `times N` (0: for ever),
// `after N`, `probability P`, `resource TEXT`, `function NAME`, `caller ACCOUNT`,
// `from client|service`, `id NAME`.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "emulator/core/time.h"

namespace sbemu {

// The rule (ArmFault) that the words say; words[0] is the verb. Throws std::runtime_error.
boost::json::object fault_of_words(const std::vector<std::string>& words,
                                   const std::string& message);

// 90s, 5m, 2h, 1d, 250ms. Throws std::runtime_error.
Duration duration_of_word(const std::string& text);

}  // namespace sbemu
