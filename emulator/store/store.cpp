#include "emulator/store/store.h"

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
    check(db_, sqlite3_open(path.c_str(), &db_), path);
    sqlite3_set_authorizer(db_, forbid_nondeterminism, nullptr);
    sqlite3_busy_timeout(db_, 5000);  // somebody may be looking with the sqlite3 shell
    script("PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
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
    constexpr std::size_t kWriteVersion = 18;
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
    sqlite3_backup_step(backup, -1);
    close(sqlite3_backup_finish(backup));
}

void Store::script(std::string_view sql) {
    check(db_, sqlite3_exec(db_, std::string(sql).c_str(), nullptr, nullptr, nullptr), sql);
}

std::int64_t Store::changes() const { return sqlite3_changes64(db_); }

Statement Store::prepare(std::string_view sql) {
    auto found = statements_.find(sql);
    if (found == statements_.end()) {
        sqlite3_stmt* handle = nullptr;
        check(db_,
              sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()),
                                 SQLITE_PREPARE_PERSISTENT, &handle, nullptr),
              sql);
        found = statements_.emplace(sql, handle).first;
    }
    return Statement(found->second);
}

Savepoint::Savepoint(Store& store) : store_(store) { store_.run("SAVEPOINT step"); }

Savepoint::~Savepoint() {
    if (done_) return;
    store_.run("ROLLBACK TO step");
    store_.run("RELEASE step");
}

void Savepoint::commit() {
    store_.run("RELEASE step");
    done_ = true;
}

Transaction::Transaction(Store& store) : store_(store) { store_.run("BEGIN IMMEDIATE"); }

Transaction::~Transaction() {
    if (!done_) store_.run("ROLLBACK");
}

void Transaction::commit() {
    store_.run("COMMIT");
    done_ = true;
}

}  // namespace sbemu
