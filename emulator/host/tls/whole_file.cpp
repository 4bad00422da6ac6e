#include "emulator/host/tls/whole_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace sbemu {
namespace {

[[noreturn]] void fail(const char* verb, const std::filesystem::path& file, int error_number) {
    throw std::runtime_error(std::string("cannot ") + verb + " " + file.string() + ": " +
                             std::generic_category().message(error_number));
}

// Nothing when the file cannot be read; errno says why.
std::optional<std::string> content_of(const std::filesystem::path& file) {
    const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return std::nullopt;
    std::string content;
    char part[16384];
    ssize_t count = 0;
    while ((count = read(descriptor, part, sizeof part)) > 0) {
        content.append(part, static_cast<std::size_t>(count));
    }
    const int error_number = errno;
    close(descriptor);
    errno = error_number;
    if (count < 0) return std::nullopt;
    return content;
}

bool holds(const std::filesystem::path& file, std::string_view content, mode_t mode) {
    struct stat status {};
    if (stat(file.c_str(), &status) != 0 || (status.st_mode & 07777) != mode) return false;
    if (static_cast<std::size_t>(status.st_size) != content.size()) return false;
    const auto current = content_of(file);
    return current && *current == content;
}

bool write_all(int descriptor, std::string_view content) {
    while (!content.empty()) {
        const ssize_t count = write(descriptor, content.data(), content.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return false;
        content.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

}  // namespace

std::string read_whole_file(const std::filesystem::path& file) {
    auto content = content_of(file);
    if (!content) fail("read", file, errno);
    return *std::move(content);
}

void write_whole_file(const std::filesystem::path& file, std::string_view content, mode_t mode) {
    if (holds(file, content, mode)) return;
    std::error_code not_created;
    if (file.has_parent_path()) {
        std::filesystem::create_directories(file.parent_path(), not_created);
    }
    if (not_created) fail("write", file, not_created.value());
    std::string temporary = file.string() + ".XXXXXX";  // mkostemp makes it 0600
    const int descriptor = mkostemp(temporary.data(), O_CLOEXEC);
    if (descriptor < 0) fail("write", file, errno);
    bool written = write_all(descriptor, content) && fchmod(descriptor, mode) == 0;
    int error_number = errno;
    if (close(descriptor) != 0 && written) {
        written = false;
        error_number = errno;
    }
    if (written && std::rename(temporary.c_str(), file.c_str()) == 0) return;
    if (written) error_number = errno;
    unlink(temporary.c_str());
    fail("write", file, error_number);
}

}  // namespace sbemu
