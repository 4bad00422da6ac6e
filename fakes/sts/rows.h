// Issued sessions as rows. The only SQL of the STS fake.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "emulator/core/context.h"

namespace sbemu::sts {

extern const std::string_view kSchema;

struct Session {
    std::string access_key;
    std::string secret_key;
    std::string token;
    std::string account;
    std::string arn;           // of the principal: an assumed role, or the root
    std::string user_id;       // as GetCallerIdentity answers it
    std::int64_t issued = 0;   // milliseconds
    std::int64_t expires = 0;  // milliseconds
    std::string policy;        // session policy; kept, not yet evaluated
};

std::optional<Session> find_session(Context& ctx, std::string_view access_key);
void insert_session(Context& ctx, const Session& session);

}  // namespace sbemu::sts
