// What Query and Scan share: where they read, what of it they answer, and the page they answer.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "fakes/dynamodb/expressions/condition.h"
#include "fakes/dynamodb/expressions/projection.h"
#include "fakes/dynamodb/query_range.h"
#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {

// A table, or one of its indexes.
struct Source {
    Table table;
    std::optional<Index> index;

    KeySchema schema() const;
    // The attributes of LastEvaluatedKey: the table's key, then what else the index's key has.
    std::vector<std::string> position_attributes() const;
};

// By the request's IndexName. Throws ValidationException for an index that the table does not have,
// or that cannot be read, or not consistently.
Source source_of(Table table, const boost::json::object& request);

// Throws ValidationException where Select contradicts other members. Query's errors are enveloped.
void check_select(const boost::json::object& request);

// Which of the items read are answered, and what of them.
struct Reading {
    std::optional<Node> filter;
    std::optional<Projection> projection;
    std::string select;  // empty if not given
    bool is_consistent = false;
    std::int64_t limit = std::numeric_limits<std::int64_t>::max();

    bool counts_only() const { return select == "COUNT"; }
};
// Select, ConsistentRead and Limit; the expressions are for the caller.
Reading parse_reading(const boost::json::object& request);

// Throws ValidationException if a global index would have to answer what it does not project.
void check_projected(const Source& source, const Reading& reading);

// Items behind a position, or from the beginning, at most as many as wanted. Those of a table have
// no place.
using ReadItems = std::function<std::vector<IndexedItem>(const std::optional<IndexPosition>& after,
                                                         std::int64_t wanted)>;

// The answer: items from behind `start` until the limit or 1 MB is reached or nothing is left.
boost::json::object answer_page(const boost::json::object& request, const Source& source,
                                const Reading& reading, std::optional<IndexPosition> start,
                                const ReadItems& read);

}  // namespace sbemu::dynamodb
