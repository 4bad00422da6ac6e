// Whom a request is for: service, region, account and, for S3, the bucket in the host name.
#pragma once

#include <string>

#include "emulator/wire/url.h"
#include "emulator/wire/wire.h"

namespace sbemu::wire {

struct Destination {
    Caller caller;
    std::string service;  // of the API models, or a signing name that has no model; may be empty
    std::string target;   // operation of X-Amz-Target, without the prefix
    std::string virtual_bucket;  // S3 bucket named by the host
    bool is_presigned = false;
};

Destination locate(const HttpRequest& request, const Url& url);

// Whether it is a name under which AWS's own services are reached.
bool is_aws_host(std::string_view host);

// The bucket that S3 would read from this host name; empty if it names none.
std::string bucket_of_host(std::string_view host);

}  // namespace sbemu::wire
