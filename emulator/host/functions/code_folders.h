// The unpacked packages of functions: one folder per package, shared by every process that runs
// it. Functions find theirs as LAMBDA_TASK_ROOT. Nothing there is changed once it is unpacked,
// except that Python keeps its compiled modules beside their sources.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sbemu {

// Belongs to the thread that runs the io_context; unpacking has a thread of its own.
class CodeFolders {
  public:
    struct Result {
        std::filesystem::path folder;
        std::string error;  // why there is no folder; empty if there is
    };
    using Callback = std::function<void(const Result&)>;
    // Gives a package's bytes; may throw.
    using Fetch = std::function<std::string(const std::string& hash)>;

    // Packages are unpacked to PARENT/<hash>; what earlier runs unpacked there is used.
    CodeFolders(boost::asio::io_context& io, std::filesystem::path parent, Fetch fetch);
    ~CodeFolders();

    // Calls back with the package's folder, at once if it is there already.
    void get(const std::string& hash, Callback callback);
    // Nothing uses the package any more: its folder is removed.
    void drop(const std::string& hash);
    // Runs work that may block, then `done` in the io_context's thread.
    void run_aside(std::function<void()> work, std::function<void()> done);

  private:
    bool is_unpacked(const std::string& hash) const;
    void unpack(const std::string& hash);

    boost::asio::io_context& io_;
    std::filesystem::path parent_;
    Fetch fetch_;
    std::set<std::string> ready_;
    std::map<std::string, std::vector<Callback>> unpacking_;
    std::set<std::string> dropped_;                         // on its way to be removed, or removed
    std::shared_ptr<int> alive_ = std::make_shared<int>();  // until this is destroyed
    std::optional<boost::asio::thread_pool> thread_;        // started when first needed
};

}  // namespace sbemu
