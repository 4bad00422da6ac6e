// SBEMU_CHECK(x): a broken invariant is a bug in sbemu; say where and stop before it spreads.
#pragma once

namespace sbemu {

[[noreturn]] void check_failed(const char* expression, const char* file, int line);

}  // namespace sbemu

#define SBEMU_CHECK(expression)                                                    \
    do {                                                                           \
        if (!(expression)) ::sbemu::check_failed(#expression, __FILE__, __LINE__); \
    } while (false)
