// Unpacks a function's package, a zip file, into a folder.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string_view>

namespace sbemu {

// A package that cannot be unpacked; what() names the entry and says why.
struct PackageError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Unpacks the zip into FOLDER, which must not exist, keeping permissions (0644 and 0755 where the
// zip has none), but that no file can be written to. Entries never leave the folder: absolute
// names, "..", and symbolic links that lead out are refused. Throws PackageError; what was unpacked
// until then stays behind.
void unpack_package(std::string_view zip, const std::filesystem::path& folder);

}  // namespace sbemu
