// AWS Signature Version 4 for requests signed by their headers.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "handlers/runtime/http.h"

namespace sbemu::lambda_runtime {

struct Credentials {
    std::string access_key_id;
    std::string secret_access_key;
    std::string session_token;  // "" when there is none
};

using QueryParameters = std::vector<std::pair<std::string, std::string>>;

// The parts of a request that are signed.
struct SignableRequest {
    std::string method;
    std::string canonical_path;  // as signed: S3's as sent, every other service's encoded once more
    QueryParameters query;       // names and values before encoding, in any order
    Headers headers;             // all of them are signed; must hold host and x-amz-date
    std::string payload_hash;    // hex SHA-256 of the body, or UNSIGNED-PAYLOAD
};

// name=value&..., percent-encoded and sorted: also the form to send.
std::string canonical_query(const QueryParameters& query);

std::string canonical_request(const SignableRequest& request);

// The Authorization header's value. `amz_date` is 20150830T123600Z.
std::string authorization(const Credentials& credentials, const std::string& region,
                          const std::string& service, const std::string& amz_date,
                          const SignableRequest& request);

}  // namespace sbemu::lambda_runtime
