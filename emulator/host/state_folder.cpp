#include "emulator/host/state_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace sbemu {
namespace {

namespace fs = std::filesystem;

std::runtime_error unusable(const fs::path& folder, const std::string& reason) {
    return std::runtime_error("cannot use the state folder " + folder.string() + ": " + reason);
}

// Who has the lock wrote its process id into the file.
std::string holder(int lock) {
    char text[32];
    const ssize_t size = ::pread(lock, text, sizeof text, 0);
    if (size <= 0) return "another sbemu";
    std::string number(text, static_cast<std::size_t>(size));
    while (!number.empty() && number.back() == '\n') number.pop_back();
    return "another sbemu (process " + number + ")";
}

}  // namespace

StateFolder::StateFolder(fs::path path, int lock, bool ephemeral)
    : path_(std::move(path)), lock_(lock), ephemeral_(ephemeral) {}

StateFolder StateFolder::open(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw unusable(folder, error.message());
    const fs::path absolute = fs::canonical(folder, error);
    if (error) throw unusable(folder, error.message());

    const int lock = ::open((absolute / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (lock < 0) throw unusable(absolute, std::strerror(errno));
    StateFolder opened(absolute, lock, false);  // closes the file if this fails
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) throw unusable(absolute, std::strerror(errno));
        throw StateInUse("the state folder " + absolute.string() + " is in use by " + holder(lock) +
                         ". Stop that one, or choose another folder with --state DIR, or start "
                         "with --ephemeral.");
    }
    const std::string process = std::to_string(::getpid()) + "\n";
    if (::ftruncate(lock, 0) != 0 || ::pwrite(lock, process.data(), process.size(), 0) < 0) {
        throw unusable(absolute, std::strerror(errno));
    }
    return opened;
}

StateFolder StateFolder::ephemeral() {
    std::error_code error;
    fs::path parent = fs::temp_directory_path(error);
    if (error) parent = "/tmp";
    std::string pattern = (parent / "sbemu-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) throw unusable(pattern, std::strerror(errno));
    // Children may run as another user: they may pass, not look around.
    fs::permissions(pattern, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec,
                    error);
    if (error) throw unusable(pattern, error.message());
    return {pattern, -1, true};
}

StateFolder::StateFolder(StateFolder&& other) noexcept
    : path_(std::move(other.path_)),
      lock_(std::exchange(other.lock_, -1)),
      ephemeral_(std::exchange(other.ephemeral_, false)) {}

StateFolder::~StateFolder() {
    if (lock_ >= 0) ::close(lock_);
    std::error_code ignored;
    if (ephemeral_) fs::remove_all(path_, ignored);
}

std::string StateFolder::database() const {
    return ephemeral_ ? ":memory:" : (path_ / "state.db").string();
}

}  // namespace sbemu
