#include "fakes/iam/rows.h"

#include "emulator/store/store.h"

namespace sbemu::iam {
namespace json = boost::json;

const std::string_view kSchema = R"sql(
    CREATE TABLE IF NOT EXISTS iam_role (
        account TEXT NOT NULL, name TEXT NOT NULL COLLATE NOCASE,
        path TEXT NOT NULL, id TEXT NOT NULL, created INTEGER NOT NULL,
        trust_policy TEXT NOT NULL, description TEXT, max_session_duration INTEGER NOT NULL,
        permissions_boundary TEXT, tags TEXT NOT NULL,
        PRIMARY KEY (account, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS iam_role_policy (
        account TEXT NOT NULL, role TEXT NOT NULL COLLATE NOCASE,
        name TEXT NOT NULL COLLATE NOCASE, document TEXT NOT NULL, size INTEGER NOT NULL,
        PRIMARY KEY (account, role, name),
        FOREIGN KEY (account, role) REFERENCES iam_role (account, name) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS iam_attached_role_policy (
        account TEXT NOT NULL, role TEXT NOT NULL COLLATE NOCASE, arn TEXT NOT NULL,
        name TEXT NOT NULL, path TEXT NOT NULL,
        PRIMARY KEY (account, role, arn),
        FOREIGN KEY (account, role) REFERENCES iam_role (account, name) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
)sql";

namespace {

using RoleRow =
    std::tuple<std::string, std::string, std::string, std::int64_t, std::string,
               std::optional<std::string>, std::int64_t, std::optional<std::string>, std::string>;

Role role_of(RoleRow row) {
    auto& [name, path, id, created, trust_policy, description, duration, boundary, tags] = row;
    return {std::move(name), std::move(path),         std::move(id),
            created,         std::move(trust_policy), std::move(description),
            duration,        std::move(boundary),     json::parse(tags).as_array()};
}

}  // namespace

std::optional<Role> find_role(Context& ctx, std::string_view name) {
    auto row = ctx.store.find<std::string, std::string, std::string, std::int64_t, std::string,
                              std::optional<std::string>, std::int64_t, std::optional<std::string>,
                              std::string>(
        "SELECT name, path, id, created, trust_policy, description, max_session_duration,"
        " permissions_boundary, tags FROM iam_role WHERE account = ? AND name = ?",
        ctx.caller.account, name);
    if (!row) return std::nullopt;
    return role_of(std::move(*row));
}

std::vector<Role> list_roles(Context& ctx) {
    std::vector<Role> roles;
    for (RoleRow& row : ctx.store.list<std::string, std::string, std::string, std::int64_t,
                                       std::string, std::optional<std::string>, std::int64_t,
                                       std::optional<std::string>, std::string>(
             "SELECT name, path, id, created, trust_policy, description, max_session_duration,"
             " permissions_boundary, tags FROM iam_role WHERE account = ? ORDER BY name",
             ctx.caller.account)) {
        roles.push_back(role_of(std::move(row)));
    }
    return roles;
}

void insert_role(Context& ctx, const Role& role) {
    ctx.store.run(
        "INSERT INTO iam_role (account, name, path, id, created, trust_policy, description,"
        " max_session_duration, permissions_boundary, tags) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ctx.caller.account, role.name, role.path, role.id, role.created, role.trust_policy,
        role.description, role.max_session_duration, role.permissions_boundary,
        json::serialize(role.tags));
}

void update_role(Context& ctx, const Role& role) {
    ctx.store.run(
        "UPDATE iam_role SET trust_policy = ?, description = ?, max_session_duration = ?,"
        " permissions_boundary = ?, tags = ? WHERE account = ? AND name = ?",
        role.trust_policy, role.description, role.max_session_duration, role.permissions_boundary,
        json::serialize(role.tags), ctx.caller.account, role.name);
}

void erase_role(Context& ctx, std::string_view name) {
    ctx.store.run("DELETE FROM iam_role WHERE account = ? AND name = ?", ctx.caller.account, name);
}

std::optional<std::string> find_policy(Context& ctx, std::string_view role, std::string_view name) {
    return ctx.store.value<std::string>(
        "SELECT document FROM iam_role_policy WHERE account = ? AND role = ? AND name = ?",
        ctx.caller.account, role, name);
}

std::vector<std::string> list_policy_names(Context& ctx, std::string_view role) {
    std::vector<std::string> names;
    for (auto& [name] : ctx.store.list<std::string>(
             "SELECT name FROM iam_role_policy WHERE account = ? AND role = ? ORDER BY name",
             ctx.caller.account, role)) {
        names.push_back(std::move(name));
    }
    return names;
}

std::int64_t policies_size(Context& ctx, std::string_view role, std::string_view but) {
    return ctx.store
        .value<std::int64_t>(
            "SELECT coalesce(sum(size), 0) FROM iam_role_policy"
            " WHERE account = ? AND role = ? AND name <> ?",
            ctx.caller.account, role, but)
        .value_or(0);
}

void put_policy(Context& ctx, std::string_view role, std::string_view name,
                std::string_view document, std::int64_t size) {
    ctx.store.run(
        "INSERT OR REPLACE INTO iam_role_policy (account, role, name, document, size)"
        " VALUES (?, ?, ?, ?, ?)",
        ctx.caller.account, role, name, document, size);
}

bool erase_policy(Context& ctx, std::string_view role, std::string_view name) {
    ctx.store.run("DELETE FROM iam_role_policy WHERE account = ? AND role = ? AND name = ?",
                  ctx.caller.account, role, name);
    return ctx.store.changes() > 0;
}

std::vector<AttachedPolicy> list_attached(Context& ctx, std::string_view role) {
    std::vector<AttachedPolicy> policies;
    for (auto& [arn, name, path] : ctx.store.list<std::string, std::string, std::string>(
             "SELECT arn, name, path FROM iam_attached_role_policy"
             " WHERE account = ? AND role = ? ORDER BY name, arn",
             ctx.caller.account, role)) {
        policies.push_back({std::move(arn), std::move(name), std::move(path)});
    }
    return policies;
}

void attach_policy(Context& ctx, std::string_view role, const AttachedPolicy& policy) {
    ctx.store.run(
        "INSERT OR REPLACE INTO iam_attached_role_policy (account, role, arn, name, path)"
        " VALUES (?, ?, ?, ?, ?)",
        ctx.caller.account, role, policy.arn, policy.name, policy.path);
}

bool detach_policy(Context& ctx, std::string_view role, std::string_view arn) {
    ctx.store.run("DELETE FROM iam_attached_role_policy WHERE account = ? AND role = ? AND arn = ?",
                  ctx.caller.account, role, arn);
    return ctx.store.changes() > 0;
}

}  // namespace sbemu::iam
