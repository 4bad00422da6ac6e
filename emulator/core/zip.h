// Zip files made in memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sbemu {

struct ZipEntry {
    std::string name;
    std::string_view content;
    std::uint32_t unix_mode = 0;  // type and permissions; 0: none are noted
};

// A zip whose bytes depend on nothing but the entries: no clock in it. Throws std::runtime_error.
std::string make_zip(const std::vector<ZipEntry>& entries);

}  // namespace sbemu
