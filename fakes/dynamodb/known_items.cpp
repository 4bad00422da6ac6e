#include "fakes/dynamodb/known_items.h"

#include "emulator/core/check.h"
#include "emulator/core/encoding.h"

namespace sbemu::dynamodb {
namespace {

constexpr std::size_t kPlace = 150;  // about what a place in a map takes

std::string name_of(const Table& table, std::string_view partition) {
    std::string name = std::to_string(table.id) + ' ' + std::to_string(partition.size()) + ' ';
    name += partition;
    return name;
}

std::size_t bytes_of(const KnownName& name, const StoredText& text) {
    return name.second.size() + text.item.size() + kPlace;
}

std::size_t bytes_of(const KnownName& name, const std::vector<StoredItem>& items) {
    std::size_t bytes = name.second.size() + kPlace;
    for (const StoredItem& item : items) bytes += sizeof(StoredItem) + item.text_size();
    return bytes;
}

}  // namespace

KnownName known_name(const Table& table, const Key& key) {
    std::string name = name_of(table, key.partition);
    name += key.sort;
    const std::uint64_t number = fingerprint(name);
    return {number, std::move(name)};
}

KnownName known_name(const Table& table, std::string_view partition) {
    std::string name = name_of(table, partition);
    const std::uint64_t number = fingerprint(name);
    return {number, std::move(name)};
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

const std::vector<StoredItem>* KnownPartitions::find(const KnownName& name) const {
    const auto found = partitions_.find(name);
    return found == partitions_.end() ? nullptr : &found->second;
}

void KnownPartitions::add(KnownName name, const std::vector<StoredItem>& items) {
    constexpr std::size_t kMostBytes = 32UL * 1024 * 1024;
    constexpr std::size_t kMostOfOne = 64UL * 1024;
    const std::size_t more = bytes_of(name, items);
    if (more > kMostOfOne) return;
    if (bytes_ + more > kMostBytes) *this = {};
    if (partitions_.emplace(std::move(name), items).second) bytes_ += more;
}

void KnownPartitions::forget(const Table& table, std::string_view partition) {
    if (partitions_.empty()) return;
    const auto found = partitions_.find(known_name(table, partition));
    if (found == partitions_.end()) return;
    bytes_ -= bytes_of(found->first, found->second);
    partitions_.erase(found);
}

}  // namespace sbemu::dynamodb
