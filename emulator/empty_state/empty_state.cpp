#include "emulator/empty_state/empty_state.h"

// Set by emulator/empty_state/CMakeLists.txt.
extern "C" {
extern const char sbemu_empty_state[];
extern const char sbemu_empty_state_end[];
}

namespace sbemu {

std::string_view empty_state() { return {sbemu_empty_state, sbemu_empty_state_end}; }

}  // namespace sbemu
