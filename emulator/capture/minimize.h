// Makes a capture smaller as long as something is still wrong with it: delta debugging (Zeller and
// Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002).
#pragma once

#include <functional>

#include "emulator/capture/capture.h"

namespace sbemu {

struct MinimizeProgress {
    std::size_t events = 0;   // from outside, that are left
    std::size_t entries = 0;  // in their batches
    std::size_t tries = 0;
};

// Whether what is looked for is still there.
using StillFails = std::function<bool(const Capture&)>;

// Leaves out events that came from outside, then entries of their batches (Records, Entries, those
// of an invocation's event), until nothing more can be left out. What follows from the events that
// are left (timers, invocations as captured) is worked out anew for each try. `fails` must be true
// of the capture as it is told again without a change; else throws CaptureError.
Capture minimize(const Capture& capture, const StillFails& fails,
                 const std::function<void(const MinimizeProgress&)>& progress);

}  // namespace sbemu
