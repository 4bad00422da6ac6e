// Where the state lives: a locked folder, or one that is gone when the process ends.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

namespace sbemu {

// Another sbemu has the folder open; what() names it and says what to do.
struct StateInUse : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class StateFolder {
  public:
    // Opens or creates FOLDER and locks it. Throws StateInUse, and std::runtime_error naming the
    // folder when it cannot be used.
    static StateFolder open(const std::filesystem::path& folder);
    // A private folder in the system's place for temporary files, removed at the end.
    static StateFolder ephemeral();

    StateFolder(StateFolder&& other) noexcept;
    StateFolder& operator=(StateFolder&&) = delete;
    ~StateFolder();

    const std::filesystem::path& path() const { return path_; }
    bool is_ephemeral() const { return ephemeral_; }
    // What Store opens: FOLDER/state.db, or memory.
    std::string database() const;

  private:
    StateFolder(std::filesystem::path path, int lock, bool ephemeral);

    std::filesystem::path path_;
    int lock_ = -1;
    bool ephemeral_ = false;
};

}  // namespace sbemu
