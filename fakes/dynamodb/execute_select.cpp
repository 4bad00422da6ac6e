// SELECT: the pages of a table or an index.
#include <algorithm>
#include <boost/json.hpp>
#include <set>
#include <utility>

#include "fakes/dynamodb/execute.h"
#include "fakes/dynamodb/execute_keys.h"
#include "fakes/dynamodb/execute_token.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/keys.h"
#include "fakes/dynamodb/partiql/paths.h"
#include "fakes/dynamodb/partiql/problems.h"
#include "fakes/dynamodb/unprojected.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::int64_t kMaxPageBytes = 1024L * 1024;
constexpr std::int64_t kRowsPerRead = 64;

struct Column {
    Path path;
    std::string name;
};

void check_clauses(const partiql::Select& select) {
    if (!select.refused) return;
    throw partiql::problem_at("Unsupported clause: " + select.refused->name,
                              select.refused->position);
}

std::vector<Column> columns_of(const partiql::Select& select) {
    std::vector<Column> columns;
    std::set<std::string> names;
    for (const partiql::Expression& expression : select.columns) {
        Column column{partiql::path_of(expression), ""};
        column.name = partiql::column_of(column.path);
        if (!names.insert(column.name).second) {
            throw validation_error("Duplicate identifiers in select clause: " + column.name);
        }
        columns.push_back(std::move(column));
    }
    if (select.everything && !columns.empty()) {
        throw validation_error(
            "Other attributes should not be present in the projection when '*' is used.");
    }
    return columns;
}

Item show(const std::vector<Column>& columns, const Item& item) {
    Item result;
    for (const Column& column : columns) {
        if (const json::object* value = find(item, column.path)) result[column.name] = *value;
    }
    return result;
}

struct Plan {
    const Index* index = nullptr;
    std::optional<Node> where;
    std::vector<Column> columns;  // none: all that is there
    bool fetches_items = false;   // a local index lacks some of the columns
    // Nothing: a scan.
    std::optional<std::vector<KeyedRead>> reads;
    bool forward = true;
};

const Index* index_of(const Table& table, const partiql::Prepared& prepared, bool consistent) {
    if (!prepared.index) return nullptr;
    const Index* index = table.find_index(*prepared.index);
    if (!index) throw validation_error("The table does not have the specified index");
    if (index->partition.size() > 1 || index->sort.size() > 1) {
        throw validation_error(
            "PartiQL statements cannot be executed on tables with multi-attribute HASH keys or "
            "multi-attribute RANGE keys.");
    }
    if (consistent && index->is_global) {
        throw validation_error(
            "Strongly consistent read is not supported on Global Secondary Indexes");
    }
    return index;
}

void check_columns(const Table& table, Plan& plan) {
    if (!plan.index) return;
    std::vector<const Path*> paths;
    for (const Column& column : plan.columns) paths.push_back(&column.path);
    const std::vector<std::string> missing = unprojected(table, *plan.index, paths);
    if (missing.empty()) return;
    plan.fetches_items = !plan.index->is_global;
    if (plan.fetches_items) return;
    throw not_projected(*plan.index, missing);
}

std::vector<std::string> unprojected_filters(const Table& table, const Index& index,
                                             const KeyedBranch& branch) {
    std::vector<const Path*> paths;
    for (const Node* filter : branch.filters) collect_paths(*filter, paths);
    return unprojected(table, index, paths);
}

// A read by keys is refused if every alternative filters by what the index does not have; a scan
// finds nothing there. That fits all recordings; why AWS names the alternative it names is unknown.
void check_filters(const Table& table, const Index& index,
                   const std::vector<KeyedBranch>& branches) {
    const KeyedBranch* named = nullptr;
    for (const KeyedBranch& branch : branches) {
        if (unprojected_filters(table, index, branch).empty()) return;
        if (!named || compare(branch.partitions.front(), named->partitions.front()) > 0) {
            named = &branch;
        }
    }
    if (!named) return;
    throw filters_not_projected(index, unprojected_filters(table, index, *named));
}

struct Order {
    bool by_partition = false;
    bool partitions_descend = false;
    bool by_sort = false;
    bool sorts_descend = false;
};

Order order_of(const std::vector<partiql::OrderTerm>& terms, const KeyNames& keys) {
    Order order;
    for (const partiql::OrderTerm& term : terms) {
        if (term.key.kind != partiql::Expression::Kind::name) {
            throw validation_error(
                "Argument to ORDER BY must be of type VariableReference. Type: " +
                partiql::describe(term.key));
        }
        const std::string& name = term.key.text;
        if (name == keys.partition.name) {
            order.by_partition = true;
            order.partitions_descend = term.descending;
        } else if (keys.sort && name == keys.sort->name) {
            order.by_sort = true;
            order.sorts_descend = term.descending;
        } else {
            throw validation_error("Attribute " + name +
                                   " in ORDER BY clause must be part of the primary key");
        }
    }
    return order;
}

void arrange(Plan& plan, const Order& order) {
    // Recorded: by the partition key alone, in either direction, sort keys come last to first.
    plan.forward = order.by_sort && !order.sorts_descend;
    std::stable_sort(plan.reads->begin(), plan.reads->end(),
                     [&](const KeyedRead& left, const KeyedRead& right) {
                         if (left.partition != right.partition) {
                             return order.partitions_descend ? left.partition > right.partition
                                                             : left.partition < right.partition;
                         }
                         return plan.forward ? left.range.low < right.range.low
                                             : left.range.low > right.range.low;
                     });
}

void apply_order(const partiql::Select& select, const KeyNames& keys, Plan& plan) {
    if (select.order.empty()) return;
    if (!select.where) {
        throw validation_error(
            "Must have WHERE clause in the statement when using ORDER BY clause.");
    }
    if (!plan.reads) {
        throw validation_error(
            "Must have at least one non-optional hash key condition in WHERE clause when using "
            "ORDER BY clause.");
    }
    const Order order = order_of(select.order, keys);
    const bool many = std::any_of(plan.reads->begin(), plan.reads->end(), [&](const auto& read) {
        return read.partition != plan.reads->front().partition;
    });
    if (many && !order.by_partition) {
        throw validation_error(
            "Must have hash key in ORDER BY clause when more than one hash key condition specified "
            "in WHERE clause.");
    }
    arrange(plan, order);
}

Plan plan_select(const Table& table, const partiql::Prepared& prepared, bool consistent) {
    const partiql::Select& select = *prepared.statement.select;
    Plan plan;
    plan.index = index_of(table, prepared, consistent);
    check_clauses(select);
    plan.columns = columns_of(select);
    const KeyNames keys = plan.index ? KeyNames(*plan.index) : KeyNames(table);
    if (prepared.where) {
        plan.where = prepared.where;
        const std::vector<KeyedBranch> branches = take_apart(*plan.where, keys);
        plan.reads = keyed_reads(branches, keys);
        if (plan.index && plan.reads) check_filters(table, *plan.index, branches);
    }
    check_columns(table, plan);
    apply_order(select, keys, plan);
    return plan;
}

struct Row {
    IndexPosition position;  // in a table `place` means nothing
    Item item;
    std::int64_t size = 0;
};

// The rows of one read, or of the scan if there are no reads, behind `after`.
std::vector<Row> read_rows(Context& ctx, const Table& table, const Plan& plan,
                           const KeyedRead* read, const std::optional<IndexPosition>& after,
                           std::int64_t limit) {
    std::vector<Row> rows;
    if (plan.index) {
        auto found = read ? query_index(ctx, table, *plan.index, read->partition, read->range,
                                        after, plan.forward, limit)
                          : list_index(ctx, table, *plan.index, after, 0, kHashes, limit);
        for (IndexedItem& each : found) {
            rows.push_back(
                {{each.place, each.stored.key}, std::move(each.stored.item()), each.stored.size});
        }
        return rows;
    }
    std::optional<Key> after_key;
    if (after) after_key = after->item;
    auto found =
        read ? query_items(ctx, table, read->partition, read->range, after_key, plan.forward, limit)
             : list_items(ctx, table, after_key, 0, kHashes, limit);
    for (StoredItem& each : found) {
        rows.push_back({{{}, std::move(each.key)}, std::move(each.item()), each.size});
    }
    return rows;
}

class Page {
  public:
    Page(Context& ctx, const Table& table, const Plan& plan, const SelectOptions& options)
        : ctx_(ctx), table_(table), plan_(plan), options_(options) {}

    StatementResult read() {
        PagePosition position;
        if (options_.next_token) {
            position = read_token(*options_.next_token, options_.fingerprint, table_, plan_.index);
        }
        const std::size_t reads = plan_.reads ? plan_.reads->size() : 1;
        for (std::size_t i = position.read; i < reads && !stopped_; ++i) {
            const KeyedRead* keyed = plan_.reads ? &(*plan_.reads)[i] : nullptr;
            const bool was_read = position.after && keyed && keyed->is_one_item && !plan_.index;
            if (!was_read) read_one(keyed, std::exchange(position.after, std::nullopt), i);
            position.after = std::nullopt;
        }
        return std::move(result_);
    }

  private:
    void read_one(const KeyedRead* keyed, std::optional<IndexPosition> after, std::size_t number) {
        std::int64_t bytes = 0;
        while (!stopped_) {
            const std::int64_t wanted = std::min(kRowsPerRead, options_.limit - evaluated_);
            std::vector<Row> rows = read_rows(ctx_, table_, plan_, keyed, after, wanted);
            for (Row& row : rows) {
                bytes += row.size;
                page_bytes_ += row.size;
                ++evaluated_;
                after = row.position;
                stopped_ = evaluated_ == options_.limit || page_bytes_ >= kMaxPageBytes;
                if (stopped_) stop_at(row.item, keyed, number);
                take(std::move(row.item));
                if (stopped_) break;
            }
            if (static_cast<std::int64_t>(rows.size()) < wanted) break;
        }
        const std::int64_t half_units = read_half_units(bytes, options_.consistent);
        if (plan_.index) {
            result_.consumed.add_to_index(*plan_.index, half_units);
        } else {
            result_.consumed.table += half_units;
        }
    }

    // A read of one item by its key leaves nothing to go on with.
    void stop_at(const Item& item, const KeyedRead* keyed, std::size_t number) {
        const bool is_last = !plan_.reads || number + 1 == plan_.reads->size();
        if (keyed && keyed->is_one_item && is_last && !plan_.index) return;
        result_.last_key = position_of(table_, plan_.index, item);
        result_.next_token = make_token(number, result_.last_key, options_.fingerprint);
    }

    void take(Item item) {
        if (plan_.fetches_items) {
            result_.consumed.table +=
                read_half_units(static_cast<std::int64_t>(size_of_item(item)), options_.consistent);
        }
        const bool is_part = plan_.index && !projects_all(*plan_.index);
        Item seen = is_part ? project(table_, *plan_.index, item) : Item();
        const Item& filtered = is_part ? seen : item;
        if (plan_.where && !holds(*plan_.where, filtered)) return;
        if (plan_.columns.empty()) {
            result_.items.emplace_back(is_part ? std::move(seen) : std::move(item));
        } else {
            result_.items.emplace_back(show(plan_.columns, item));
        }
    }

    Context& ctx_;
    const Table& table_;
    const Plan& plan_;
    const SelectOptions& options_;
    StatementResult result_;
    std::int64_t evaluated_ = 0;
    std::int64_t page_bytes_ = 0;
    bool stopped_ = false;
};

}  // namespace

StatementResult execute_select(Context& ctx, const Table& table, const partiql::Prepared& prepared,
                               const SelectOptions& options) {
    const Plan plan = plan_select(table, prepared, options.consistent);
    return Page(ctx, table, plan, options).read();
}

std::optional<Item> key_of_select(const Table& table, const partiql::Prepared& prepared) {
    const partiql::Select& select = *prepared.statement.select;
    const Index* index = index_of(table, prepared, false);
    check_clauses(select);
    columns_of(select);
    if (!prepared.where) return std::nullopt;
    const Node& where = *prepared.where;
    const KeyNames keys = index ? KeyNames(*index) : KeyNames(table);
    std::optional<Item> key = only_key(where, keys);
    if (!key) keyed_reads(take_apart(where, keys), keys);  // for what it refuses
    if (index) return std::nullopt;
    return key;
}

Item select_columns(const partiql::Prepared& prepared, const Item& item) {
    const std::vector<Column> columns = columns_of(*prepared.statement.select);
    return columns.empty() ? item : show(columns, item);
}

}  // namespace sbemu::dynamodb
