// Moves what was committed from the write-ahead log into the database file, in a thread of its own:
// no call waits for the disk.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "emulator/store/store.h"

namespace sbemu {

class Checkpoints {
  public:
    // So many pages in the log, 32 MB. SQLite's own measure is 1000; but a page that is written
    // again and again is copied once, and with more pages PutItem takes an eighth of its time less
    // (docs/PERFORMANCE.md).
    static constexpr std::int64_t kDue = 8000;
    // 80 MB: whoever is faster than the disk waits for it before the log has more.
    static constexpr std::int64_t kMost = 20'000;

    // Of the database at that path, which `store` writes; it no longer does so by itself from now
    // on. Nothing to do for one in memory. The thread begins with the first checkpoint.
    Checkpoints(Store& store, std::string path);
    ~Checkpoints();  // waits for what is under way
    Checkpoints(const Checkpoints&) = delete;
    Checkpoints& operator=(const Checkpoints&) = delete;

    // To be called after commits, by the thread that has the store. True if it has ended a
    // checkpoint itself, and so has waited for the disk.
    bool after_commit();

  private:
    void run();
    void work_off();
    void wait_for_thread();

    Store& store_;
    std::string path_;
    std::unique_ptr<Store> own_;  // the thread's connection
    std::thread thread_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::condition_variable worked_off_;
    bool wanted_ = false;
    bool ends_ = false;
    std::atomic<std::int64_t> pages_{0};  // in the log, as the writer knows it
    std::atomic<bool> nearly_done_{false};
};

}  // namespace sbemu
