// Zip files made in memory.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sbemu {

struct ZipEntry {
    std::string name;
    std::string_view content;
};

// A zip whose bytes depend on nothing but the entries: no clock in it.
std::string make_zip(const std::vector<ZipEntry>& entries);

}  // namespace sbemu
