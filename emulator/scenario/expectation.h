// What a step must answer: exactly a text, or a subset of the answer's JSON.
#pragma once

#include <string>

#include "emulator/scenario/scenario.h"

namespace sbemu {

struct Compared {
    bool same = false;
    std::string updated;  // the expectation that would have matched
    // What is different, each line ending with '\n'.
    std::string shown_expected;
    std::string shown_actual;
};

Compared compare(const Step& step, const std::string& actual);

}  // namespace sbemu
