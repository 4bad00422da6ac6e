#include "emulator/host/checkpoints.h"

#include <sys/resource.h>

#include <chrono>
#include <limits>

#include "emulator/host/log/log.h"

namespace sbemu {
namespace {

// So few pages the writer does itself, and more if the thread cannot keep up with it. Only when
// nothing is left and nobody reads does the log begin anew.
constexpr std::int64_t kPagesLeft = 100;

constexpr int kNice = 5;

// Where no processor is to spare, whoever has one keeps it until it waits for something or the
// next tick, up to 4 ms later. So the thread gives it back after every 64 pages, 0.1 ms of work;
// not once the log has these pages: then the writer is faster, and each pause leaves more to copy.
constexpr std::chrono::microseconds kPause{100};
constexpr std::int64_t kHurry = Checkpoints::kDue + Checkpoints::kDue / 4;

}  // namespace

Checkpoints::Checkpoints(Store& store, std::string path) : store_(store), path_(std::move(path)) {
    if (path_ != ":memory:") store_.checkpoint_by_hand();
}

Checkpoints::~Checkpoints() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

bool Checkpoints::after_commit() {
    const std::int64_t pages = store_.log_pages();
    if (pages < kDue) {
        // If the thread had copied all of it, SQLite has already begun anew.
        if (nearly_done_) nearly_done_ = false;
        return false;
    }
    pages_ = pages;
    if (pages >= kMost) wait_for_thread();
    if (nearly_done_.exchange(false)) {
        store_.checkpoint();
        return true;
    }
    if (!thread_.joinable()) {
        own_ = std::make_unique<Store>(path_);
        own_->checkpoint_by_hand();
        thread_ = std::thread([this] { run(); });
    }
    {
        const std::lock_guard lock(mutex_);
        if (wanted_) return false;
        wanted_ = true;
    }
    wake_.notify_one();
    return false;
}

void Checkpoints::run() {
    // Of this thread alone. Where there are no processors to spare, what it copies is less urgent
    // than the next answer: without it, those who answer lose whole slices of 3 ms.
    setpriority(PRIO_PROCESS, 0, kNice);
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait(lock, [this] { return wanted_ || ends_; });
        if (ends_) return;
        lock.unlock();
        work_off();
        lock.lock();
        wanted_ = false;
        worked_off_.notify_one();
    }
}

void Checkpoints::wait_for_thread() {
    std::unique_lock lock(mutex_);
    worked_off_.wait(lock, [this] { return !wanted_; });
}

void Checkpoints::work_off() {
    try {
        // The last checkpoint, for which everybody waits, waits for the disk as well. So each pass
        // here does too. It leaves what has come meanwhile: as long as that is at most half of what
        // the last one left, another pass is worth it.
        std::int64_t left_before = std::numeric_limits<std::int64_t>::max();
        while (true) {
            const std::int64_t copied = own_->checkpoint([this] {
                if (pages_ < kHurry) std::this_thread::sleep_for(kPause);
            });
            own_->sync_copied();
            const std::int64_t left = pages_ - copied;
            if (left <= kPagesLeft || left > left_before / 2) break;
            left_before = left;
        }
    } catch (const StoreError& error) {
        log_error(std::string("cannot work off the write-ahead log: ") + error.what());
    }
    nearly_done_ = true;
}

}  // namespace sbemu
