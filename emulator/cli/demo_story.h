// The Streambot story, told while it happens: what `sbemu demo` prints.
#pragma once

#include <filesystem>
#include <stdexcept>

#include "emulator/cli/client.h"

namespace sbemu {

// A step did not go as it should have.
struct DemoFailure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Where the function packages lie: beside the program.
struct DemoPackages {
    std::string streambot;  // bytes of streambot.zip
    std::string example;    // bytes of example-service.zip
};

// Throws CommandError, saying how to get them, if they are not in the folder.
DemoPackages demo_packages(const std::filesystem::path& folder);

// Plays the whole story on the emulator the client speaks to, and prints it. Throws DemoFailure
// and CommandError.
void tell_demo_story(const Client& client, const DemoPackages& packages);

}  // namespace sbemu
