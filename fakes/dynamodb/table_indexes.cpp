#include "fakes/dynamodb/table_indexes.h"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "emulator/core/members.h"
#include "fakes/dynamodb/table_keys.h"
#include "fakes/dynamodb/table_settings.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

void read_projection(const json::object& request, Index& index) {
    const json::object& projection = request.at("Projection").as_object();
    index.projection = text_member(projection, "ProjectionType");
    if (index.projection.empty()) throw invalid_values("Unknown ProjectionType: null");
    for (const json::value& name : array_of(projection, "NonKeyAttributes")) {
        index.non_key.emplace_back(name.as_string());
    }
    const bool includes = index.projection == "INCLUDE";
    if (includes == index.non_key.empty()) {
        throw invalid_values("ProjectionType is " + index.projection +
                             ", but NonKeyAttributes is " + (includes ? "not " : "") + "specified");
    }
    std::sort(index.non_key.begin(), index.non_key.end());
    const auto twice = std::adjacent_find(index.non_key.begin(), index.non_key.end());
    if (twice != index.non_key.end()) {
        throw invalid_values("Duplicate element in NonKeyAttributes: " + *twice);
    }
}

Index parse_local_index(const json::object& request, const json::object& table_request,
                        const std::vector<KeyAttribute>& definitions) {
    const json::array& schema = array_of(request, "KeySchema");
    Index index;
    index.name = text_member(request, "IndexName");
    check_simple_keys(schema);
    if (schema.size() < 2) {
        throw invalid_values("Index KeySchema does not have a range key for index: " + index.name);
    }
    const auto first_key = [](const json::array& keys) {
        return text_member(keys.front().as_object(), "AttributeName");
    };
    const std::string hash_key = first_key(schema);
    const std::string table_key = first_key(array_of(table_request, "KeySchema"));
    if (hash_key != table_key) {
        throw invalid_values(
            "Index KeySchema does not have the same leading hash key as table KeySchema for "
            "index: " +
            index.name + ". index hash key: " + hash_key + ", table hash key: " + table_key);
    }
    Keys keys = parse_keys(schema, definitions);
    index.partition = std::move(keys.partition);
    index.sort = std::move(keys.sort);
    read_projection(request, index);
    return index;
}

void check_lists(const json::object& request) {
    for (const std::string member : {"LocalSecondaryIndexes", "GlobalSecondaryIndexes"}) {
        const json::array* indexes = find_array(request, member);
        if (indexes && indexes->empty()) throw invalid_values("List of " + member + " is empty");
    }
    if (find_array(request, "LocalSecondaryIndexes") && array_of(request, "KeySchema").size() < 2) {
        throw invalid_values(
            "Table KeySchema does not have a range key, which is required when specifying a "
            "LocalSecondaryIndex");
    }
}

void add_index(std::vector<Index>& indexes, Index index) {
    const auto has_its_name = [&](const Index& each) { return each.name == index.name; };
    if (std::any_of(indexes.begin(), indexes.end(), has_its_name)) {
        throw invalid_values("Duplicate index name: " + index.name);
    }
    index.id = static_cast<std::int64_t>(indexes.size()) + 1;
    indexes.push_back(std::move(index));
}

void check_index_throughput(const json::object& request, const std::string& name,
                            bool is_on_demand) {
    const bool is_given = find_object(request, "ProvisionedThroughput") != nullptr;
    if (!is_on_demand && !is_given) {
        throw invalid_values("ProvisionedThroughput is not specified for index: " + name);
    }
    if (is_on_demand && is_given) {
        throw invalid_values("ProvisionedThroughput should not be specified for index: " + name +
                             " when BillingMode is PAY_PER_REQUEST");
    }
}

json::object describe_global(Context& ctx, const Table& table, const Index& index,
                             bool with_warm_throughput) {
    const GlobalIndexDetails details = GlobalIndexDetails::of(index);
    json::object described{{"IndexName", index.name},
                           {"KeySchema", describe_keys({index.partition, index.sort})},
                           {"Projection", describe_projection(index)}};
    // Of a table that is being restored it is not told (DDB-TABLE-282).
    if (TableSettings::of(table).restored_from.empty()) described["IndexStatus"] = index.status;
    if (details.backfilling) described["Backfilling"] = *details.backfilling;
    described["ProvisionedThroughput"] = details.throughput;
    described["ProvisionedThroughput"].as_object()["NumberOfDecreasesToday"] =
        decreases_today(details.throughput, to_milliseconds(ctx.now));
    // What is counted so far is not told while it is made (assumed).
    const IndexCounts counts =
        index.status == "CREATING" ? IndexCounts{} : count_index(ctx, table, index);
    described["IndexSizeBytes"] = counts.bytes;
    described["ItemCount"] = counts.items;
    described["IndexArn"] = index_arn(ctx.caller, table, index);
    if (!details.on_demand.empty()) described["OnDemandThroughput"] = details.on_demand;
    if (with_warm_throughput) {
        json::object warm = details.warm;
        const bool is_new = index.status == "CREATING" || details.warm_soon;
        warm["Status"] = is_new ? "UPDATING" : "ACTIVE";
        described["WarmThroughput"] = std::move(warm);
    }
    return described;
}

json::object describe_local(Context& ctx, const Table& table, const Index& index) {
    const IndexCounts counts = count_index(ctx, table, index);
    return {{"IndexName", index.name},
            {"KeySchema", describe_keys({index.partition, index.sort})},
            {"Projection", describe_projection(index)},
            {"IndexSizeBytes", counts.bytes},
            {"ItemCount", counts.items},
            {"IndexArn", index_arn(ctx.caller, table, index)}};
}

}  // namespace

GlobalIndexDetails GlobalIndexDetails::of(const Index& index) {
    json::object written = json::parse(index.description).as_object();
    GlobalIndexDetails details;
    details.throughput = written.at("throughput").as_object();
    details.on_demand = written.at("on_demand").as_object();
    details.warm = written.at("warm").as_object();
    if (find_member(written, "backfilling"))
        details.backfilling = flag_member(written, "backfilling");
    if (const json::object* soon = find_object(written, "throughput_soon")) {
        details.throughput_soon = *soon;
    }
    if (const json::object* soon = find_object(written, "warm_soon")) details.warm_soon = *soon;
    if (const json::object* insights = find_object(written, "insights")) {
        details.insights = ContributorInsights::of(*insights);
    }
    return details;
}

void GlobalIndexDetails::save_in(Index& index) const {
    json::object written{{"throughput", throughput}, {"on_demand", on_demand}, {"warm", warm}};
    if (backfilling) written["backfilling"] = *backfilling;
    if (throughput_soon) written["throughput_soon"] = *throughput_soon;
    if (warm_soon) written["warm_soon"] = *warm_soon;
    if (insights) written["insights"] = insights->written();
    index.description = json::serialize(written);
}

Index parse_global_index(const json::object& request,
                         const std::vector<KeyAttribute>& definitions) {
    Index index;
    index.name = text_member(request, "IndexName");
    index.is_global = true;
    index.status = "CREATING";
    const json::array& schema = array_of(request, "KeySchema");
    check_global_keys(schema);
    Keys keys = parse_keys(schema, definitions);
    index.partition = std::move(keys.partition);
    index.sort = std::move(keys.sort);
    read_projection(request, index);
    return index;
}

GlobalIndexDetails new_index_details(const Context& ctx, const json::object& request,
                                     const std::string& name, bool is_on_demand) {
    Billing billing;
    if (const json::object* units = find_object(request, "ProvisionedThroughput")) {
        billing = parse_units(*units);
        check_limits(ctx, billing, name);
    }
    billing.is_on_demand = is_on_demand;
    check_on_demand_limits(ctx, request, {is_on_demand, false, name});
    GlobalIndexDetails details;
    details.throughput = new_throughput(billing);
    if (const json::object* limits = find_object(request, "OnDemandThroughput")) {
        details.on_demand = *limits;
    }
    details.warm = initial_warm_throughput(billing);
    if (const json::object* warm = find_object(request, "WarmThroughput")) {
        details.warm = raised_warm_throughput(
            ctx, details.warm, *warm,
            is_on_demand ? WarmFloor::initial_on_demand : WarmFloor::provisioned, name);
    }
    return details;
}

void check_projected_attributes(const std::vector<Index>& indexes) {
    std::size_t projected = 0;
    for (const Index& index : indexes) projected += index.non_key.size();
    if (projected <= kMaxProjectedAttributes) return;
    // assumed text
    throw invalid_values("Number of projected attributes exceeds the per-table limit of " +
                         std::to_string(kMaxProjectedAttributes));
}

std::vector<Index> parse_indexes(const Context& ctx, const json::object& request,
                                 const std::vector<KeyAttribute>& definitions,
                                 const Billing& billing) {
    check_lists(request);
    const json::array& locals = array_of(request, "LocalSecondaryIndexes");
    const json::array& globals = array_of(request, "GlobalSecondaryIndexes");
    for (const json::array* list : {&locals, &globals}) {
        for (const json::value& index : *list) {
            check_keys_are_defined(array_of(index.as_object(), "KeySchema"), definitions);
        }
    }
    check_definitions_are_used(request, definitions);
    std::vector<Index> indexes;
    for (const json::value& local : locals) {
        add_index(indexes, parse_local_index(local.as_object(), request, definitions));
    }
    if (locals.size() > kMaxLocalIndexes) {
        throw invalid_values("Number of LocalSecondaryIndexes exceeds per-table limit of " +
                             std::to_string(kMaxLocalIndexes));
    }
    for (const json::value& global : globals) {
        Index index = parse_global_index(global.as_object(), definitions);
        check_index_throughput(global.as_object(), index.name, billing.is_on_demand);
        new_index_details(ctx, global.as_object(), index.name, billing.is_on_demand).save_in(index);
        add_index(indexes, std::move(index));
    }
    if (globals.size() > kMaxGlobalIndexes) {
        throw invalid_values("GlobalSecondaryIndex count exceeds the per-table limit of " +
                             std::to_string(kMaxGlobalIndexes));
    }
    check_projected_attributes(indexes);
    return indexes;
}

std::string names_with_status(const Table& table, std::string_view status) {
    std::string names;
    for (const Index& index : table.indexes) {
        if (!index.is_global || index.status != status) continue;
        names += (names.empty() ? "" : ", ") + index.name;
    }
    return "[" + names + "]";
}

bool has_index_with_status(const Table& table, std::string_view status) {
    return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const Index& index) {
        return index.is_global && index.status == status;
    });
}

void describe_indexes(Context& ctx, const Table& table, bool with_warm_throughput,
                      json::object& description) {
    json::array locals;
    json::array globals;
    for (const Index& index : table.indexes) {
        if (index.is_global) {
            globals.push_back(describe_global(ctx, table, index, with_warm_throughput));
        } else {
            locals.push_back(describe_local(ctx, table, index));
        }
    }
    if (!locals.empty()) description["LocalSecondaryIndexes"] = std::move(locals);
    if (!globals.empty()) description["GlobalSecondaryIndexes"] = std::move(globals);
}

std::string index_arn(const Caller& caller, const Table& table, const Index& index) {
    return table_arn(caller, table.name) + "/index/" + index.name;
}

json::object describe_projection(const Index& index) {
    json::object projection{{"ProjectionType", index.projection}};
    if (!index.non_key.empty()) {
        projection["NonKeyAttributes"] = json::array(index.non_key.begin(), index.non_key.end());
    }
    return projection;
}

}  // namespace sbemu::dynamodb
