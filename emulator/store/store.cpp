#include "emulator/store/store.h"

#include <algorithm>
#include <cstring>

#include "emulator/store/grouped_writes.h"

namespace sbemu {
namespace {

// SQL that reads the clock or rolls dice would break replay, so the store
// refuses to compile it. (A column DEFAULT escapes this check: tidy bans those.)
int forbid_nondeterminism(void*, int action, const char*, const char* function, const char*,
                          const char*) {
    if (action != SQLITE_FUNCTION) return SQLITE_OK;
    for (const char* banned :
         {"random", "randomblob", "date", "time", "datetime", "julianday", "unixepoch", "strftime",
          "current_timestamp", "current_date", "current_time"}) {
        if (sqlite3_stricmp(function, banned) == 0) return SQLITE_DENY;
    }
    return SQLITE_OK;
}

void check(sqlite3* db, int status, std::string_view sql) {
    if (status == SQLITE_OK || status == SQLITE_ROW || status == SQLITE_DONE) return;
    throw StoreError(std::string(sqlite3_errmsg(db)) + " in: " + std::string(sql));
}

}  // namespace

Statement::~Statement() {
    sqlite3_reset(handle_);
    sqlite3_clear_bindings(handle_);
}

void Statement::bind(int index, std::int64_t value) { sqlite3_bind_int64(handle_, index, value); }

void Statement::bind(int index, std::string_view value) {
    // A null pointer would bind NULL; an empty text is not that.
    sqlite3_bind_text(handle_, index, value.data() ? value.data() : "",
                      static_cast<int>(value.size()), SQLITE_STATIC);
}

void Statement::bind(int index, Bytes value) {
    sqlite3_bind_blob64(handle_, index, value.view.data() ? value.view.data() : "",
                        value.view.size(), SQLITE_STATIC);
}

void Statement::bind(int index, std::nullptr_t) { sqlite3_bind_null(handle_, index); }

bool Statement::step() {
    const int status = sqlite3_step(handle_);
    check(sqlite3_db_handle(handle_), status, sqlite3_sql(handle_));
    return status == SQLITE_ROW;
}

void Statement::column(int index, std::int64_t& out) const {
    out = sqlite3_column_int64(handle_, index);
}

void Statement::column(int index, std::string& out) const {
    const void* bytes = sqlite3_column_blob(handle_, index);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_, index));
    out.assign(bytes ? static_cast<const char*>(bytes) : "", size);
}

bool Statement::is_null(int index) const {
    return sqlite3_column_type(handle_, index) == SQLITE_NULL;
}

Store::Store(const std::string& path) {
    // Nobody asks how much memory SQLite has; to count it takes a lock at every allocation.
    [[maybe_unused]] static const int kUncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    // One thread at a time: SQLite need not lock anything for itself.
    check(db_,
          sqlite3_open_v2(path.c_str(), &db_,
                          SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                          grouped_writes()),
          path);
    sqlite3_set_authorizer(db_, forbid_nondeterminism, nullptr);
    sqlite3_busy_timeout(db_, 5000);  // somebody may be looking with the sqlite3 shell
    script("PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL");
    script("PRAGMA synchronous = FULL; PRAGMA checkpoint_fullfsync = ON");  // grouped_writes
    script("PRAGMA cache_size = -32768");  // up to 32 MB of pages in memory
    script("PRAGMA secure_delete = OFF");  // on in Debian: zeros over all that is deleted
    script("PRAGMA temp_store = MEMORY");  // also what a savepoint may have to put back
}

Store::~Store() {
    for (auto& [sql, handle] : statements_) sqlite3_finalize(handle);
    sqlite3_close(db_);
}

std::string Store::image() const {
    sqlite3_int64 size = 0;
    unsigned char* bytes = sqlite3_serialize(db_, "main", &size, 0);
    if (!bytes) throw StoreError("cannot copy the database: out of memory");
    std::string image(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    sqlite3_free(bytes);
    // Version 2 means WAL, which a database in memory cannot have
    // (https://sqlite.org/fileformat2.html, 1.3.3).
    static constexpr std::size_t kWriteVersion = 18;
    if (image.size() > kWriteVersion + 1) image[kWriteVersion] = image[kWriteVersion + 1] = 1;
    return image;
}

void Store::load(std::string_view image) {
    sqlite3* source = nullptr;
    const auto close = [&](int status) {
        const std::string reason = sqlite3_errmsg(status == SQLITE_OK ? db_ : source);
        sqlite3_close(source);
        if (status != SQLITE_OK) throw StoreError("cannot load the database: " + reason);
    };
    int status = sqlite3_open(":memory:", &source);
    if (status != SQLITE_OK) return close(status);
    const auto size = static_cast<sqlite3_int64>(image.size());
    // Read only: SQLite does not write to the bytes.
    auto* bytes = reinterpret_cast<unsigned char*>(const_cast<char*>(image.data()));
    status = sqlite3_deserialize(source, "main", bytes, size, size, SQLITE_DESERIALIZE_READONLY);
    if (status != SQLITE_OK) return close(status);
    sqlite3_backup* backup = sqlite3_backup_init(db_, "main", source, "main");
    if (!backup) {
        sqlite3_close(source);
        throw StoreError(std::string("cannot load the database: ") + sqlite3_errmsg(db_));
    }
    forget();
    sqlite3_backup_step(backup, -1);
    close(sqlite3_backup_finish(backup));
}

void Store::script(std::string_view sql) {
    prepare_to_write();
    check(db_, sqlite3_exec(db_, std::string(sql).c_str(), nullptr, nullptr, nullptr), sql);
}

void Store::checkpoint_by_hand() {
    const auto count_pages = [](void* store, sqlite3*, const char*, int pages) {
        static_cast<Store*>(store)->log_pages_ = pages;
        return SQLITE_OK;
    };
    sqlite3_wal_hook(db_, count_pages, this);  // in place of SQLite's own
}

std::int64_t Store::checkpoint() {
    int in_log = 0;
    int copied = 0;
    const int status =
        sqlite3_wal_checkpoint_v2(db_, "main", SQLITE_CHECKPOINT_PASSIVE, &in_log, &copied);
    if (status == SQLITE_BUSY || status == SQLITE_LOCKED) return 0;  // another one is under way
    check(db_, status, "checkpoint");
    return copied;
}

std::int64_t Store::checkpoint(const std::function<void()>& pause) {
    const PausesBetweenPages pauses(pause);
    return checkpoint();
}

void Store::sync_copied() {
    sqlite3_file* file = nullptr;
    check(db_, sqlite3_file_control(db_, "main", SQLITE_FCNTL_FILE_POINTER, &file), "sync");
    check(db_, file->pMethods->xSync(file, SQLITE_SYNC_NORMAL), "sync");
}

std::int64_t Store::changes() const { return sqlite3_changes64(db_); }

Statement Store::prepare(std::string_view sql) {
    sqlite3_stmt* handle = compiled(sql);
    if (!sqlite3_stmt_readonly(handle)) {
        prepare_to_write();
    } else if (is_in_transaction_ && begun_ == Begun::nothing) {
        execute("BEGIN");
        begun_ = Begun::reading;
    }
    return Statement(handle);
}

void Store::execute(std::string_view sql) {
    Statement statement(compiled(sql));
    statement.step();
}

void Store::prepare_to_write() {
    ++writes_;
    if (is_in_transaction_ && begun_ != Begun::writing) {
        // Not turned into one that writes: that fails at once if somebody else is writing.
        if (begun_ == Begun::reading) execute("COMMIT");
        begun_ = Begun::nothing;
        execute("BEGIN IMMEDIATE");
        begun_ = Begun::writing;
    }
    for (; opened_savepoints_ < savepoints_; ++opened_savepoints_) execute("SAVEPOINT step");
}

sqlite3_stmt* Store::compiled(std::string_view sql) {
    Recent& recent = recent_[(reinterpret_cast<std::uintptr_t>(sql.data()) / 8) % recent_.size()];
    if (recent.text == sql.data() && recent.size == sql.size() &&
        std::memcmp(sqlite3_sql(recent.handle), sql.data(), sql.size()) == 0) {
        return recent.handle;
    }
    auto found = statements_.find(sql);
    if (found == statements_.end()) {
        sqlite3_stmt* handle = nullptr;
        check(db_,
              sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()),
                                 SQLITE_PREPARE_PERSISTENT, &handle, nullptr),
              sql);
        found = statements_.emplace(sql, handle).first;
    }
    recent = {sql.data(), sql.size(), found->second};
    return found->second;
}

Savepoint::Savepoint(Store& store) : store_(store), level_(++store.savepoints_) {}

Savepoint::~Savepoint() {
    if (done_) return;
    if (is_opened()) {
        // After some errors SQLite has rolled everything back by itself.
        if (sqlite3_get_autocommit(store_.db_) == 0) {
            store_.execute("ROLLBACK TO step");
            store_.execute("RELEASE step");
        }
        store_.forget();
    }
    store_.opened_savepoints_ = std::min(store_.opened_savepoints_, level_ - 1);
    store_.savepoints_ = level_ - 1;
}

void Savepoint::commit() {
    if (is_opened()) {
        store_.execute("RELEASE step");
        store_.opened_savepoints_ = level_ - 1;
    }
    store_.savepoints_ = level_ - 1;
    done_ = true;
}

Transaction::Transaction(Store& store) : store_(store) { store_.is_in_transaction_ = true; }

Transaction::~Transaction() {
    if (done_) return;
    store_.forget();
    if (sqlite3_get_autocommit(store_.db_) == 0) store_.execute("ROLLBACK");
    store_.is_in_transaction_ = false;
    store_.begun_ = Store::Begun::nothing;
}

void Transaction::commit() {
    if (store_.begun_ != Store::Begun::nothing) store_.execute("COMMIT");
    store_.is_in_transaction_ = false;
    store_.begun_ = Store::Begun::nothing;
    done_ = true;
}

}  // namespace sbemu
