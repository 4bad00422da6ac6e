// STS: who is calling, and temporary credentials.
//
// The access keys it issues carry their account (emulator/core/access_key.h); whose session a key
// is stands in a row. Trust policies are not evaluated: a role that exists can be assumed, by the
// account's root too, which AWS forbids; but nobody here has another identity.
//
// Signals, for other services and the host:
//   CredentialsForRole {RoleArn, SessionName, DurationSeconds?}
//                        -> {AccessKeyId, SecretAccessKey, SessionToken, Expiration}
//                        for services that act as a role (a Lambda function's). The role need not
//                        exist: a function keeps running when its role is deleted.
//   ResolveAccessKey   {AccessKeyId} -> {Account, Arn, UserId}
//                        throws InvalidClientTokenId for an issued key that is unknown,
//                        ExpiredToken for one whose time is up
#pragma once

#include "emulator/core/service.h"

namespace sbemu::sts {

const Service& service();

}  // namespace sbemu::sts
