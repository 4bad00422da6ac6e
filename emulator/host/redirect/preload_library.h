// The library that is preloaded into children: its bytes are part of this program.
#pragma once

#include <filesystem>
#include <string_view>

namespace sbemu {

// The whole ELF file.
std::string_view preload_library();

// Writes it into the folder, atomically, for everyone to read and execute, and returns its path.
// Throws std::runtime_error naming the file.
std::filesystem::path write_preload_library(const std::filesystem::path& folder);

}  // namespace sbemu
