// Scan reads a table page by page, in the order of the hashes of its partition keys.
#include <algorithm>
#include <boost/json.hpp>
#include <limits>

#include "emulator/core/members.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/keys.h"
#include "fakes/dynamodb/operations.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::int64_t kMaxPageBytes = 1024 * 1024;
constexpr std::int64_t kRowsPerRead = 64;

// Segments divide the first 12 bits of the hash (facts/dynamodb-kinesis.md 1.10).
constexpr std::int64_t kSlots = 1 << 12;

constexpr std::string_view kExpressions[] = {"ProjectionExpression", "FilterExpression"};
constexpr std::string_view kReplaced[] = {"AttributesToGet", "ScanFilter", "ConditionalOperator"};
constexpr std::string_view kNotBuilt[] = {"ScanFilter", "ConditionalOperator"};

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

void check_select(const json::object& request) {
    const auto select = find_text(request, "Select");
    if (!select) return;
    const bool to_get = find_member(request, "AttributesToGet");
    const bool projects = to_get || find_member(request, "ProjectionExpression");
    if (*select == "ALL_PROJECTED_ATTRIBUTES" && !find_member(request, "IndexName")) {
        throw validation_error(
            "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
    }
    if (*select == "SPECIFIC_ATTRIBUTES") {
        if (projects) return;
        throw validation_error(
            "Must specify the AttributesToGet or ProjectionExpression when choosing to get "
            "SPECIFIC_ATTRIBUTES");
    }
    if (!projects) return;
    throw validation_error(
        std::string("Cannot specify the ") + (to_get ? "AttributesToGet" : "ProjectionExpression") +
        " when choosing to get " + (*select == "COUNT" ? std::string("only the Count") : *select));
}

Item parse_start_key(const json::object& request) {
    const json::object* start = find_object(request, "ExclusiveStartKey");
    if (!start) return {};
    try {
        return normalize_item(*start, ValueLayer::older);
    } catch (const ApiError& error) {
        throw ApiError(error.code,
                       "The provided starting key is invalid: " + std::string(error.what()));
    }
}

Key start_of(const Table& table, const Item& start_key, const Segment& segment,
             const json::object& request) {
    Key key;
    try {
        key = key_of(table, start_key);
    } catch (const ApiError& error) {
        throw ApiError(error.code,
                       "The provided starting key is invalid: " + std::string(error.what()));
    }
    if (key.hash >= segment.first && key.hash < segment.end) return key;
    throw validation_error(
        "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use "
        "ExclusiveStartKey with correct Segment. TotalSegments: " +
        std::to_string(number_member(request, "TotalSegments", 1)) +
        " Segment: " + std::to_string(number_member(request, "Segment", 0)));
}

struct ScanRequest {
    Segment segment;
    Item start_key;  // empty: from the beginning
    std::optional<Node> filter;
    std::optional<Projection> projection;
    bool counts_only = false;
    std::int64_t limit = std::numeric_limits<std::int64_t>::max();

    static ScanRequest parse(const json::object& request);
};

ScanRequest ScanRequest::parse(const json::object& request) {
    check_expression_parameters(request, kExpressions, kReplaced);
    check_attributes_to_get(request);
    ScanRequest scan;
    scan.segment = parse_segment(request);
    check_select(request);
    scan.start_key = parse_start_key(request);
    ExpressionAttributes attributes(request, ValueLayer::older);
    if (const auto source = find_text(request, "FilterExpression")) {
        scan.filter = parse_condition("FilterExpression", *source, attributes);
    }
    scan.projection = parse_projection_of(request, attributes);
    attributes.check_all_used();
    scan.counts_only = text_member(request, "Select") == "COUNT";
    scan.limit = number_member(request, "Limit", scan.limit);
    return scan;
}

struct Page {
    json::array items;
    std::int64_t count = 0;
    std::int64_t scanned = 0;
    std::int64_t bytes = 0;
    std::optional<Key> last;
    Item last_key;
    bool stopped_early = false;

    void add(const Table& table, const ScanRequest& scan, StoredItem row);
};

void Page::add(const Table& table, const ScanRequest& scan, StoredItem row) {
    ++scanned;
    bytes += row.size;
    stopped_early = scanned == scan.limit || bytes >= kMaxPageBytes;
    last = row.key;
    if (stopped_early) last_key = key_attributes(table, row.item);
    if (scan.filter && !holds(*scan.filter, row.item)) return;
    ++count;
    if (scan.counts_only) return;
    items.push_back(scan.projection ? project(*scan.projection, row.item) : std::move(row.item));
}

Page read_page(Context& ctx, const Table& table, const ScanRequest& scan,
               std::optional<Key> after) {
    Page page;
    page.last = std::move(after);
    while (!page.stopped_early) {
        const std::int64_t wanted = std::min(kRowsPerRead, scan.limit - page.scanned);
        auto rows = list_items(ctx, table, page.last, scan.segment.first, scan.segment.end, wanted);
        const bool is_end = static_cast<std::int64_t>(rows.size()) < wanted;
        for (StoredItem& row : rows) {
            page.add(table, scan, std::move(row));
            if (page.stopped_early) break;
        }
        if (is_end) break;
    }
    return page;
}

}  // namespace

json::object scan(Context& ctx, const json::object& request) {
    const ScanRequest scan = ScanRequest::parse(request);
    refuse_members(request, "Scan", kNotBuilt);
    const Table table = usable_table(ctx, request);
    if (const auto index = find_text(request, "IndexName")) {
        throw validation_error("The table does not have the specified index: " + *index);
    }
    std::optional<Key> after;
    if (!scan.start_key.empty()) after = start_of(table, scan.start_key, scan.segment, request);

    Page page = read_page(ctx, table, scan, std::move(after));

    json::object reply{{"Count", page.count}, {"ScannedCount", page.scanned}};
    if (!scan.counts_only) reply["Items"] = std::move(page.items);
    if (page.stopped_early) reply["LastEvaluatedKey"] = std::move(page.last_key);
    report_capacity(request, table,
                    {read_half_units(page.bytes, flag_member(request, "ConsistentRead")), {}, {}},
                    reply);
    return reply;
}

}  // namespace sbemu::dynamodb
