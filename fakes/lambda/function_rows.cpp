#include <boost/json.hpp>

#include "emulator/store/store.h"
#include "fakes/lambda/rows.h"

namespace sbemu::lambda {
namespace json = boost::json;
namespace {

using FunctionRow = std::tuple<std::string, std::string, std::string, std::int64_t, std::int64_t,
                               std::int64_t, std::string, std::string, std::int64_t, std::string,
                               std::string, std::string, std::string>;

Function function_of(FunctionRow row) {
    auto& [name, environment, revision_id, active, updating, last_modified, code_hash, code_sha256,
           code_size, settings, tags, policy, policy_revision_id] = row;
    return {std::move(name),
            std::move(environment),
            std::move(revision_id),
            active != 0,
            updating != 0,
            last_modified,
            std::move(code_hash),
            std::move(code_sha256),
            code_size,
            json::parse(settings).as_object(),
            json::parse(tags).as_object(),
            json::parse(policy).as_array(),
            std::move(policy_revision_id)};
}

}  // namespace

std::optional<Function> find_function(Context& ctx, std::string_view name) {
    auto row = ctx.store.find<std::string, std::string, std::string, std::int64_t, std::int64_t,
                              std::int64_t, std::string, std::string, std::int64_t, std::string,
                              std::string, std::string, std::string>(
        "SELECT name, environment, revision_id, active, updating, last_modified, code_hash,"
        " code_sha256, code_size, settings, tags, policy, policy_revision_id FROM lambda_function"
        " WHERE account = ? AND region = ? AND name = ?",
        ctx.caller.account, ctx.caller.region, name);
    if (!row) return std::nullopt;
    return function_of(std::move(*row));
}

void insert_function(Context& ctx, const Function& function) {
    ctx.store.run(
        "INSERT INTO lambda_function (account, region, name, environment, revision_id, active,"
        " updating, last_modified, code_hash, code_sha256, code_size, settings, tags, policy,"
        " policy_revision_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ctx.caller.account, ctx.caller.region, function.name, function.environment,
        function.revision_id, std::int64_t{function.active}, std::int64_t{function.updating},
        function.last_modified, function.code_hash, function.code_sha256, function.code_size,
        json::serialize(function.settings), json::serialize(function.tags),
        json::serialize(function.policy), function.policy_revision_id);
}

void update_function(Context& ctx, const Function& function) {
    ctx.store.run(
        "UPDATE lambda_function SET environment = ?, revision_id = ?, active = ?, updating = ?,"
        " last_modified = ?, code_hash = ?, code_sha256 = ?, code_size = ?, settings = ?,"
        " tags = ?, policy = ?, policy_revision_id = ?"
        " WHERE account = ? AND region = ? AND name = ?",
        function.environment, function.revision_id, std::int64_t{function.active},
        std::int64_t{function.updating}, function.last_modified, function.code_hash,
        function.code_sha256, function.code_size, json::serialize(function.settings),
        json::serialize(function.tags), json::serialize(function.policy),
        function.policy_revision_id, ctx.caller.account, ctx.caller.region, function.name);
}

void erase_function(Context& ctx, std::string_view name) {
    ctx.store.run("DELETE FROM lambda_function WHERE account = ? AND region = ? AND name = ?",
                  ctx.caller.account, ctx.caller.region, name);
}

std::vector<Function> list_functions(Context& ctx, std::string_view start, std::int64_t limit) {
    std::vector<Function> functions;
    for (auto& row :
         ctx.store.list<std::string, std::string, std::string, std::int64_t, std::int64_t,
                        std::int64_t, std::string, std::string, std::int64_t, std::string,
                        std::string, std::string, std::string>(
             "SELECT name, environment, revision_id, active, updating, last_modified, code_hash,"
             " code_sha256, code_size, settings, tags, policy, policy_revision_id"
             " FROM lambda_function"
             " WHERE account = ? AND region = ? AND name > ? ORDER BY name LIMIT ?",
             ctx.caller.account, ctx.caller.region, start, limit)) {
        functions.push_back(function_of(std::move(row)));
    }
    return functions;
}

std::vector<FunctionKey> list_all_functions(Store& store) {
    std::vector<FunctionKey> keys;
    for (auto& [account, region, name] : store.list<std::string, std::string, std::string>(
             "SELECT account, region, name FROM lambda_function ORDER BY account, region, name")) {
        keys.push_back({{account, region, {}}, name});
    }
    return keys;
}

}  // namespace sbemu::lambda
