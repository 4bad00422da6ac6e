#include "fakes/dynamodb/known_items.h"

#include <algorithm>

#include "emulator/core/check.h"
#include "emulator/core/encoding.h"
#include "fakes/dynamodb/query_range.h"

namespace sbemu::dynamodb {
namespace {

constexpr std::size_t kEntry = 150;  // about what an entry of a map takes beside its texts

std::size_t bytes_of(const KnownName& name, const StoredText& text) {
    return name.second.size() + text.item.size() + kEntry;
}

std::size_t bytes_of(const KnownName& name, const KnownPartition& partition) {
    return name.second.size() + partition.size() + kEntry;
}

}  // namespace

KnownName known_name(const Table& table, std::string_view partition, std::string_view sort) {
    std::string name = std::to_string(table.id) + ' ' + std::to_string(partition.size()) + ' ';
    name += partition;
    name += sort;
    const std::uint64_t number = fingerprint(name);
    return {number, std::move(name)};
}

KnownName known_name(const Table& table, const Key& key) {
    return known_name(table, key.partition, key.sort);
}

StoredText* KnownItems::find(const Table& table, const KnownName& name) {
    const auto found = items_.find(name);
    if (found == items_.end()) return nullptr;
    last_ = &found->second;
    last_table_ = table.id;
    return last_;
}

const StoredText& KnownItems::add(const Table& table, KnownName name, StoredText text) {
    constexpr std::size_t kMostBytes = 16UL * 1024 * 1024;
    const std::size_t more = bytes_of(name, text);
    if (bytes_ + more > kMostBytes) *this = {};
    bytes_ += more;
    last_ = &items_.emplace(std::move(name), std::move(text)).first->second;
    last_table_ = table.id;
    return *last_;
}

void KnownItems::change(const Table& table, const Key& key, StoredText text) {
    // A write looks for the item first, most often just before. Rows of deleted tables are used
    // again.
    const bool is_last = last_ && last_table_ == table.id && last_->row == text.row;
    StoredText* const known = is_last ? last_ : find(table, known_name(table, key));
    if (!known) return;
    SBEMU_CHECK(known->row == text.row);
    bytes_ += text.item.size() - known->item.size();
    *known = std::move(text);
}

void KnownItems::erase(const KnownName& name) {
    const auto found = items_.find(name);
    if (found == items_.end()) return;
    bytes_ -= bytes_of(name, found->second);
    last_ = nullptr;
    items_.erase(found);
}

KnownPartition::KnownPartition(const std::vector<StoredItem>& items) {
    std::size_t size = 0;
    for (const StoredItem& item : items) size += item.key.sort.size() + item.text().size();
    bytes_.reserve(size);
    rows_.reserve(items.size());
    for (const StoredItem& item : items) {
        rows_.push_back({bytes_.size(), item.key.sort.size(), item.text().size(), item.size});
        bytes_ += item.key.sort;
        bytes_ += item.text();
    }
}

std::size_t KnownPartition::size() const {
    return rows_.capacity() * sizeof(Row) + bytes_.capacity();
}

std::vector<StoredItem> KnownPartition::part(std::int64_t hash, std::string_view partition,
                                             const SortRange& range, bool forward,
                                             std::int64_t limit) const {
    std::vector<StoredItem> items;
    items.reserve(std::min(rows_.size(), static_cast<std::size_t>(limit)));
    for (std::size_t place = 0; place < rows_.size(); ++place) {
        if (static_cast<std::int64_t>(items.size()) == limit) break;
        const Row& row = rows_[forward ? place : rows_.size() - 1 - place];
        std::string sort = bytes_.substr(row.begins, row.sort_size);
        if (!contains(range, sort)) continue;
        items.emplace_back(Key{hash, std::string(partition), std::move(sort)},
                           bytes_.substr(row.begins + row.sort_size, row.text_size), row.size);
    }
    return items;
}

const KnownPartition* KnownPartitions::find(const KnownName& name) const {
    const auto found = partitions_.find(name);
    return found == partitions_.end() ? nullptr : &found->second;
}

void KnownPartitions::offer(KnownName name, const std::vector<StoredItem>& items) {
    constexpr int kOfferedBits = 12;
    constexpr std::size_t kMostBytes = 32UL * 1024 * 1024;
    constexpr std::size_t kMostOfOne = 64UL * 1024;
    std::size_t size = 0;
    for (const StoredItem& item : items) size += item.text().size();
    if (size > kMostOfOne) return;
    // What is asked for once only would cost its copy, and drive out the others.
    offered_.resize(1UL << kOfferedBits);
    std::uint64_t& offered = offered_[name.first >> (64 - kOfferedBits)];
    if (std::exchange(offered, name.first) != name.first) return;
    KnownPartition partition(items);
    const std::size_t more = bytes_of(name, partition);
    if (bytes_ + more > kMostBytes) {
        partitions_.clear();
        bytes_ = 0;
    }
    if (partitions_.emplace(std::move(name), std::move(partition)).second) bytes_ += more;
}

void KnownPartitions::forget(const Table& table, std::string_view partition) {
    if (partitions_.empty()) return;
    const auto found = partitions_.find(known_name(table, partition));
    if (found == partitions_.end()) return;
    bytes_ -= bytes_of(found->first, found->second);
    partitions_.erase(found);
}

}  // namespace sbemu::dynamodb
