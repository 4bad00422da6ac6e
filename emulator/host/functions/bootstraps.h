// The runtimes of sbemu (emulator/host/runtimes), embedded, as files that an interpreter can run.
#pragma once

#include <filesystem>

namespace sbemu {

// Write the file into FOLDER unless it is there already, and return its path. Throw
// std::runtime_error naming the file when it cannot be written.
std::filesystem::path write_node_bootstrap(const std::filesystem::path& folder);
std::filesystem::path write_python_bootstrap(const std::filesystem::path& folder);

}  // namespace sbemu
