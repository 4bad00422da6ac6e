// Query reads one partition of a table or index, in the order of its sort keys.
#include <algorithm>
#include <boost/json.hpp>
#include <span>

#include "emulator/core/members.h"
#include "fakes/dynamodb/expressions/legacy_conditions.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/page.h"
#include "fakes/dynamodb/query_range.h"
#include "fakes/dynamodb/start_key.h"
#include "fakes/dynamodb/unprojected.h"
#include "fakes/dynamodb/writes.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::string_view kExpressions[] = {"ProjectionExpression", "FilterExpression",
                                             "KeyConditionExpression"};
// KeyConditions go together with the other expressions.
constexpr std::string_view kReplaced[] = {"AttributesToGet", "QueryFilter", "ConditionalOperator",
                                          "KeyConditions"};

struct QueryRequest {
    Reading reading;
    std::optional<Item> start_key;
    std::vector<KeyCondition> conditions;
    bool is_forward = true;

    static QueryRequest parse(const json::object& request);
};

void check_parameters(const json::object& request) {
    const bool has_expression = find_member(request, "KeyConditionExpression");
    const std::span<const std::string_view> replaced(kReplaced);
    check_expression_parameters(request, kExpressions,
                                has_expression ? replaced : replaced.first(replaced.size() - 1));
    with_envelope([&] { check_select(request); });
}

// What the conditions say is looked at after all expressions were parsed.
std::vector<KeyCondition> parse_expressions(const json::object& request, Reading& reading) {
    ExpressionAttributes attributes(request);
    std::optional<Node> key_condition;
    if (const auto source = find_text(request, "KeyConditionExpression")) {
        key_condition = parse_condition("KeyConditionExpression", *source, attributes);
    }
    if (const auto source = find_text(request, "FilterExpression")) {
        reading.filter = parse_condition("FilterExpression", *source, attributes);
    }
    reading.projection = parse_projection_of(request, attributes);
    attributes.check_all_used();
    return key_condition ? key_conditions_of(*key_condition) : parse_key_conditions(request);
}

QueryRequest QueryRequest::parse(const json::object& request) {
    check_parameters(request);
    QueryRequest query;
    query.reading = parse_reading(request);
    query.reading.filter = parse_legacy_filter(request, "QueryFilter", ValueLayer::current);
    check_attributes_to_get(request);
    query.start_key = parse_start_key(request, ValueLayer::current);
    if (!find_member(request, "KeyConditions") && !find_member(request, "KeyConditionExpression")) {
        throw validation_error(
            "Either the KeyConditions or KeyConditionExpression parameter must be specified in the "
            "request.");
    }
    query.conditions = parse_expressions(request, query.reading);
    query.is_forward = flag_member(request, "ScanIndexForward", true);
    return query;
}

struct KeyRange {
    std::string partition;
    std::optional<SortRange> sort;
};

// Attribute by attribute: the start key's, then the condition on it.
KeyRange range_of(const Source& source, const QueryRequest& query) {
    const KeySchema schema = source.schema();
    if (query.start_key) check_start_size(source, *query.start_key);
    if (query.start_key) check_start_attributes(schema.partition, *query.start_key);
    KeyRange range;
    range.partition = partition_of(schema, query.conditions);
    if (query.start_key) check_start_attributes(schema.sort, *query.start_key);
    range.sort = sort_range_of(schema, query.conditions);
    return range;
}

IndexPosition start_in(const Source& source, const KeyRange& range, const Item& start_key) {
    IndexPosition position = position_of(source, start_key);
    const Key& place = source.index ? position.place : position.item;
    if (range.sort && !contains(*range.sort, place.sort)) {
        throw validation_error("The provided starting key does not match the range key predicate");
    }
    if (place.partition == range.partition) return position;
    throw validation_error(
        range.sort ? "The query can return at most one row and cannot be restarted"
                   : "The provided starting key is outside query boundaries based on provided "
                     "conditions");
}

// `filter` is as the error names it.
void check_filters_no_key(std::string_view filter, const KeySchema& schema,
                          const std::vector<const Path*>& paths) {
    for (const auto* attributes : {&schema.partition, &schema.sort}) {
        for (const KeyAttribute& attribute : *attributes) {
            const bool is_read = std::any_of(paths.begin(), paths.end(), [&](const Path* path) {
                return path->attribute() == attribute.name;
            });
            if (!is_read) continue;
            throw validation_error(
                std::string(filter) +
                " can only contain non-primary key attributes: Primary key attribute: " +
                attribute.name);
        }
    }
}

void check_attributes(const Source& source, const json::object& request, const Reading& reading) {
    check_projection(source.table, reading.projection);
    std::vector<const Path*> paths;
    if (reading.filter) collect_paths(*reading.filter, paths);
    const bool is_expression = find_member(request, "FilterExpression");
    check_filters_no_key(is_expression ? "Filter Expression" : "QueryFilter", source.schema(),
                         paths);
    if (source.index) {
        std::vector<std::string> missing = unprojected(source.table, *source.index, paths);
        if (!missing.empty()) throw filters_not_projected(*source.index, std::move(missing));
    }
    check_projected(source, reading);
    check_paths_into_keys(source.table, paths);
}

ReadItems reader_of(Context& ctx, const Source& source, const KeyRange& range, bool is_forward) {
    const SortRange sort = range.sort.value_or(SortRange{});
    return [&ctx, &source, &range, sort, is_forward](const std::optional<IndexPosition>& after,
                                                     std::int64_t wanted) {
        if (source.index) {
            return query_index(ctx, source.table, *source.index, range.partition, sort, after,
                               is_forward, wanted);
        }
        std::vector<IndexedItem> items;
        const std::optional<Key> key = after ? std::optional(after->item) : std::nullopt;
        for (StoredItem& item :
             query_items(ctx, source.table, range.partition, sort, key, is_forward, wanted)) {
            items.push_back({{}, std::move(item)});
        }
        return items;
    };
}

}  // namespace

json::object query(Context& ctx, const json::object& request) {
    const QueryRequest query = QueryRequest::parse(request);
    const Source source = source_of(usable_table(ctx, request), request);
    const KeyRange range = range_of(source, query);
    std::optional<IndexPosition> start;
    if (query.start_key) start = start_in(source, range, *query.start_key);
    check_attributes(source, request, query.reading);
    return answer_page(request, source, query.reading, std::move(start),
                       reader_of(ctx, source, range, query.is_forward));
}

}  // namespace sbemu::dynamodb
