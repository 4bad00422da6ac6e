#include "fakes/dynamodb/several_tables.h"

#include <boost/json.hpp>

#include "emulator/core/members.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

ConsumedCapacity doubled(const ConsumedCapacity& consumed) {
    ConsumedCapacity twice = consumed;
    twice.add(consumed);
    return twice;
}

// CapacityUnits of reads or writes, under that name as well, everywhere in the description.
void tell_kind(json::object& description, const char* kind) {
    if (const json::value* units = description.if_contains("CapacityUnits")) {
        const json::value amount = *units;
        description[kind] = amount;
    }
    for (auto& [name, member] : description) {
        if (json::object* inner = member.if_object()) tell_kind(*inner, kind);
    }
}

}  // namespace

CapacityOfTables::CapacityOfTables(const json::object& request, Kind kind)
    : wanted_(text_member(request, "ReturnConsumedCapacity", "NONE")), kind_(kind) {}

void CapacityOfTables::add(const Table& table, const ConsumedCapacity& consumed) {
    by_table_[table.named].add(kind_ == Kind::batch ? consumed : doubled(consumed));
}

void CapacityOfTables::report(json::object& reply) const {
    if (wanted_ == "NONE") return;
    json::array list;
    for (const auto& [table, consumed] : by_table_) {
        json::object description = describe_capacity(wanted_, table, consumed);
        if (kind_ == Kind::transaction_reads) tell_kind(description, "ReadCapacityUnits");
        if (kind_ == Kind::transaction_writes) tell_kind(description, "WriteCapacityUnits");
        list.push_back(std::move(description));
    }
    reply["ConsumedCapacity"] = std::move(list);
}

void MetricsOfTables::add(const Table& table, const PlannedWrite& planned) {
    json::object metrics = item_collection_metrics(request_, table, planned);
    if (metrics.empty()) return;
    json::value& list = by_table_[table.named];
    if (!list.is_array()) list.emplace_array();
    list.as_array().push_back(std::move(metrics));
}

void MetricsOfTables::report(json::object& reply) const {
    if (!by_table_.empty()) reply["ItemCollectionMetrics"] = by_table_;
}

}  // namespace sbemu::dynamodb
