#include "emulator/host/functions/code_folders.h"

#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <system_error>

#include "emulator/host/functions/package.h"
#include "emulator/host/log/log.h"

namespace sbemu {
namespace {

namespace asio = boost::asio;
namespace filesystem = std::filesystem;

// Folders that are not whole, or no longer wanted: a later run removes what a killed one left.
constexpr std::string_view kUnfinished = ".unfinished";

void remove_unfinished(const filesystem::path& parent) {
    std::error_code ignored;
    for (const auto& entry : filesystem::directory_iterator(parent, ignored)) {
        if (entry.path().extension() == kUnfinished) filesystem::remove_all(entry.path(), ignored);
    }
}

// Unpacks under another name first: a folder of the right name is always whole.
std::string unpack_whole(const std::string& zip, const filesystem::path& folder) {
    const filesystem::path unfinished = folder.string() + std::string(kUnfinished);
    std::error_code ignored;
    try {
        filesystem::create_directories(folder.parent_path());
        filesystem::remove_all(unfinished, ignored);
        unpack_package(zip, unfinished);
        filesystem::rename(unfinished, folder);
        return {};
    } catch (const std::exception& error) {
        filesystem::remove_all(unfinished, ignored);
        return error.what();
    }
}

void remove_folder(const filesystem::path& folder) {
    const filesystem::path unfinished = folder.string() + std::string(kUnfinished);
    std::error_code error;
    filesystem::rename(folder, unfinished, error);
    if (!error) filesystem::remove_all(unfinished, error);
    if (error) log_warning("cannot remove " + folder.string() + ": " + error.message());
}

}  // namespace

CodeFolders::CodeFolders(asio::io_context& io, filesystem::path parent, Fetch fetch)
    : io_(io), parent_(filesystem::absolute(parent)), fetch_(std::move(fetch)) {}

CodeFolders::~CodeFolders() {
    if (!thread_) return;
    thread_->stop();
    thread_->join();
}

void CodeFolders::run_aside(std::function<void()> work, std::function<void()> done) {
    if (!thread_) {
        thread_.emplace(1);  // one: what it is given happens in order
        asio::post(*thread_, [parent = parent_] { remove_unfinished(parent); });
    }
    asio::post(*thread_,
               [work = std::move(work), done = std::move(done), &io = io_,
                alive = std::weak_ptr<int>(alive_), guard = asio::make_work_guard(io_)]() mutable {
                   work();
                   asio::post(io, [done = std::move(done), alive = std::move(alive)] {
                       if (!alive.expired()) done();
                   });
               });
}

bool CodeFolders::is_unpacked(const std::string& hash) const {
    if (ready_.contains(hash)) return true;
    std::error_code ignored;
    return !dropped_.contains(hash) && filesystem::is_directory(parent_ / hash, ignored);
}

void CodeFolders::get(const std::string& hash, Callback callback) {
    if (is_unpacked(hash)) {
        ready_.insert(hash);
        callback({parent_ / hash, {}});
        return;
    }
    std::vector<Callback>& waiting = unpacking_[hash];
    waiting.push_back(std::move(callback));
    if (waiting.size() == 1) unpack(hash);
}

void CodeFolders::unpack(const std::string& hash) {
    auto result = std::make_shared<Result>();
    result->folder = parent_ / hash;
    const auto done = [this, hash, result] {
        dropped_.erase(hash);
        if (result->error.empty()) ready_.insert(hash);
        const auto waiting = unpacking_.extract(hash);
        for (const Callback& callback : waiting.mapped()) callback(*result);
    };
    auto zip = std::make_shared<std::string>();
    try {
        *zip = fetch_(hash);
    } catch (const std::exception& error) {
        result->error = error.what();
    }
    run_aside(
        [zip, result] {
            if (result->error.empty()) result->error = unpack_whole(*zip, result->folder);
        },
        done);
}

void CodeFolders::drop(const std::string& hash) {
    if (unpacking_.contains(hash) || ready_.erase(hash) == 0) return;
    dropped_.insert(hash);
    run_aside([folder = parent_ / hash] { remove_folder(folder); }, [] {});
}

}  // namespace sbemu
