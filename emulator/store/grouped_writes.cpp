#include "emulator/store/grouped_writes.h"

#include <sqlite3.h>

#include <new>
#include <string>

namespace sbemu {
namespace {

constexpr const char* kName = "sbemu-grouped-writes";
// Larger commits are written in pieces. (SQLite's own writing would take no more than 128 KB.)
constexpr std::size_t kMostGathered = 32UL * 1024;
constexpr int kPagesBetweenPauses = 64;

thread_local const std::function<void()>* pause_between_pages = nullptr;
thread_local int pages_since_pause = 0;

sqlite3_vfs* operating_system() { return sqlite3_vfs_find(nullptr); }

// A write-ahead log. The file of the operating system comes right behind it in memory.
struct LogFile {
    sqlite3_file file;  // what SQLite sees
    std::string* gathered;
    sqlite3_int64 begins;  // where the gathered bytes belong
};
static_assert(sizeof(LogFile) % alignof(void*) == 0);

LogFile& log_of(sqlite3_file* file) { return *reinterpret_cast<LogFile*>(file); }
sqlite3_file* real(sqlite3_file* file) {
    return reinterpret_cast<sqlite3_file*>(reinterpret_cast<LogFile*>(file) + 1);
}

int write_gathered(sqlite3_file* file) {
    LogFile& log = log_of(file);
    if (log.gathered->empty()) return SQLITE_OK;
    const int status = real(file)->pMethods->xWrite(
        real(file), log.gathered->data(), static_cast<int>(log.gathered->size()), log.begins);
    log.gathered->clear();
    return status;
}

int close(sqlite3_file* file) {
    const int written = write_gathered(file);
    const int closed = real(file)->pMethods->xClose(real(file));
    delete log_of(file).gathered;
    return written == SQLITE_OK ? closed : written;
}

int read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
    const int written = write_gathered(file);
    if (written != SQLITE_OK) return written;
    if (pause_between_pages && ++pages_since_pause >= kPagesBetweenPauses) {
        pages_since_pause = 0;
        (*pause_between_pages)();
    }
    return real(file)->pMethods->xRead(real(file), out, size, offset);
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    LogFile& log = log_of(file);
    const std::size_t gathered = log.gathered->size();
    if (offset != log.begins + static_cast<sqlite3_int64>(gathered) ||
        gathered + static_cast<std::size_t>(size) > kMostGathered) {
        const int written = write_gathered(file);
        if (written != SQLITE_OK) return written;
    }
    try {
        if (log.gathered->empty()) {
            log.begins = offset;
            log.gathered->reserve(kMostGathered);
        }
        log.gathered->append(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
    } catch (const std::bad_alloc&) {
        return SQLITE_IOERR_NOMEM;
    }
    return SQLITE_OK;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    const int written = write_gathered(file);
    if (written != SQLITE_OK) return written;
    return real(file)->pMethods->xTruncate(real(file), size);
}

// SQLITE_SYNC_NORMAL is a commit, SQLITE_SYNC_FULL everything else (checkpoint_fullfsync).
int sync(sqlite3_file* file, int flags) {
    const int written = write_gathered(file);
    if (written != SQLITE_OK || (flags & 0x0f) != SQLITE_SYNC_FULL) return written;
    return real(file)->pMethods->xSync(real(file), flags);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    const int written = write_gathered(file);
    if (written != SQLITE_OK) return written;
    return real(file)->pMethods->xFileSize(real(file), size);
}

int lock(sqlite3_file* file, int kind) { return real(file)->pMethods->xLock(real(file), kind); }
int unlock(sqlite3_file* file, int kind) { return real(file)->pMethods->xUnlock(real(file), kind); }
int check_reserved_lock(sqlite3_file* file, int* is_reserved) {
    return real(file)->pMethods->xCheckReservedLock(real(file), is_reserved);
}
int file_control(sqlite3_file* file, int operation, void* argument) {
    return real(file)->pMethods->xFileControl(real(file), operation, argument);
}
int sector_size(sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); }
int device_characteristics(sqlite3_file* file) {
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

const sqlite3_io_methods kLogMethods = {1,
                                        close,
                                        read,
                                        write,
                                        truncate,
                                        sync,
                                        file_size,
                                        lock,
                                        unlock,
                                        check_reserved_lock,
                                        file_control,
                                        sector_size,
                                        device_characteristics,
                                        nullptr,
                                        nullptr,
                                        nullptr,
                                        nullptr,
                                        nullptr,
                                        nullptr};

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* flags_out) {
    sqlite3_vfs* const below = operating_system();
    if ((flags & SQLITE_OPEN_WAL) == 0) return below->xOpen(below, name, file, flags, flags_out);
    file->pMethods = nullptr;  // nothing to close if it cannot be opened
    auto* gathered = new (std::nothrow) std::string;
    if (!gathered) return SQLITE_NOMEM;
    const int status = below->xOpen(below, name, real(file), flags, flags_out);
    if (status != SQLITE_OK) {
        if (real(file)->pMethods) real(file)->pMethods->xClose(real(file));
        delete gathered;
        return status;
    }
    log_of(file).gathered = gathered;
    log_of(file).begins = 0;
    file->pMethods = &kLogMethods;
    return SQLITE_OK;
}

}  // namespace

PausesBetweenPages::PausesBetweenPages(const std::function<void()>& pause) {
    pause_between_pages = &pause;
    pages_since_pause = 0;
}

PausesBetweenPages::~PausesBetweenPages() { pause_between_pages = nullptr; }

const char* grouped_writes() {
    static const char* const kRegistered = [] {
        static sqlite3_vfs vfs = *operating_system();
        vfs.zName = kName;
        vfs.pNext = nullptr;
        vfs.szOsFile += static_cast<int>(sizeof(LogFile));
        vfs.xOpen = open;
        sqlite3_vfs_register(&vfs, 0);
        return kName;
    }();
    return kRegistered;
}

}  // namespace sbemu
