#include "fakes/sts/rows.h"

#include "emulator/store/store.h"

namespace sbemu::sts {

// Keyed by the access key alone: whose account it is, is what is looked up.
const std::string_view kSchema = R"sql(
    CREATE TABLE IF NOT EXISTS sts_session (
        access_key TEXT PRIMARY KEY, secret_key TEXT NOT NULL, token TEXT NOT NULL,
        account TEXT NOT NULL, arn TEXT NOT NULL, user_id TEXT NOT NULL,
        issued INTEGER NOT NULL, expires INTEGER NOT NULL, policy TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
)sql";

std::optional<Session> find_session(Context& ctx, std::string_view access_key) {
    auto row = ctx.store.find<std::string, std::string, std::string, std::string, std::string,
                              std::int64_t, std::int64_t, std::string>(
        "SELECT secret_key, token, account, arn, user_id, issued, expires, policy"
        " FROM sts_session WHERE access_key = ?",
        access_key);
    if (!row) return std::nullopt;
    auto& [secret_key, token, account, arn, user_id, issued, expires, policy] = *row;
    return Session{
        std::string(access_key), std::move(secret_key), std::move(token), std::move(account),
        std::move(arn),          std::move(user_id),    issued,           expires,
        std::move(policy)};
}

void insert_session(Context& ctx, const Session& session) {
    ctx.store.run(
        "INSERT INTO sts_session (access_key, secret_key, token, account, arn, user_id, issued,"
        " expires, policy) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        session.access_key, session.secret_key, session.token, session.account, session.arn,
        session.user_id, session.issued, session.expires, session.policy);
}

}  // namespace sbemu::sts
