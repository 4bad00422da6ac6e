// Who the caller is, and credentials for who the caller already is.
#include "emulator/core/access_key.h"
#include "emulator/core/members.h"
#include "fakes/sts/operations.h"
#include "fakes/sts/sessions.h"

namespace sbemu::sts {
namespace json = boost::json;
namespace {

json::object describe(const Identity& identity) {
    return {{"UserId", identity.user_id}, {"Account", identity.account}, {"Arn", identity.arn}};
}

}  // namespace

json::object get_caller_identity(Context& ctx, const json::object&) {
    return describe(identity_of(ctx, ctx.caller.access_key, ctx.caller.account));
}

json::object resolve_access_key(Context& ctx, const json::object& request) {
    return describe(identity_of(ctx, text_member(request, "AccessKeyId"), ctx.caller.account));
}

json::object get_session_token(Context& ctx, const json::object& request) {
    if (request.contains("SerialNumber") || request.contains("TokenCode")) {
        throw not_implemented("multi-factor authentication (SerialNumber, TokenCode)");
    }
    const Identity identity = identity_of(ctx, ctx.caller.access_key, ctx.caller.account);
    if (find_session(ctx, ctx.caller.access_key)) {
        // Text as users report it.
        throw ApiError("AccessDenied", "Cannot call GetSessionToken with session credentials", 403);
    }
    // API_GetSessionToken: the root gets an hour at most, and that is its default.
    return {{"Credentials", credentials_of(issue_session(ctx, identity, 3600))}};
}

json::object get_access_key_info(Context& ctx, const json::object& request) {
    const auto account = account_of_access_key(text_member(request, "AccessKeyId"));
    return {{"Account", account.value_or(ctx.caller.account)}};
}

}  // namespace sbemu::sts
