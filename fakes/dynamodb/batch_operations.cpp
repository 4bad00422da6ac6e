// BatchWriteItem and BatchGetItem: many items of several tables in one call, each for itself.
#include <boost/json.hpp>
#include <map>
#include <set>

#include "emulator/core/members.h"
#include "fakes/dynamodb/index_keys.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/several_tables.h"
#include "fakes/dynamodb/values/entries.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxWrites = 25;
constexpr std::size_t kMaxReads = 100;
constexpr std::size_t kMaxAnswerBytes = 16UL * 1024 * 1024;

constexpr std::string_view kProjections[] = {"ProjectionExpression"};
constexpr std::string_view kOldProjections[] = {"AttributesToGet"};

// The items of a batch. One may be named by its table's name and again by its ARN: assumed to be a
// duplicate as well.
class NamedItems {
  public:
    void add(const Table& table, const Key& key) {
        if (named_.emplace(table.id, key).second) return;
        throw validation_error("Provided list of item keys contains duplicates");
    }

  private:
    std::set<std::pair<std::int64_t, Key>> named_;
};

ItemWrite parse_write(const json::object& request) {
    const json::object* put = find_object(request, "PutRequest");
    const json::object* erase = find_object(request, "DeleteRequest");
    if (put && erase) {
        throw validation_error(
            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of "
            "the supported datatypes");
    }
    if (!put && !erase) {
        throw validation_error(
            "Supplied AttributeValue is empty, must contain exactly one of the supported "
            "datatypes");
    }
    ItemWrite write;
    write.kind = put ? ItemWrite::Kind::put : ItemWrite::Kind::erase;
    write.item = put ? NormalItem::in(object_member(*put, "Item"), ValueLayer::older)
                     : NormalItem::in(object_member(*erase, "Key"), ValueLayer::older);
    if (put) check_size(write.item);
    return write;
}

struct TableWrites {
    std::string table;  // as the request names it: a name or an ARN
    std::vector<ItemWrite> writes;
};

std::vector<TableWrites> parse_writes(const json::object& request) {
    const json::object& items = object_member(request, "RequestItems");
    if (items.empty()) {
        throw validation_error("The requestItems parameter is required for BatchWriteItem");
    }
    std::vector<TableWrites> result;
    std::size_t count = 0;
    for (const auto& [table, requests] : items) {
        TableWrites& writes = result.emplace_back(TableWrites{table, {}});
        count += list_entry(requests).size();
        for (const json::value& each : list_entry(requests)) {
            writes.writes.push_back(parse_write(object_entry(each)));
        }
    }
    if (count > kMaxWrites) {
        throw validation_error("Too many items requested for the BatchWriteItem call");  // assumed
    }
    return result;
}

// A put has the wrong keys in the words of a Key here (facts/dynamodb-kinesis.md 1.6).
void check_write(const Table& table, const ItemWrite& write, NamedItems& named) {
    const bool is_put = write.kind == ItemWrite::Kind::put;
    const Key key = is_put ? key_of(table, key_members(table, write.item.item()))
                           : key_of(table, write.item.item());
    if (is_put) check_index_keys(table, write.item.item());
    named.add(table, key);
}

struct TableReads {
    std::string table;  // as the request names it
    std::vector<Item> keys;
    std::optional<Projection> projection;
    bool consistent = false;
    json::object request;  // without its keys
};

TableReads parse_table_reads(std::string_view table, const json::object& request) {
    TableReads reads;
    reads.table = table;
    for (const json::value& key : *find_array(request, "Keys")) {
        reads.keys.push_back(normalize_item(object_entry(key)));
    }
    check_attributes_to_get(request);
    ExpressionAttributes attributes(request);
    reads.projection = parse_projection_of(request, attributes);
    attributes.check_all_used();
    reads.consistent = flag_member(request, "ConsistentRead");
    reads.request = request;
    reads.request.erase("Keys");
    return reads;
}

// Expressions for one table and parameters that they replaced for another do not go together.
void check_not_mixed(const json::object& items) {
    json::object all;
    for (const auto& [table, reads] : items) {
        for (const std::string_view member : {kProjections[0], kOldProjections[0]}) {
            if (const json::value* found = find_member(object_entry(reads), member)) {
                all[member] = *found;
            }
        }
    }
    check_expression_parameters(all, kProjections, kOldProjections);
}

std::vector<TableReads> parse_reads(const json::object& request) {
    const json::object& items = object_member(request, "RequestItems");
    check_not_mixed(items);
    std::size_t count = 0;
    for (const auto& [table, reads] : items) {
        check_expression_parameters(object_entry(reads), kProjections, kOldProjections);
        count += find_array(object_entry(reads), "Keys")->size();
    }
    if (count > kMaxReads) {
        throw validation_error("Too many items requested for the BatchGetItem call");
    }
    std::vector<TableReads> result;
    for (const auto& [table, reads] : items) {
        result.push_back(parse_table_reads(table, reads.as_object()));
    }
    return result;
}

// What the answer has room for; the keys of the rest are answered as unprocessed.
class ReadAnswer {
  public:
    ReadAnswer(Context& ctx, const json::object& request) : ctx_(ctx), capacity_(request) {}

    void read(const TableReads& reads) {
        const Table table = usable_table(ctx_, {{"TableName", reads.table}});
        check_projection(table, reads.projection);
        std::vector<Key> keys;
        for (const Item& item : reads.keys) {
            keys.push_back(key_of(table, item));
            named_.add(table, keys.back());
        }
        json::array items;
        json::array unprocessed;
        for (std::size_t i = 0; i < keys.size(); ++i) {
            if (is_full_) {
                unprocessed.push_back(reads.keys[i]);
            } else {
                add_item(table, reads, keys[i], items);
            }
        }
        responses_[reads.table] = std::move(items);
        if (unprocessed.empty()) return;
        json::object rest = reads.request;
        rest["Keys"] = std::move(unprocessed);
        unprocessed_[reads.table] = std::move(rest);
    }

    json::object take() {
        json::object reply{{"Responses", std::move(responses_)},
                           {"UnprocessedKeys", std::move(unprocessed_)}};
        capacity_.report(reply);
        return reply;
    }

  private:
    void add_item(const Table& table, const TableReads& reads, const Key& key, json::array& items) {
        std::optional<StoredItem> found = find_item(ctx_, table, key);
        const std::int64_t size = found ? found->size : 0;
        capacity_.add(table, {read_half_units(size, reads.consistent), {}, {}});
        if (!found) return;
        bytes_ += static_cast<std::size_t>(size);
        is_full_ = bytes_ >= kMaxAnswerBytes;
        items.push_back(reads.projection ? project(*reads.projection, found->item())
                                         : std::move(found->item()));
    }

    Context& ctx_;
    CapacityOfTables capacity_;
    NamedItems named_;
    json::object responses_;
    json::object unprocessed_;
    std::size_t bytes_ = 0;
    bool is_full_ = false;
};

}  // namespace

json::object batch_write_item(Context& ctx, const json::object& request) {
    std::vector<TableWrites> batch = parse_writes(request);
    std::vector<Table> tables;
    NamedItems named;
    for (const TableWrites& each : batch) {
        tables.push_back(usable_table(ctx, {{"TableName", each.table}}));
        for (const ItemWrite& write : each.writes) check_write(tables.back(), write, named);
    }

    CapacityOfTables capacity(request);
    MetricsOfTables metrics(request);
    for (std::size_t i = 0; i < batch.size(); ++i) {
        for (ItemWrite& write : batch[i].writes) {
            const PlannedWrite planned = plan_write(ctx, tables[i], write);
            capacity.add(tables[i], carry_out(ctx, tables[i], planned));
            metrics.add(tables[i], planned);
        }
    }

    json::object reply{{"UnprocessedItems", json::object()}};
    capacity.report(reply);
    metrics.report(reply);
    return reply;
}

json::object batch_get_item(Context& ctx, const json::object& request) {
    const std::vector<TableReads> batch = parse_reads(request);
    ReadAnswer answer(ctx, request);
    for (const TableReads& reads : batch) answer.read(reads);
    return answer.take();
}

}  // namespace sbemu::dynamodb
