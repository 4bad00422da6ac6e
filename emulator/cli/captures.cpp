#include "emulator/cli/captures.h"

#include <filesystem>
#include <fstream>
#include <iostream>

#include "emulator/capture/save.h"
#include "emulator/cli/command.h"
#include "emulator/cli/terminal.h"
#include "emulator/cli/version.h"
#include "emulator/store/store.h"

namespace sbemu {

Capture read_capture(const std::string& file) {
    const std::string text = read_file(file);
    try {
        return parse_capture(text);
    } catch (const CaptureError& error) {
        throw CommandError(file + ", " + error.what() + ".");
    }
}

void write_whole_file(const std::string& file, const std::string& text) {
    const std::string unfinished = file + ".unfinished";
    std::ofstream stream(unfinished, std::ios::binary);
    stream << text;
    stream.close();
    std::error_code error;
    if (stream) std::filesystem::rename(unfinished, file, error);
    if (!stream || error) {
        std::filesystem::remove(unfinished, error);
        throw CommandError("cannot write " + file + ".");
    }
}

void save_capture_of(const std::string& image, const std::string& file, const CaptureFlags& flags) {
    SavedCapture saved;
    std::string text;
    try {
        Store log(":memory:");
        log.load(image);
        saved = save_capture(log, {version(), flags.with_code, flags.redact});
        text = print_capture(saved.capture);
    } catch (const CaptureError& error) {
        throw CommandError(std::string(error.what()) + ".");
    }
    write_whole_file(file, text);
    for (const std::string& warning : saved.warnings) {
        std::cerr << "sbemu: note: " << warning << ".\n";
    }
    std::cerr << file << ": " << saved.capture.events.size() << " events, "
              << size_text(text.size()) << ", unseed " << unseed_of(saved.capture) << "\n";
    for (const WithheldCode& code : saved.capture.withheld) {
        std::cerr << "  without the code of ";
        if (code.functions.empty()) std::cerr << "a package that no function has any more";
        for (std::size_t i = 0; i < code.functions.size(); ++i) {
            std::cerr << (i == 0 ? "" : ", ")
                      << code.functions[i].substr(code.functions[i].rfind(':') + 1);
        }
        std::cerr << " (" << size_text(static_cast<std::size_t>(code.bytes))
                  << "; --with-code keeps it)\n";
    }
}

std::string name_of(const CapturedEvent& captured) {
    const Event& event = captured.event;
    return "event " + std::to_string(captured.number) + ", " + iso_time(event.at) + ", " +
           event.service + "." + event.operation;
}

}  // namespace sbemu
