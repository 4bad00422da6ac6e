// SQLite behind four verbs: run, find, list, script. One connection, one thread.
#pragma once

#include <sqlite3.h>

#include <any>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace sbemu {

// SQLite refused: the file is damaged, the disk is full, or the SQL is wrong.
struct StoreError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Bytes that are bound as a BLOB instead of TEXT.
struct Bytes {
    std::string_view view;
};

// One use of a cached prepared statement. The bound values must outlive it.
class Statement {
  public:
    explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}
    ~Statement();  // resets, so that the cached handle can be used again
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    void bind(int index, std::int64_t value);
    void bind(int index, std::string_view value);
    void bind(int index, Bytes value);
    void bind(int index, std::nullptr_t);
    template <class T>
    void bind(int index, const std::optional<T>& value) {
        if (value) {
            bind(index, *value);
        } else {
            bind(index, nullptr);
        }
    }

    bool step();  // true while there is a row
    void column(int index, std::int64_t& out) const;
    void column(int index, std::string& out) const;
    template <class T>
    void column(int index, std::optional<T>& out) const {
        if (is_null(index)) {
            out.reset();
        } else {
            column(index, out.emplace());
        }
    }

  private:
    bool is_null(int index) const;

    sqlite3_stmt* handle_;
};

class Store {
  public:
    // Opens or creates the file; ":memory:" keeps everything in memory. Throws StoreError.
    explicit Store(const std::string& path);
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    // The whole database as the bytes of a file.
    std::string image() const;
    // Replaces the whole database by such an image, in one transaction. Throws StoreError.
    void load(std::string_view image);

    // Runs several statements that take no values.
    void script(std::string_view sql);

    // Runs a statement that returns no rows.
    template <class... Args>
    void run(std::string_view sql, const Args&... args) {
        Statement statement = prepare(sql);
        bind_all(statement, args...);
        while (statement.step()) {
        }
    }

    // The first row, or nothing.
    template <class... Columns, class... Args>
    std::optional<std::tuple<Columns...>> find(std::string_view sql, const Args&... args) {
        Statement statement = prepare(sql);
        bind_all(statement, args...);
        if (!statement.step()) return std::nullopt;
        return read_row<Columns...>(statement);
    }

    // The first column of the first row, or nothing.
    template <class Column, class... Args>
    std::optional<Column> value(std::string_view sql, const Args&... args) {
        auto row = find<Column>(sql, args...);
        if (!row) return std::nullopt;
        return std::move(std::get<0>(*row));
    }

    // Every row, in the order the query states.
    template <class... Columns, class... Args>
    std::vector<std::tuple<Columns...>> list(std::string_view sql, const Args&... args) {
        Statement statement = prepare(sql);
        bind_all(statement, args...);
        std::vector<std::tuple<Columns...>> rows;
        while (statement.step()) rows.push_back(read_row<Columns...>(statement));
        return rows;
    }

    // How many rows the last run() inserted, changed or deleted.
    std::int64_t changes() const;

    // How many statements have run that may have changed something.
    std::int64_t writes() const { return writes_; }

    // The write-ahead log is worked off only by checkpoint().
    void checkpoint_by_hand();
    // Pages in the log after the last commit of this connection.
    std::int64_t log_pages() const { return log_pages_; }
    // Copies pages from the log into the database as far as nobody reads older ones, waiting for
    // nobody. Returns how many pages of the log are copied now. Throws StoreError.
    std::int64_t checkpoint();
    // The same, but calls `pause`, which must not throw, after every 64 pages.
    std::int64_t checkpoint(const std::function<void()>& pause);
    // Waits until what checkpoints copied is on the disk. Throws StoreError.
    void sync_copied();

    // What was read from rows, so that they need not be asked again: one T for every type T. It is
    // made anew (T{}) at first and whenever rows were undone or replaced; who changes those rows
    // changes it too, or makes it anew. Good until the next of that.
    template <class T>
    T& remembered() {
        static const std::size_t kPlace = next_place++;
        if (kPlace >= remembered_.size()) remembered_.resize(kPlace + 1);
        std::any& kept = remembered_[kPlace];
        if (!kept.has_value()) kept.emplace<T>();
        return *std::any_cast<T>(&kept);
    }

  private:
    friend class Savepoint;
    friend class Transaction;

    Statement prepare(std::string_view sql);
    sqlite3_stmt* compiled(std::string_view sql);
    // For what opens and ends transactions: nothing else is done about it.
    void execute(std::string_view sql);
    void prepare_to_write();
    void forget() {
        for (std::any& kept : remembered_) kept.reset();
    }

    template <class... Args>
    static void bind_all(Statement& statement, const Args&... args) {
        int index = 0;
        (statement.bind(++index, args), ...);
    }

    template <class... Columns>
    static std::tuple<Columns...> read_row(const Statement& statement) {
        std::tuple<Columns...> row;
        int index = 0;
        std::apply([&](auto&... column) { (statement.column(index++, column), ...); }, row);
        return row;
    }

    static inline std::atomic<std::size_t> next_place = 0;

    // What was compiled from the text at an address: nearly always a literal.
    struct Recent {
        const char* text = nullptr;
        std::size_t size = 0;
        sqlite3_stmt* handle = nullptr;
    };

    sqlite3* db_ = nullptr;
    std::map<std::string, sqlite3_stmt*, std::less<>> statements_;
    std::array<Recent, 256> recent_{};
    std::vector<std::any> remembered_;
    std::int64_t writes_ = 0;
    std::int64_t log_pages_ = 0;
    int savepoints_ = 0;              // that exist
    int opened_savepoints_ = 0;       // that SQLite knows of
    bool is_in_transaction_ = false;  // a Transaction exists
    enum class Begun { nothing, reading, writing } begun_ = Begun::nothing;
};

// Rolls back unless committed. Savepoints nest, so an operation that fails
// leaves the event log of its transaction intact. SQLite hears of one when something is written.
class Savepoint {
  public:
    explicit Savepoint(Store& store);
    ~Savepoint();
    Savepoint(const Savepoint&) = delete;
    Savepoint& operator=(const Savepoint&) = delete;
    void commit();

  private:
    bool is_opened() const { return store_.opened_savepoints_ >= level_; }

    Store& store_;
    int level_;
    bool done_ = false;
};

// The transaction of one batch of events. Rolls back unless committed. It begins with the first
// statement, and keeps others from writing once something is written.
class Transaction {
  public:
    explicit Transaction(Store& store);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

  private:
    Store& store_;
    bool done_ = false;
};

}  // namespace sbemu
