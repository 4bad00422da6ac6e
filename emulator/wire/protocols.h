// The pieces of decode and encode, one family of protocols each.
#pragma once

#include <string_view>

#include "emulator/core/model.h"
#include "emulator/wire/locate.h"
#include "emulator/wire/wire.h"

namespace sbemu::wire {

// A request under way. `call` has service, protocol and caller already; readers fill in the
// operation and its parameters, or throw ApiError, or throw Answer.
struct Reading {
    HttpRequest& request;
    const Url& url;
    const Destination& destination;
    Time now;
    Call& call;
};

// A request that is answered without an operation.
struct Answer {
    HttpResponse response;
};

void read_json(Reading& reading);       // X-Amz-Target and a JSON body
void read_query(Reading& reading);      // Action=...&Version=...
void read_rest_json(Reading& reading);  // method and path, JSON body
void read_s3(Reading& reading);         // method, path and host; XML or raw body
// The PUT of a custom resource's answer to its ResponseURL.
bool read_custom_resource_response(Reading& reading);

// Finds the operation for method, path segments (still encoded) and query; null if there is none.
const model::Operation* find_route(std::string_view service, const HttpRequest& request,
                                   const std::vector<std::string_view>& segments, const Url& url);

// Parameters bound to query and headers.
void read_bindings(const model::Shape& input, const HttpRequest& request, const Url& url,
                   boost::json::object& params);

// Undoes Content-Encoding gzip and deflate. Throws ApiError.
void unpack_body(HttpRequest& request, std::string_view service);

// S3: undoes aws-chunked and checks the digests that were sent. Throws ApiError.
void unpack_s3_body(HttpRequest& request);

// Throws ApiError if the URL was signed in advance and its time is over.
void check_presigned(const Url& url, Time now);

// Both leave out what every answer has.
HttpResponse write_result(const Call& call, const model::Operation* operation,
                          const Outcome& outcome, std::string_view request_id);
HttpResponse write_error(const Call& call, const ApiError& error, std::string_view request_id);

}  // namespace sbemu::wire
