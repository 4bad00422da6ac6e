#include "emulator/host/snapshots.h"

#include <algorithm>
#include <fstream>

namespace sbemu {
namespace {

namespace files = std::filesystem;

constexpr std::size_t kLongestName = 64;
constexpr std::string_view kLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

void check_name(const std::string& name) {
    if (!name.empty() && name.size() <= kLongestName && name.front() != '.' &&
        name.find_first_not_of(kLetters) == std::string::npos) {
        return;
    }
    throw SnapshotError("'" + name +
                        "' is no name for a snapshot: letters, digits, '.', '_' and '-', at most "
                        "64, and no '.' in front");
}

}  // namespace

files::path Snapshots::file_of(const std::string& name) const { return *folder_ / (name + ".db"); }

SnapshotError Snapshots::unknown(const std::string& name) const {
    std::string message = "there is no snapshot '" + name + "'";
    const std::vector<std::string> known = names();
    for (std::size_t i = 0; i < known.size(); ++i) {
        message += (i == 0 ? "; there are " : ", ") + known[i];
    }
    if (known.empty()) message += ", nor any other; sbemu snapshot save NAME makes one";
    return SnapshotError(message);
}

// Whole or not at all: under another name first.
void Snapshots::save(const std::string& name, std::string image) {
    check_name(name);
    if (!folder_) {
        in_memory_[name] = std::move(image);
        return;
    }
    std::error_code error;
    files::create_directories(*folder_, error);
    const files::path unfinished = file_of(name).string() + ".unfinished";
    std::ofstream file(unfinished, std::ios::binary);
    file << image;
    file.close();
    if (file) files::rename(unfinished, file_of(name), error);
    if (!file || error) {
        files::remove(unfinished, error);
        throw SnapshotError("cannot write " + file_of(name).string());
    }
}

std::string Snapshots::load(const std::string& name) const {
    check_name(name);
    if (!folder_) {
        const auto found = in_memory_.find(name);
        if (found == in_memory_.end()) throw unknown(name);
        return found->second;
    }
    std::ifstream file(file_of(name), std::ios::binary);
    if (!file) throw unknown(name);
    return {std::istreambuf_iterator<char>(file), {}};
}

void Snapshots::remove(const std::string& name) {
    check_name(name);
    std::error_code error;
    const bool was_there =
        folder_ ? files::remove(file_of(name), error) : in_memory_.erase(name) > 0;
    if (!was_there) throw unknown(name);
}

std::vector<std::string> Snapshots::names() const {
    std::vector<std::string> names;
    for (const auto& [name, image] : in_memory_) names.push_back(name);
    std::error_code ignored;
    if (folder_) {
        for (const auto& entry : files::directory_iterator(*folder_, ignored)) {
            if (entry.path().extension() == ".db") names.push_back(entry.path().stem().string());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace sbemu
