// Captures as commands read and write them.
#pragma once

#include <string>
#include <vector>

#include "emulator/capture/capture.h"
#include "emulator/cli/command_line.h"

namespace sbemu {

// "-" is standard input. Throws CommandError naming the file and the line.
Capture read_capture(const std::string& file);
// Whole or not at all. Throws CommandError.
void write_whole_file(const std::string& file, const std::string& text);

struct CaptureFlags {
    bool with_code = false;
    std::vector<std::string> redact;
};

// Saves the log in an image of a state (Store::image) and says what was saved, and what is to be
// known about it, on standard error. Throws CommandError.
void save_capture_of(const std::string& image, const std::string& file, const CaptureFlags& flags);

// --with-code and --redact, with `prefix` before the words.
void add_capture_flags(const Command& command, CaptureFlags& flags, const std::string& prefix);

// "event 17, 2017-03-01T00:00:00.000Z, dynamodb.PutItem"
std::string name_of(const CapturedEvent& captured);

}  // namespace sbemu
