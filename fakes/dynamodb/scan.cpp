// Scan reads a table or index page by page, in the order of the hashes of its partition keys.
#include <boost/json.hpp>

#include "emulator/core/members.h"
#include "fakes/dynamodb/expressions/legacy_conditions.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/keys.h"
#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/page.h"
#include "fakes/dynamodb/start_key.h"
#include "fakes/dynamodb/writes.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

// Segments divide the first 12 bits of the hash (facts/dynamodb-kinesis.md 1.10).
constexpr std::int64_t kSlots = 1 << 12;

constexpr std::string_view kExpressions[] = {"ProjectionExpression", "FilterExpression"};
constexpr std::string_view kReplaced[] = {"AttributesToGet", "ScanFilter", "ConditionalOperator"};

// The part of the hashes that this scan reads.
struct Segment {
    std::int64_t first = 0;
    std::int64_t end = kHashes;
};

Segment parse_segment(const json::object& request) {
    const auto segment = find_number(request, "Segment");
    const auto total = find_number(request, "TotalSegments");
    if (segment && !total) {
        throw validation_error(
            "The TotalSegments parameter is required but was not present in the request when "
            "Segment parameter is present");
    }
    if (total && !segment) {
        throw validation_error(
            "The Segment parameter is required but was not present in the request when parameter "
            "TotalSegments is present");
    }
    if (!segment) return {};
    if (*segment >= *total) {
        throw validation_error(
            "The Segment parameter is zero-based and must be less than parameter TotalSegments: "
            "Segment: " +
            std::to_string(*segment) +
            " is not less than TotalSegments: " + std::to_string(*total));
    }
    const auto slot = [&](std::int64_t index) { return (kSlots * index + *total - 1) / *total; };
    return {slot(*segment) * (kHashes / kSlots), slot(*segment + 1) * (kHashes / kSlots)};
}

struct ScanRequest {
    Reading reading;
    std::optional<Item> start_key;
    Segment segment;

    static ScanRequest parse(const json::object& request);
};

ScanRequest ScanRequest::parse(const json::object& request) {
    check_expression_parameters(request, kExpressions, kReplaced);
    check_select(request);
    check_attributes_to_get(request);
    ScanRequest scan;
    scan.reading = parse_reading(request);
    scan.reading.filter = parse_legacy_filter(request, "ScanFilter", ValueLayer::older);
    scan.start_key = parse_start_key(request, ValueLayer::older);
    scan.segment = parse_segment(request);
    ExpressionAttributes attributes(request, ValueLayer::older);
    if (const auto source = find_text(request, "FilterExpression")) {
        scan.reading.filter = parse_condition("FilterExpression", *source, attributes);
    }
    scan.reading.projection = parse_projection_of(request, attributes);
    attributes.check_all_used();
    return scan;
}

Source find_source(Context& ctx, const json::object& request, const ScanRequest& scan) {
    Table table = usable_table(ctx, request);
    const auto index = find_text(request, "IndexName");
    if (index && scan.start_key && !table.find_index(*index)) throw starting_key_is_invalid();
    return source_of(std::move(table), request);
}

void check_index_start(const Source& source, const Item& start_key) {
    check_start_size(source, start_key);
    const KeySchema schema = source.schema();
    check_start_attributes(schema.partition, start_key);
    check_start_attributes(schema.sort, start_key);
}

IndexPosition start_in(const Source& source, const ScanRequest& scan, const json::object& request) {
    IndexPosition position = position_of(source, *scan.start_key);
    const std::int64_t hash = source.index ? position.place.hash() : position.item.hash();
    if (hash >= scan.segment.first && hash < scan.segment.end) return position;
    throw validation_error(
        "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use "
        "ExclusiveStartKey with correct Segment. TotalSegments: " +
        std::to_string(number_member(request, "TotalSegments", 1)) +
        " Segment: " + std::to_string(number_member(request, "Segment", 0)));
}

void check_attributes(const Source& source, const Reading& reading) {
    check_projection(source.table, reading.projection);
    std::vector<const Path*> paths;
    if (reading.filter) collect_paths(*reading.filter, paths);
    check_paths_into_keys(source.table, paths);
}

ReadItems reader_of(Context& ctx, const Source& source, const Segment& segment) {
    return
        [&ctx, &source, segment](const std::optional<IndexPosition>& after, std::int64_t wanted) {
            if (source.index) {
                return list_index(ctx, source.table, *source.index, after, segment.first,
                                  segment.end, wanted);
            }
            std::vector<IndexedItem> items;
            const std::optional<Key> key = after ? std::optional(after->item) : std::nullopt;
            for (StoredItem& item :
                 list_items(ctx, source.table, key, segment.first, segment.end, wanted)) {
                items.push_back({{}, std::move(item)});
            }
            return items;
        };
}

}  // namespace

json::object scan(Context& ctx, const json::object& request) {
    const ScanRequest scan = ScanRequest::parse(request);
    const Source source = find_source(ctx, request, scan);
    if (scan.start_key && source.index) check_index_start(source, *scan.start_key);
    check_projected(source, scan.reading);
    std::optional<IndexPosition> start;
    if (scan.start_key) start = start_in(source, scan, request);
    check_attributes(source, scan.reading);
    return answer_page(request, source, scan.reading, std::move(start),
                       reader_of(ctx, source, scan.segment));
}

}  // namespace sbemu::dynamodb
