#include "fakes/dynamodb/page.h"

#include <algorithm>
#include <boost/json.hpp>

#include "emulator/core/members.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/keys.h"
#include "fakes/dynamodb/unprojected.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::int64_t kMaxPageBytes = 1024L * 1024;
constexpr std::int64_t kRowsPerRead = 64;

std::string read_select_conflict(const std::string& select, bool to_get) {
    return std::string("Cannot specify the ") +
           (to_get ? "AttributesToGet" : "ProjectionExpression") + " when choosing to get " +
           (select == "COUNT" ? "only the Count" : select);
}

// The attributes that are asked for and not in the index; in the order they are asked for.
std::vector<std::string> unprojected_answers(const Source& source, const Reading& reading) {
    std::vector<const Path*> paths;
    if (reading.projection) {
        for (const Path& path : *reading.projection) paths.push_back(&path);
    }
    return unprojected(source.table, *source.index, paths);
}

// A local index answers what it does not project from the items themselves.
bool needs_whole_items(const Source& source, const Reading& reading) {
    if (!source.index || projects_all(*source.index)) return false;
    return reading.select == "ALL_ATTRIBUTES" || !unprojected_answers(source, reading).empty();
}

struct Page {
    json::array items;
    std::int64_t count = 0;
    std::int64_t scanned = 0;
    std::int64_t bytes = 0;
    std::int64_t fetched_half_units = 0;  // of whole items beside an index
    std::optional<IndexPosition> last;
    Item last_key;
    bool stopped_early = false;
};

class PageReader {
  public:
    PageReader(const Source& source, const Reading& reading)
        : source_(source),
          reading_(reading),
          position_attributes_(source.position_attributes()),
          fetches_(needs_whole_items(source, reading)) {
        if (reading.projection) projected_paths_.emplace(*reading.projection);
    }

    Page read(std::optional<IndexPosition> start, const ReadItems& read_items) {
        page_.last = std::move(start);
        while (!page_.stopped_early) {
            const std::int64_t wanted = std::min(kRowsPerRead, reading_.limit - page_.scanned);
            std::vector<IndexedItem> rows = read_items(page_.last, wanted);
            for (IndexedItem& row : rows) {
                add(row);
                if (page_.stopped_early) break;
            }
            if (static_cast<std::int64_t>(rows.size()) < wanted) break;
        }
        return std::move(page_);
    }

  private:
    void add(IndexedItem& row) {
        ++page_.scanned;
        page_.bytes += row.stored.size;
        page_.stopped_early = page_.scanned == reading_.limit || page_.bytes >= kMaxPageBytes;
        page_.last = IndexPosition{row.place, row.stored.key};
        Item& item = row.stored.item();
        if (page_.stopped_early) {
            for (const auto& name : position_attributes_) page_.last_key[name] = item.at(name);
        }
        if (fetches_) {
            const auto size = static_cast<std::int64_t>(size_of_item(item));
            page_.fetched_half_units += read_half_units(size, reading_.is_consistent);
        }
        if (!passes(item)) return;
        ++page_.count;
        if (!reading_.counts_only()) page_.items.push_back(answered(std::move(item)));
    }

    // A filter sees what the index has, even where more is answered.
    bool passes(const Item& item) const {
        if (!reading_.filter) return true;
        if (!source_.index || projects_all(*source_.index)) return holds(*reading_.filter, item);
        return holds(*reading_.filter, project(source_.table, *source_.index, item));
    }

    Item answered(Item item) const {
        if (projected_paths_) return projected_paths_->part_of(item);
        if (!source_.index || reading_.select == "ALL_ATTRIBUTES") return item;
        return project(source_.table, *source_.index, item);
    }

    const Source& source_;
    const Reading& reading_;
    std::vector<std::string> position_attributes_;
    bool fetches_;
    std::optional<ProjectedPaths> projected_paths_;
    Page page_;
};

ConsumedCapacity consumed_by(const Source& source, const Reading& reading, const Page& page) {
    ConsumedCapacity consumed;
    const std::int64_t read = read_half_units(page.bytes, reading.is_consistent);
    if (!source.index) {
        consumed.table = read;
    } else {
        consumed.table = page.fetched_half_units;
        consumed.add_to_index(*source.index, read);
    }
    return consumed;
}

}  // namespace

KeySchema Source::schema() const {
    if (index) return {index->partition, index->sort};
    KeySchema schema{{table.partition}, {}};
    if (table.sort) schema.sort.push_back(*table.sort);
    return schema;
}

std::vector<std::string> Source::position_attributes() const {
    std::vector<std::string> names{table.partition.name};
    if (table.sort) names.push_back(table.sort->name);
    const KeySchema keys = schema();
    for (const auto* attributes : {&keys.partition, &keys.sort}) {
        for (const KeyAttribute& attribute : *attributes) {
            if (std::find(names.begin(), names.end(), attribute.name) == names.end()) {
                names.push_back(attribute.name);
            }
        }
    }
    return names;
}

Source source_of(Table table, const json::object& request) {
    Source source{std::move(table), std::nullopt};
    const auto name = find_text(request, "IndexName");
    if (!name) return source;
    const Index* index = source.table.find_index(*name);
    // assumed: one that is being deleted is gone for readers
    if (!index || index->status == "DELETING") {
        throw validation_error("The table does not have the specified index: " + *name);
    }
    if (index->is_global && flag_member(request, "ConsistentRead")) {
        throw validation_error("Consistent reads are not supported on global secondary indexes");
    }
    if (index->status == "CREATING") {
        // The text is AWS's as reported by users; no recording.
        throw validation_error("Cannot read from backfilling global secondary index: " + *name);
    }
    source.index = *index;
    return source;
}

void check_select(const json::object& request) {
    const auto select = find_text(request, "Select");
    if (!select) return;
    const bool to_get = find_member(request, "AttributesToGet");
    const bool projects = to_get || find_member(request, "ProjectionExpression");
    if (*select == "SPECIFIC_ATTRIBUTES") {
        if (projects) return;
        throw validation_error(
            "Must specify the AttributesToGet or ProjectionExpression when choosing to get "
            "SPECIFIC_ATTRIBUTES");
    }
    if (projects) throw validation_error(read_select_conflict(*select, to_get));
    if (*select == "ALL_PROJECTED_ATTRIBUTES" && !find_member(request, "IndexName")) {
        throw validation_error(
            "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
    }
}

Reading parse_reading(const json::object& request) {
    Reading reading;
    reading.select = text_member(request, "Select");
    reading.is_consistent = flag_member(request, "ConsistentRead");
    reading.limit = number_member(request, "Limit", reading.limit);
    return reading;
}

void check_projected(const Source& source, const Reading& reading) {
    if (!source.index || !source.index->is_global || projects_all(*source.index)) return;
    const std::string& name = source.index->name;
    if (reading.select == "ALL_ATTRIBUTES") {
        throw invalid_values(
            "Select type ALL_ATTRIBUTES is not supported for global secondary index " + name +
            " because its projection type is not ALL");
    }
    const std::vector<std::string> missing = unprojected_answers(source, reading);
    if (!missing.empty()) throw not_projected(*source.index, missing);
}

json::object answer_page(const json::object& request, const Source& source, const Reading& reading,
                         std::optional<IndexPosition> start, const ReadItems& read) {
    Page page = PageReader(source, reading).read(std::move(start), read);
    json::object reply{{"Count", page.count}, {"ScannedCount", page.scanned}};
    if (!reading.counts_only()) reply["Items"] = std::move(page.items);
    if (page.stopped_early) reply["LastEvaluatedKey"] = std::move(page.last_key);
    report_capacity(request, source.table, consumed_by(source, reading, page), reply);
    return reply;
}

}  // namespace sbemu::dynamodb
