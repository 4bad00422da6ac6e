// How the few operations the handlers need look on the wire: DynamoDB's JSON 1.0, Lambda's
// REST-JSON and S3's REST-XML.
#pragma once
#include <boost/json/fwd.hpp>
#include <string>

#include "handlers/runtime/aws.h"
#include "handlers/runtime/http.h"
#include "handlers/runtime/sigv4.h"

namespace sbemu::lambda_runtime {

// A request before it knows its host.
struct AwsRequest {
    std::string method;
    std::string path;  // percent-encoded, begins with '/'
    QueryParameters query;
    Headers headers;
    std::string body;
    std::string bucket;    // S3: the bucket, which goes into the host name or before the path
    int answer_ms = 5000;  // how long one try may take
};

// Throws AwsError NotImplemented (501) for an operation that is not among them and
// ValidationException (400) for params without a member the request needs.
AwsRequest aws_request(const std::string& service, const std::string& operation,
                       const boost::json::object& params);

// The operation's output. Throws AwsError when the answer is no JSON object where one is due.
boost::json::object aws_output(const std::string& service, const HttpResponse& response);

// The error that a status of 300 or more stands for.
AwsError aws_error(const std::string& service, const HttpResponse& response);

}  // namespace sbemu::lambda_runtime
