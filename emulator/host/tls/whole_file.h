// Reads and writes small files whole.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace sbemu {

// Throws std::runtime_error naming the file and the reason.
std::string read_whole_file(const std::filesystem::path& file);

// Creates the folder when missing. Readers see the old content or the new, never a part. Leaves
// the file alone when it holds `content` with `mode` already. Throws std::runtime_error naming the
// file and the reason.
void write_whole_file(const std::filesystem::path& file, std::string_view content, mode_t mode);

}  // namespace sbemu
