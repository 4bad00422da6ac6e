// Issues temporary credentials and says whose they are.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>

#include "fakes/sts/rows.h"

namespace sbemu::sts {

struct Identity {
    std::string account;
    std::string arn;
    std::string user_id;
};

// Whose the access key is; the account's root for a key that STS did not issue. Throws
// InvalidClientTokenId for a temporary key of sbemu's form that is not known, ExpiredToken.
Identity identity_of(Context& ctx, std::string_view access_key, std::string_view account);

// New credentials for the identity, good for `seconds`; they are remembered.
Session issue_session(Context& ctx, const Identity& identity, std::int64_t seconds,
                      std::string policy = "");

// {AccessKeyId, SecretAccessKey, SessionToken, Expiration}
boost::json::object credentials_of(const Session& session);

}  // namespace sbemu::sts
