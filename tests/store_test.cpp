// The store: what is undone, what is remembered, and who works off the write-ahead log.
#include "emulator/store/store.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <thread>

#include "emulator/host/checkpoints.h"
#include "tests/redirect/temporary_folder.h"

namespace sbemu {

namespace {

void add(Store& store, std::string_view text) {
    store.run("INSERT INTO note (text) VALUES (?)", text);
}

std::string notes(Store& store) {
    std::string all;
    for (const auto& [text] : store.list<std::string>("SELECT text FROM note ORDER BY number")) {
        all += text;
    }
    return all;
}

constexpr const char* kNotes = "CREATE TABLE note (number INTEGER PRIMARY KEY, text TEXT) STRICT";

// Notes in a file whose log of writes is worked off.
struct CheckpointedStore {
    CheckpointedStore() { store.script(kNotes); }

    // What after_commit says.
    bool commit(std::string_view text) {
        Transaction transaction(store);
        add(store, text);
        transaction.commit();
        return checkpoints.after_commit();
    }

    TemporaryFolder folder;
    std::string path = (folder.path() / "state.db").string();
    Store store{path};
    Checkpoints checkpoints{store, path};
};

}  // namespace

TEST_CASE("Store", "[store]") {
    Store store(":memory:");
    store.script(kNotes);

    SECTION("undoes what came after a savepoint, nested or not, written or not") {
        Transaction transaction(store);
        Savepoint outer(store);
        {
            const Savepoint empty(store);
            CHECK(notes(store).empty());
        }
        add(store, "a");
        {
            const Savepoint inner(store);
            Savepoint innermost(store);
            add(store, "b");
            innermost.commit();
            CHECK(notes(store) == "ab");
        }
        {
            Savepoint kept(store);
            add(store, "c");
            kept.commit();
        }
        CHECK(notes(store) == "ac");
        outer.commit();
        transaction.commit();
        CHECK(notes(store) == "ac");
    }

    SECTION("undoes a transaction that does not commit") {
        add(store, "a");
        {
            const Transaction transaction(store);
            const Savepoint savepoint(store);
            add(store, "b");
        }
        CHECK(notes(store) == "a");
        Transaction next(store);
        add(store, "c");
        next.commit();
        CHECK(notes(store) == "ac");
    }

    SECTION("counts what may write, and only that") {
        const std::int64_t before = store.writes();
        Transaction transaction(store);
        Savepoint savepoint(store);
        notes(store);
        savepoint.commit();
        CHECK(store.writes() == before);
        add(store, "a");
        CHECK(store.writes() == before + 1);
        transaction.commit();
        CHECK(store.writes() == before + 1);
    }

    SECTION("forgets what it remembers when rows are undone or replaced") {
        struct First {
            int number = 0;
        };
        struct Second {
            std::string text;
        };
        const Transaction transaction(store);
        store.remembered<First>().number = 1;
        {
            Savepoint savepoint(store);
            add(store, "a");
            savepoint.commit();
        }
        { const Savepoint nothing_was_written(store); }
        CHECK(store.remembered<First>().number == 1);
        store.remembered<Second>().text = "b";
        {
            const Savepoint savepoint(store);
            add(store, "b");
        }
        CHECK(store.remembered<First>().number == 0);
        CHECK(store.remembered<Second>().text.empty());
    }

    SECTION("forgets what it remembers when another state takes its place") {
        struct Number {
            int number = 0;
        };
        store.remembered<Number>().number = 2;
        store.load(store.image());
        CHECK(store.remembered<Number>().number == 0);
    }

    SECTION("does not take one statement for another at the same address") {
        std::string sql = "SELECT 'a'";
        CHECK(store.value<std::string>(sql) == "a");
        sql[8] = 'b';
        CHECK(store.value<std::string>(sql) == "b");
    }
}

TEST_CASE("Store with somebody else writing to the file", "[store]") {
    const TemporaryFolder folder;
    const std::string path = (folder.path() / "state.db").string();
    Store store(path);
    store.script(kNotes);
    Store other(path);

    Transaction transaction(store);
    CHECK(notes(store).empty());
    add(other, "theirs");
    add(store, "ours");  // after a read of what is no longer the latest
    transaction.commit();
    CHECK(notes(other) == "theirsours");
}

TEST_CASE("Store says that it cannot load a state while somebody else writes to the file",
          "[store]") {
    const TemporaryFolder folder;
    const std::string path = (folder.path() / "state.db").string();
    Store store(path);
    store.script(kNotes);
    store.script("PRAGMA busy_timeout = 0");
    const std::string empty = store.image();
    Store other(path);
    {
        Transaction transaction(other);
        add(other, "theirs");
        CHECK_THROWS_AS(store.load(empty), StoreError);
        transaction.commit();
    }
    CHECK(notes(store) == "theirs");
    store.load(empty);
    CHECK(notes(store).empty());
}

TEST_CASE("Checkpoints keep the write-ahead log short", "[store]") {
    CheckpointedStore notes;
    const std::string text(8000, 'x');  // two pages and more
    for (int i = 0; i < 20'000; ++i) notes.commit(text);
    // All of it is 60,000 pages, 240 MB.
    constexpr std::uintmax_t kFrame = 4096 + 24;  // https://sqlite.org/fileformat2.html, 4.1
    constexpr std::uintmax_t kOneCommit = 100;
    CHECK(std::filesystem::file_size(notes.path + "-wal") <
          (Checkpoints::kMost + kOneCommit) * kFrame);
    CHECK(notes.store.value<std::int64_t>("SELECT count(*) FROM note") == 20'000);
}

TEST_CASE("Checkpoints: whoever writes does not do what the thread has done", "[store]") {
    CheckpointedStore notes;
    const std::string text(Checkpoints::kDue * 4200, 'x');
    for (int round = 0; round < 3; ++round) {
        CHECK_FALSE(notes.commit(text));
        REQUIRE(notes.store.log_pages() >= Checkpoints::kDue);
        bool has_waited = false;
        // Until the thread has copied all of it, and SQLite begins the log anew.
        while (notes.store.log_pages() >= Checkpoints::kDue && !has_waited) {
            std::this_thread::sleep_for(std::chrono::milliseconds{50});
            has_waited = notes.commit("x");
        }
        CHECK_FALSE(notes.commit("x"));
    }
}

TEST_CASE("Store: a checkpoint pauses between pages", "[store]") {
    const TemporaryFolder folder;
    Store store((folder.path() / "state.db").string());
    store.checkpoint_by_hand();
    store.script(kNotes);
    add(store, std::string(1'000'000, 'x'));
    const std::int64_t pages = store.log_pages();
    REQUIRE(pages > 200);
    // SQLite copies the last version of each page: the two tables' roots were written before.
    std::int64_t pauses = 0;
    CHECK(store.checkpoint([&] { ++pauses; }) == pages);
    CHECK(pauses >= (pages - 10) / 64);
    CHECK(pauses <= pages / 64);

    const std::int64_t before = pauses;
    add(store, std::string(1'000'000, 'y'));
    CHECK(store.checkpoint() == store.log_pages());
    CHECK(pauses == before);
    CHECK(notes(store).size() == 2'000'000);
}

TEST_CASE("Store: what is committed is in the files", "[store]") {
    const TemporaryFolder folder;
    const std::string path = (folder.path() / "state.db").string();
    const std::string copy = (folder.path() / "copy.db").string();
    Store store(path);
    store.script(kNotes);
    // What a process that is killed now leaves behind.
    const auto what_is_left = [&] {
        for (const std::string end : {"", "-wal"}) {
            std::filesystem::copy_file(path + end, copy + end,
                                       std::filesystem::copy_options::overwrite_existing);
        }
        Store left(copy);
        CHECK(left.value<std::string>("PRAGMA integrity_check") == "ok");
        std::string found = notes(left);
        left.checkpoint();
        std::filesystem::remove(copy + "-shm");
        return found;
    };
    const auto commit = [&](std::string_view text) {
        Transaction transaction(store);
        add(store, text);
        transaction.commit();
    };

    commit("a");
    CHECK(what_is_left() == "a");
    commit("b");
    CHECK(what_is_left() == "ab");

    SECTION("also when a transaction larger than the cache was undone before") {
        {
            const Transaction undone(store);
            store.script("PRAGMA cache_size = 10");
            for (int i = 0; i < 1000; ++i) add(store, std::string(8000, 'x'));
            CHECK(store.value<std::int64_t>("SELECT count(*) FROM note") == 1002);
        }
        CHECK(what_is_left() == "ab");
        commit("c");
        CHECK(what_is_left() == "abc");
    }

    SECTION("also when the log begins anew") {
        store.checkpoint();
        commit("c");
        CHECK(what_is_left() == "abc");
        CHECK(notes(store) == "abc");
    }
}

}  // namespace sbemu
