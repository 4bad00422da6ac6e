#include "fakes/sts/sessions.h"

#include <boost/json.hpp>

#include "emulator/core/access_key.h"
#include "emulator/core/encoding.h"

namespace sbemu::sts {
namespace json = boost::json;
namespace {

constexpr std::string_view kBase64Alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string new_access_key(Context& ctx, std::string_view account) {
    while (true) {
        std::string key = temporary_access_key(ctx.random, account);
        if (!find_session(ctx, key)) return key;
    }
}

// Real tokens begin with "IQoJb3JpZ2luX2Vj" ("\n\torigin_ec") and are some hundred bytes more.
std::string new_token(Context& ctx) {
    return "IQoJb3JpZ2luX2Vj" + ctx.random.text(300, kBase64Alphabet);
}

}  // namespace

Identity identity_of(Context& ctx, std::string_view access_key, std::string_view account) {
    const auto session = find_session(ctx, access_key);
    if (!session) {
        if (access_key.starts_with("ASIA") && account_of_access_key(access_key)) {
            throw ApiError("InvalidClientTokenId",
                           "The security token included in the request is invalid.", 403);
        }
        return {std::string(account), "arn:aws:iam::" + std::string(account) + ":root",
                std::string(account)};
    }
    if (session->expires <= to_milliseconds(ctx.now)) {
        throw ApiError("ExpiredToken", "The security token included in the request is expired",
                       403);
    }
    return {session->account, session->arn, session->user_id};
}

Session issue_session(Context& ctx, const Identity& identity, std::int64_t seconds,
                      std::string policy) {
    Session session;
    session.access_key = new_access_key(ctx, identity.account);
    session.secret_key = ctx.random.text(40, kBase64Alphabet);
    session.token = new_token(ctx);
    session.account = identity.account;
    session.arn = identity.arn;
    session.user_id = identity.user_id;
    session.issued = to_milliseconds(ctx.now);
    // Whole seconds, as Expiration is answered.
    session.expires =
        to_milliseconds(std::chrono::floor<std::chrono::seconds>(ctx.now)) + seconds * 1000;
    session.policy = std::move(policy);
    insert_session(ctx, session);
    return session;
}

json::object credentials_of(const Session& session) {
    return {{"AccessKeyId", session.access_key},
            {"SecretAccessKey", session.secret_key},
            {"SessionToken", session.token},
            {"Expiration", session.expires}};
}

}  // namespace sbemu::sts
