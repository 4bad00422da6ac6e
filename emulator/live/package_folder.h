// A function's folder as the package that would be uploaded.
#pragma once

#include <filesystem>
#include <string>

namespace sbemu {

// The bytes of a zip with everything in and below the folder, permissions kept; or of the file
// itself if it is a zip. Throws std::runtime_error saying what is wrong.
std::string package_of(const std::filesystem::path& folder_or_zip);

}  // namespace sbemu
