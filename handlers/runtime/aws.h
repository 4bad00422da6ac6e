// AWS as a handler sees it. AwsClient is the one that signs and sends; a test or the emulator's
// scenario runner puts its own in its place and dispatches by service and operation name.
#pragma once
#include <boost/json/fwd.hpp>
#include <stdexcept>
#include <string>

namespace sbemu::lambda_runtime {

// What AWS answered, or why there was no answer: then `code` is TimeoutError or NetworkingError
// (the names aws-sdk uses) and `status` is 0. what() is the message, which may be empty.
class AwsError : public std::runtime_error {
  public:
    AwsError(std::string code, const std::string& message, int status)
        : std::runtime_error(message), code(std::move(code)), status(status) {}

    std::string code;
    int status;
    std::string request_id;  // "" when unknown
    int attempts = 1;        // requests sent in all; more than 1 when an earlier one was retried
};

class Aws {
  public:
    virtual ~Aws() = default;

    // One operation of one service ("dynamodb", "PutItem"), members named as in AWS's API; the
    // result is the operation's output. A blob (S3's Body) is a string of its raw bytes.
    // Implementations retry what is worth retrying; what reaches the caller is final.
    // Throws AwsError.
    virtual boost::json::object call(const std::string& service, const std::string& region,
                                     const std::string& operation,
                                     const boost::json::object& params) = 0;

    // PUT of a body to a presigned URL, no signature or content type added; returns the final
    // status, whatever it is. Throws AwsError (status 0) when no answer came.
    virtual int put(const std::string& url, const std::string& body) = 0;
};

}  // namespace sbemu::lambda_runtime
