// SQLite's file system, but with what a commit appends to the write-ahead log written at once.
#pragma once

#include <functional>

namespace sbemu {

// SQLite writes the header and the content of every page of a commit by themselves: some thirty
// system calls for sixteen small events. Here they are gathered until SQLite wants them to be on
// the disk, or anybody could read them. Commits must then ask for it (synchronous = FULL), which
// hands them to the operating system; checkpoints (checkpoint_fullfsync = ON) and the beginning of
// a new log reach the disk itself. That is what synchronous = NORMAL promises: after kill -9
// everything is there, after a power cut a consistent past.
//
// Registers it when it is first called, and returns its name for sqlite3_open_v2.
const char* grouped_writes();

// While it lives, this thread calls `pause` after every 64 pages that it reads from a write-ahead
// log. A checkpoint reads each page that it copies.
class PausesBetweenPages {
  public:
    explicit PausesBetweenPages(const std::function<void()>& pause);  // must not throw
    ~PausesBetweenPages();
    PausesBetweenPages(const PausesBetweenPages&) = delete;
    PausesBetweenPages& operator=(const PausesBetweenPages&) = delete;
};

}  // namespace sbemu
