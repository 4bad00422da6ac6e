#include "fakes/sts/sts.h"

#include "fakes/sts/operations.h"
#include "fakes/sts/rows.h"

namespace sbemu::sts {

const Service& service() {
    static constexpr Operation kOperations[] = {
        {"AssumeRole", assume_role},
        {"GetAccessKeyInfo", get_access_key_info},
        {"GetCallerIdentity", get_caller_identity},
        {"GetSessionToken", get_session_token},
    };
    static constexpr Operation kSignals[] = {
        {"CredentialsForRole", credentials_for_role},
        {"ResolveAccessKey", resolve_access_key},
    };
    static const Service kService{"sts", kOperations, kSignals, {}, kSchema};
    return kService;
}

}  // namespace sbemu::sts
