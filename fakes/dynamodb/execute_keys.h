// Which parts of a table or index a WHERE clause of PartiQL reads.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fakes/dynamodb/expressions/condition.h"
#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {

// The keys of a table, or of an index of one: those that PartiQL reads have at most one of each.
struct KeyNames {
    KeyAttribute partition;
    std::optional<KeyAttribute> sort;

    explicit KeyNames(const Table& table) : partition(table.partition), sort(table.sort) {}
    explicit KeyNames(const Index& index);
};

// Conditions that all must hold, with one value for the partition key.
struct KeyedBranch {
    std::vector<boost::json::object> partitions;  // equal ones are there once
    std::vector<Node> sort_conditions;
    std::vector<const Node*> filters;  // into the condition that was taken apart
    bool negates_sort = false;         // a filter is NOT or <> on the sort key

    // All of them name the same one value.
    bool is_keyed() const { return partitions.size() == 1; }
};

// The condition as alternatives; those that name no key are not taken apart. Throws
// ValidationException if there are more of them than DynamoDB reads.
std::vector<KeyedBranch> take_apart(const Node& condition, const KeyNames& keys);

// One value for every key by = or IN with one value, and nothing else: the key. Nothing if not so.
std::optional<Item> only_key(const Node& condition, const KeyNames& keys);

// A stretch of one partition.
struct KeyedRead {
    std::string partition;
    SortRange range;
    bool is_one_item = false;
};

// The reads that a condition needs, or nothing if it takes a scan. Throws ValidationException for
// keys of wrong types, alternatives that overlap, and too many of them.
std::optional<std::vector<KeyedRead>> keyed_reads(const std::vector<KeyedBranch>& branches,
                                                  const KeyNames& keys);

}  // namespace sbemu::dynamodb
