// An empty emulator in memory, without HTTP, functions and clock, for events that bring their own.
#pragma once

#include "emulator/core/kernel.h"
#include "emulator/empty_state/empty_state.h"
#include "emulator/store/store.h"
#include "fakes/services.h"

namespace sbemu {

struct World {
    World() = default;
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    Store store{":memory:"};
    Kernel kernel{store, all_services(), empty_state()};
};

}  // namespace sbemu
