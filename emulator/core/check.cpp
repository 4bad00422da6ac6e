#include "emulator/core/check.h"

#include <cstdio>
#include <cstdlib>

namespace sbemu {

void check_failed(const char* expression, const char* file, int line) {
    std::fprintf(stderr, "sbemu: broken invariant: %s (%s:%d). This is a bug; please report it.\n",
                 expression, file, line);
    std::abort();
}

}  // namespace sbemu
