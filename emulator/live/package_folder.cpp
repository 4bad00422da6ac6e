#include "emulator/live/package_folder.h"

#include <sys/stat.h>
#include <zip.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <vector>

namespace sbemu {
namespace {

namespace files = std::filesystem;

std::string read_bytes(const files::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path.string());
    return {std::istreambuf_iterator<char>(file), {}};
}

[[noreturn]] void fail(const files::path& folder, zip_t* archive) {
    const std::string reason = zip_strerror(archive);
    zip_discard(archive);
    throw std::runtime_error("cannot package " + folder.string() + ": " + reason);
}

void add(zip_t* archive, const files::path& folder, const files::path& path,
         const std::string& content) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0)
        throw std::runtime_error("cannot read " + path.string());
    const std::string name = path.lexically_relative(folder).generic_string();
    zip_source_t* source = zip_source_buffer(archive, content.data(), content.size(), 0);
    const zip_int64_t index =
        source ? zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8) : -1;
    if (index < 0) {
        if (source) zip_source_free(source);
        fail(folder, archive);
    }
    const auto number = static_cast<zip_uint64_t>(index);
    zip_file_set_dostime(archive, number, 0, 0x21, 0);  // 1980-01-01: no clock in it
    zip_file_set_external_attributes(archive, number, 0, ZIP_OPSYS_UNIX,
                                     static_cast<zip_uint32_t>(status.st_mode) << 16);
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
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
    zip_t* archive = target ? zip_open_from_source(target, ZIP_TRUNCATE, &error) : nullptr;
    if (!archive) throw std::runtime_error("cannot make a zip in memory");
    zip_source_keep(target);
    for (std::size_t i = 0; i < paths.size(); ++i) add(archive, folder, paths[i], contents[i]);
    if (zip_close(archive) != 0) fail(folder, archive);
    zip_source_open(target);
    zip_source_seek(target, 0, SEEK_END);
    std::string bytes(static_cast<std::size_t>(zip_source_tell(target)), '\0');
    zip_source_seek(target, 0, SEEK_SET);
    zip_source_read(target, bytes.data(), bytes.size());
    zip_source_close(target);
    zip_source_free(target);
    return bytes;
}

}  // namespace sbemu
