// The service "sbemu": how the host and scenarios steer the kernel itself.
#pragma once

#include "emulator/core/service.h"

namespace sbemu::control {

// Signals: Pulse (a timer is due), Restarted (the state was opened again),
// ArmFault (a rule as docs/faults.md has it: {Id}), ListFaults, FaultLog, ClearFaults {Id?},
// ClockMoved (a virtual clock was moved to the event's time), SetLatency {Mode} (latency.h).
const Service& service();

}  // namespace sbemu::control
