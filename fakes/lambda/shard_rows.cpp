#include "emulator/store/store.h"
#include "fakes/lambda/rows.h"

namespace sbemu::lambda {
namespace {

using ShardRow =
    std::tuple<std::string, std::string, std::string, std::string, std::int64_t, std::string,
               std::string, std::string, std::int64_t, std::int64_t, std::string>;

Shard shard_of(ShardRow row) {
    auto& [mapping, id, parent, adjacent_parent, phase, position_type, position, invocation,
           attempts, batch_count, batch_end] = row;
    return {std::move(mapping),
            std::move(id),
            std::move(parent),
            std::move(adjacent_parent),
            static_cast<ShardPhase>(phase),
            std::move(position_type),
            std::move(position),
            std::move(invocation),
            attempts,
            batch_count,
            std::move(batch_end)};
}

}  // namespace

void insert_shard(Context& ctx, const Shard& shard) {
    ctx.store.run(
        "INSERT INTO lambda_shard (mapping, id, parent, adjacent_parent, phase, position_type,"
        " position, invocation, attempts, batch_count, batch_end)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        shard.mapping, shard.id, shard.parent, shard.adjacent_parent,
        static_cast<std::int64_t>(shard.phase), shard.position_type, shard.position,
        shard.invocation, shard.attempts, shard.batch_count, shard.batch_end);
}

std::optional<Shard> find_shard(Context& ctx, std::string_view mapping, std::string_view id) {
    auto row = ctx.store.find<std::string, std::string, std::string, std::string, std::int64_t,
                              std::string, std::string, std::string, std::int64_t, std::int64_t,
                              std::string>(
        "SELECT mapping, id, parent, adjacent_parent, phase, position_type, position, invocation,"
        " attempts, batch_count, batch_end FROM lambda_shard WHERE mapping = ? AND id = ?",
        mapping, id);
    if (!row) return std::nullopt;
    return shard_of(std::move(*row));
}

void update_shard(Context& ctx, const Shard& shard) {
    ctx.store.run(
        "UPDATE lambda_shard SET phase = ?, position_type = ?, position = ?, invocation = ?,"
        " attempts = ?, batch_count = ?, batch_end = ? WHERE mapping = ? AND id = ?",
        static_cast<std::int64_t>(shard.phase), shard.position_type, shard.position,
        shard.invocation, shard.attempts, shard.batch_count, shard.batch_end, shard.mapping,
        shard.id);
}

std::vector<Shard> list_shards(Context& ctx, std::string_view mapping) {
    std::vector<Shard> shards;
    for (auto& row :
         ctx.store
             .list<std::string, std::string, std::string, std::string, std::int64_t, std::string,
                   std::string, std::string, std::int64_t, std::int64_t, std::string>(
                 "SELECT mapping, id, parent, adjacent_parent, phase, position_type, position,"
                 " invocation, attempts, batch_count, batch_end FROM lambda_shard"
                 " WHERE mapping = ? ORDER BY id",
                 mapping)) {
        shards.push_back(shard_of(std::move(row)));
    }
    return shards;
}

std::vector<IdleShard> list_idle_shards(Store& store, std::string_view source_arn) {
    std::vector<IdleShard> idle;
    for (auto& [account, region, mapping, shard] :
         store.list<std::string, std::string, std::string, std::string>(
             "SELECT lambda_mapping.account, lambda_mapping.region, lambda_mapping.uuid,"
             " lambda_shard.id FROM lambda_mapping"
             " JOIN lambda_shard ON lambda_shard.mapping = lambda_mapping.uuid"
             " WHERE lambda_mapping.source_arn = ? AND lambda_mapping.state = ?"
             " AND lambda_shard.phase = ? AND lambda_shard.invocation = ''"
             " AND lambda_shard.attempts = 0 ORDER BY lambda_mapping.number, lambda_shard.id",
             source_arn, static_cast<std::int64_t>(MappingState::enabled),
             static_cast<std::int64_t>(ShardPhase::reading))) {
        idle.push_back({{account, region, {}}, mapping, shard});
    }
    return idle;
}

}  // namespace sbemu::lambda
