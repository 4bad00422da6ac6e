// Whole states kept under a name: in the state folder, or in memory with an ephemeral state.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sbemu {

// A name that is none, or not there; what() says so and what there is.
struct SnapshotError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class Snapshots {
  public:
    // FOLDER/NAME.db; nothing: in memory.
    explicit Snapshots(std::optional<std::filesystem::path> folder) : folder_(std::move(folder)) {}

    // Replaces one of the same name. All throw SnapshotError.
    void save(const std::string& name, std::string image);
    std::string load(const std::string& name) const;
    void remove(const std::string& name);
    std::vector<std::string> names() const;  // sorted

  private:
    std::filesystem::path file_of(const std::string& name) const;
    SnapshotError unknown(const std::string& name) const;

    std::optional<std::filesystem::path> folder_;
    std::map<std::string, std::string> in_memory_;
};

}  // namespace sbemu
