#include "tests/fuzz/fuzzed_tables.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "emulator/core/control.h"
#include "emulator/core/error.h"
#include "emulator/core/json_text.h"
#include "emulator/core/kernel.h"
#include "fakes/dynamodb/dynamodb.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/keys.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::int64_t kAll = 1'000'000;

constexpr std::string_view kTables[] = {R"({"TableName": "tab", "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [
        {"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "s", "AttributeType": "N"},
        {"AttributeName": "a", "AttributeType": "S"}, {"AttributeName": "h", "AttributeType": "S"},
        {"AttributeName": "b", "AttributeType": "B"}, {"AttributeName": "n", "AttributeType": "N"}],
    "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"},
                  {"AttributeName": "s", "KeyType": "RANGE"}],
    "LocalSecondaryIndexes": [{"IndexName": "by-a", "Projection": {"ProjectionType": "ALL"},
        "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"},
                      {"AttributeName": "a", "KeyType": "RANGE"}]}],
    "GlobalSecondaryIndexes": [
        {"IndexName": "a-all", "Projection": {"ProjectionType": "ALL"},
         "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}]},
        {"IndexName": "a-keys", "Projection": {"ProjectionType": "KEYS_ONLY"},
         "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"},
                       {"AttributeName": "n", "KeyType": "RANGE"}]},
        {"IndexName": "several", "Projection": {"ProjectionType": "INCLUDE",
                                                "NonKeyAttributes": ["m"]},
         "KeySchema": [{"AttributeName": "h", "KeyType": "HASH"},
                       {"AttributeName": "b", "KeyType": "HASH"},
                       {"AttributeName": "n", "KeyType": "RANGE"},
                       {"AttributeName": "a", "KeyType": "RANGE"}]}],
    "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"}})",
                                        R"({"TableName": "bin", "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "b", "AttributeType": "B"}],
    "KeySchema": [{"AttributeName": "b", "KeyType": "HASH"}]})"};

void require(bool holds, const std::string& what) {
    if (!holds) found(what);
}

struct Entry {
    Key place;
    Key item;
    std::int64_t size = 0;

    auto operator<=>(const Entry&) const = default;
};

void check_index(Context& ctx, const Table& table, const Index& index,
                 const std::vector<StoredItem>& items) {
    std::vector<Entry> due;
    std::int64_t bytes = 0;
    for (const StoredItem& stored : items) {
        const auto place = place_in(index, stored.item());
        if (!place) continue;
        due.push_back({*place, stored.key, projected_size(table, index, stored.item())});
        bytes += due.back().size;
    }
    std::vector<Entry> there;
    for (const IndexedItem& entry : list_index(ctx, table, index, {}, 0, kHashes, kAll)) {
        there.push_back({entry.place, entry.stored.key, entry.stored.size});
        require(key_of_item(table, entry.stored.item()) == entry.stored.key,
                index.name + " points to another item");
    }
    std::sort(due.begin(), due.end());
    std::sort(there.begin(), there.end());
    require(due == there, index.name + " has not the entries of the items");
    const IndexCounts counts = count_index(ctx, table, index);
    require(counts.items == static_cast<std::int64_t>(due.size()) && counts.bytes == bytes,
            index.name + " has not the counts of the items");
}

using Partitions = std::map<std::string, std::vector<const StoredItem*>>;

// Twice: what the first query has read may be remembered.
void check_partitions(Context& ctx, const Table& table, const Partitions& partitions) {
    for (const auto& [partition, items] : partitions) {
        for (int time = 0; time < 2; ++time) {
            const auto found = query_items(ctx, table, partition, {}, {}, true, kAll);
            const bool are_equal =
                std::equal(found.begin(), found.end(), items.begin(), items.end(),
                           [](const StoredItem& one, const StoredItem* other) {
                               return one.key == other->key && one.item() == other->item() &&
                                      one.size == other->size;
                           });
            require(are_equal, "a partition is remembered otherwise than it is kept");
        }
    }
}

void check_table(Context& ctx, const Table& table) {
    const std::vector<StoredItem> items = list_items(ctx, table, {}, 0, kHashes, kAll);
    std::int64_t bytes = 0;
    Partitions partitions;
    for (const StoredItem& stored : items) {
        const std::size_t size = size_of_item(stored.item());
        require(stored.size == static_cast<std::int64_t>(size), "an item has not its size");
        require(size <= kMaxItemSize, "an item is larger than items can be");
        require(normalize_item(stored.item()) == stored.item(),
                "an item is not in its normal form");
        require(key_of_item(table, stored.item()) == stored.key, "an item has not its key");
        const auto asked_for = find_item(ctx, table, stored.key);
        require(asked_for && asked_for->item() == stored.item() && asked_for->size == stored.size,
                "an item is remembered otherwise than it is kept");
        bytes += stored.size;
        partitions[stored.key.partition].push_back(&stored);
    }
    check_partitions(ctx, table, partitions);
    require(table.item_count == static_cast<std::int64_t>(items.size()),
            table.name + " counts other items than it has");
    require(table.size_bytes == bytes, table.name + " counts other bytes than it has");
    for (const Index& index : table.indexes) check_index(ctx, table, index, items);
}

json::object request_of(std::string_view text) { return parse_json(text).as_object(); }

}  // namespace

void found(std::string_view what) {
    std::cerr << "found: " << what << '\n';
    std::abort();
}

FuzzedTables::FuzzedTables() : registry_({&control::service(), &service(), &streams_service()}) {
    create();
    transaction_.emplace(store_);
}

void FuzzedTables::create() {
    Kernel kernel(store_, registry_, "");
    std::uint64_t seed = 0;
    const auto apply = [&](const Event& event) {
        const Applied applied = kernel.apply(event);
        const auto* error = std::get_if<ApiError>(&applied.answer);
        if (error) found(error->what());
    };
    const auto request = [&](std::string operation, std::string_view text) {
        apply({now_, ++seed, {}, "dynamodb", std::move(operation), request_of(text), {}});
        while (const auto due = kernel.next_due()) {
            now_ = std::max(now_, *due);
            apply(Kernel::pulse_at(now_, ++seed));
        }
    };
    for (const std::string_view table : kTables) request("CreateTable", table);
    request("UpdateTimeToLive", R"({"TableName": "tab",
        "TimeToLiveSpecification": {"AttributeName": "n", "Enabled": true}})");
    request("UpdateContinuousBackups", R"({"TableName": "tab",
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": true}})");
    event_ = kernel.event_count();
}

Context FuzzedTables::context(Random& random, Outbox& outbox) {
    return {store_, random, now_, {}, registry_, event_, "request", {}, outbox};
}

std::optional<json::object> FuzzedTables::call(std::string_view operation,
                                               const json::object& request) {
    Random random(static_cast<std::uint64_t>(++event_));
    Outbox outbox;
    Context ctx = context(random, outbox);
    Savepoint savepoint(store_);
    try {
        json::object reply = registry_.dispatch(ctx, "dynamodb", operation, request);
        savepoint.commit();
        if (parse_json(json::serialize(reply)) != reply) found("a reply that is not its own JSON");
        return reply;
    } catch (const ApiError&) {
        return std::nullopt;
    }
}

void FuzzedTables::check_rows() {
    Random random(0);
    Outbox outbox;
    Context ctx = context(random, outbox);
    for (const char* name : {"tab", "bin"}) {
        const auto table = find_table(ctx, name);
        if (table) check_table(ctx, *table);
    }
}

void FuzzedTables::forget() {
    transaction_.reset();
    transaction_.emplace(store_);
}

}  // namespace sbemu::dynamodb
