#include <array>

#include "emulator/store/store.h"
#include "fakes/lambda/rows.h"

namespace sbemu::lambda {
namespace {

constexpr std::array<std::string_view, 7> kStateNames{
    "Creating", "Enabling", "Enabled", "Disabling", "Disabled", "Updating", "Deleting"};

using MappingRow = std::tuple<std::int64_t, std::string, std::string, std::string, std::string,
                              std::string, std::string, std::int64_t, std::int64_t, std::int64_t,
                              std::string, std::optional<std::int64_t>, std::int64_t, std::int64_t,
                              std::int64_t, std::string, std::int64_t>;

Mapping mapping_of(MappingRow row) {
    auto& [number, uuid, account, region, source_arn, function_name, function_arn, state, enabled,
           batch_size, starting_position, starting_timestamp, maximum_retry_attempts,
           maximum_record_age_seconds, last_modified, last_processing_result, positioned] = row;
    return {number,
            std::move(uuid),
            {std::move(account), std::move(region), {}},
            std::move(source_arn),
            std::move(function_name),
            std::move(function_arn),
            static_cast<MappingState>(state),
            enabled != 0,
            batch_size,
            std::move(starting_position),
            starting_timestamp,
            maximum_retry_attempts,
            maximum_record_age_seconds,
            last_modified,
            std::move(last_processing_result),
            positioned != 0};
}

// The rows of a query that selects the columns of MappingRow.
template <class... Args>
std::vector<Mapping> select_mappings(Store& store, std::string_view sql, const Args&... args) {
    std::vector<Mapping> mappings;
    for (auto& row :
         store.list<std::int64_t, std::string, std::string, std::string, std::string, std::string,
                    std::string, std::int64_t, std::int64_t, std::int64_t, std::string,
                    std::optional<std::int64_t>, std::int64_t, std::int64_t, std::int64_t,
                    std::string, std::int64_t>(sql, args...)) {
        mappings.push_back(mapping_of(std::move(row)));
    }
    return mappings;
}

std::optional<Mapping> first(std::vector<Mapping> mappings) {
    if (mappings.empty()) return std::nullopt;
    return std::move(mappings.front());
}

}  // namespace

std::string_view state_name(MappingState state) {
    return kStateNames[static_cast<std::size_t>(state)];
}

void insert_mapping(Context& ctx, const Mapping& mapping) {
    ctx.store.run(
        "INSERT INTO lambda_mapping (uuid, account, region, source_arn, function_name,"
        " function_arn, state, enabled, batch_size, starting_position, starting_timestamp,"
        " maximum_retry_attempts, maximum_record_age_seconds, last_modified,"
        " last_processing_result, positioned)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        mapping.uuid, ctx.caller.account, ctx.caller.region, mapping.source_arn,
        mapping.function_name, mapping.function_arn, static_cast<std::int64_t>(mapping.state),
        std::int64_t{mapping.enabled}, mapping.batch_size, mapping.starting_position,
        mapping.starting_timestamp, mapping.maximum_retry_attempts,
        mapping.maximum_record_age_seconds, mapping.last_modified, mapping.last_processing_result,
        std::int64_t{mapping.positioned});
}

std::optional<Mapping> find_mapping(Context& ctx, std::string_view uuid) {
    return first(select_mappings(
        ctx.store,
        "SELECT number, uuid, account, region, source_arn, function_name, function_arn, state,"
        " enabled, batch_size, starting_position, starting_timestamp, maximum_retry_attempts,"
        " maximum_record_age_seconds, last_modified, last_processing_result, positioned"
        " FROM lambda_mapping WHERE uuid = ? AND account = ? AND region = ? ORDER BY number",
        uuid, ctx.caller.account, ctx.caller.region));
}

std::optional<Mapping> find_duplicate(Context& ctx, std::string_view source_arn,
                                      std::string_view function_arn) {
    return first(list_mappings(ctx, source_arn, function_arn, 0, 1));
}

void update_mapping(Context& ctx, const Mapping& mapping) {
    ctx.store.run(
        "UPDATE lambda_mapping SET function_name = ?, function_arn = ?, state = ?, enabled = ?,"
        " batch_size = ?, maximum_retry_attempts = ?, maximum_record_age_seconds = ?,"
        " last_modified = ?, positioned = ? WHERE uuid = ?",
        mapping.function_name, mapping.function_arn, static_cast<std::int64_t>(mapping.state),
        std::int64_t{mapping.enabled}, mapping.batch_size, mapping.maximum_retry_attempts,
        mapping.maximum_record_age_seconds, mapping.last_modified, std::int64_t{mapping.positioned},
        mapping.uuid);
}

void set_last_processing_result(Context& ctx, const Mapping& mapping, std::string_view result) {
    if (mapping.last_processing_result == result) return;
    ctx.store.run("UPDATE lambda_mapping SET last_processing_result = ? WHERE uuid = ?", result,
                  mapping.uuid);
}

void erase_mapping(Context& ctx, std::string_view uuid) {
    ctx.store.run("DELETE FROM lambda_mapping WHERE uuid = ?", uuid);
}

std::vector<Mapping> list_mappings(Context& ctx, std::string_view source_arn,
                                   std::string_view function_arn, std::int64_t after,
                                   std::int64_t limit) {
    return select_mappings(
        ctx.store,
        "SELECT number, uuid, account, region, source_arn, function_name, function_arn, state,"
        " enabled, batch_size, starting_position, starting_timestamp, maximum_retry_attempts,"
        " maximum_record_age_seconds, last_modified, last_processing_result, positioned"
        " FROM lambda_mapping WHERE account = ? AND region = ?"
        " AND (? = '' OR source_arn = ?) AND (? = '' OR function_arn = ?) AND number > ?"
        " ORDER BY number LIMIT ?",
        ctx.caller.account, ctx.caller.region, source_arn, source_arn, function_arn, function_arn,
        after, limit);
}

std::vector<Mapping> list_mappings_of_function(Context& ctx, std::string_view function_name) {
    return select_mappings(
        ctx.store,
        "SELECT number, uuid, account, region, source_arn, function_name, function_arn, state,"
        " enabled, batch_size, starting_position, starting_timestamp, maximum_retry_attempts,"
        " maximum_record_age_seconds, last_modified, last_processing_result, positioned"
        " FROM lambda_mapping WHERE account = ? AND region = ? AND function_name = ?"
        " ORDER BY number",
        ctx.caller.account, ctx.caller.region, function_name);
}

std::vector<Mapping> list_all_mappings(Store& store) {
    return select_mappings(
        store,
        "SELECT number, uuid, account, region, source_arn, function_name, function_arn, state,"
        " enabled, batch_size, starting_position, starting_timestamp, maximum_retry_attempts,"
        " maximum_record_age_seconds, last_modified, last_processing_result, positioned"
        " FROM lambda_mapping ORDER BY number");
}

}  // namespace sbemu::lambda
