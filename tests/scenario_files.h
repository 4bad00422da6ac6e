// The committed scenarios.
#pragma once

#include <algorithm>
#include <filesystem>
#include <vector>

namespace sbemu {

// In the order of their names; tests run in the repository's root.
inline std::vector<std::filesystem::path> committed_scenarios() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator("scenarios")) {
        if (entry.path().extension() == ".scenario") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace sbemu
