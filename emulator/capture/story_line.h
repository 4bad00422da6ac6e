// A capture taken apart: what came from outside, and what the functions did.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "emulator/capture/capture.h"

namespace sbemu {

// What one invocation did, in the capture.
struct Transcript {
    std::string invocation;            // InvocationId
    std::string function;              // ARN
    std::string payload;               // its event
    std::vector<CapturedEvent> calls;  // also its PUTs to ResponseURLs, in order
    std::optional<CapturedEvent> started;
    std::optional<CapturedEvent> ended;  // nothing if the capture ends before
};

struct StoryLine {
    std::vector<CapturedEvent> outside;   // calls of clients, faults, moves of the clock
    std::vector<Transcript> transcripts;  // in the order of their starts
    std::vector<CapturedEvent> pulses;
};

// Replays the capture to learn the payloads of its invocations. Throws CaptureError.
StoryLine take_apart(const Capture& capture);

// "lambda.InvocationStarted" and the like: what sbemu itself tells the kernel.
bool is_call(const Event& event, std::string_view name);

// The name in a function's ARN, without a qualifier.
std::string function_name_of(const std::string& arn);

// Whether somebody who writes `wanted` means the function: its ARN, its name, or the logical id
// that CloudFormation made the name of ("Slug" of stack-Slug-DroORSETK4GF).
bool is_function(const std::string& arn, const std::string& wanted);

}  // namespace sbemu
