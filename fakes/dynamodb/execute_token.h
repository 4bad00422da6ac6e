// NextToken: where a page of a SELECT ended, good for the same statement only.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {

struct PagePosition {
    std::size_t read = 0;  // which of the statement's reads
    std::optional<IndexPosition> after;
};

// The keys of the item in the table and in the index, if there is one.
Item position_of(const Table& table, const Index* index, const Item& item);

// `key` as position_of gives it.
std::string make_token(std::size_t read, const Item& key, const std::string& fingerprint);

// Throws ValidationException if it is no token, or one of another statement.
PagePosition read_token(const std::string& token, const std::string& fingerprint,
                        const Table& table, const Index* index);

}  // namespace sbemu::dynamodb
