#include "emulator/live/package_folder.h"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "emulator/core/zip.h"

namespace sbemu {
namespace {

namespace files = std::filesystem;

std::string read_bytes(const files::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path.string());
    return {std::istreambuf_iterator<char>(file), {}};
}

std::uint32_t mode_of(const files::path& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0)
        throw std::runtime_error("cannot read " + path.string());
    return status.st_mode;
}

}  // namespace

std::string package_of(const files::path& folder) {
    if (!files::exists(folder)) throw std::runtime_error("there is no " + folder.string());
    if (!files::is_directory(folder)) {
        std::string bytes = read_bytes(folder);
        if (bytes.starts_with("PK")) return bytes;
        throw std::runtime_error(folder.string() + " is neither a folder nor a zip");
    }
    std::vector<files::path> paths;
    for (const auto& entry : files::recursive_directory_iterator(folder)) {
        if (entry.is_symlink() || entry.is_regular_file()) paths.push_back(entry.path());
    }
    if (paths.empty()) throw std::runtime_error(folder.string() + " has no files");
    std::sort(paths.begin(), paths.end());
    std::vector<std::string> contents;
    for (const files::path& path : paths) {
        contents.push_back(files::is_symlink(path) ? files::read_symlink(path).string()
                                                   : read_bytes(path));
    }
    std::vector<ZipEntry> entries;
    for (std::size_t i = 0; i < paths.size(); ++i) {
        entries.push_back(
            {paths[i].lexically_relative(folder).generic_string(), contents[i], mode_of(paths[i])});
    }
    return make_zip(entries);
}

}  // namespace sbemu
