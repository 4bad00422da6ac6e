// AWS calls of the command line's own to a running sbemu. It does not sign: sbemu takes the account
// and the region from the credential and checks no signature.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "emulator/cli/command.h"
#include "emulator/cli/endpoint.h"

namespace sbemu {

// sbemu answered with an AWS error; what() is "Code: message".
struct CallError : CommandError {
    CallError(std::string error_code, const std::string& error_message)
        : CommandError(error_code + ": " + error_message),
          code(std::move(error_code)),
          message(error_message) {}

    std::string code;
    std::string message;
};

// Who calls, from where.
struct Identity {
    std::string access_key = "000000000000";
    std::string region = "us-east-1";
};
// What AWS_ACCESS_KEY_ID, AWS_REGION and AWS_DEFAULT_REGION say, as other clients read them.
Identity identity_of_environment();

class Client {
  public:
    Client(Endpoint endpoint, Identity identity)
        : endpoint_(std::move(endpoint)), identity_(std::move(identity)) {}

    const Endpoint& endpoint() const { return endpoint_; }
    const Identity& identity() const { return identity_; }

    // For the services that speak JSON or Query (not Lambda and S3). Parameters and result have
    // AWS's member names; in Query results all scalars are texts. Throws CallError, CommandError.
    boost::json::object call(const std::string& service, const std::string& operation,
                             const boost::json::object& params = {}) const;

    // For Lambda and S3: the request with the caller's credential. An answer of status 400 and
    // above is thrown as CallError.
    wire::HttpResponse send(const std::string& service, wire::HttpRequest request) const;

    // Path-style S3. Creating a bucket that is already the caller's is fine.
    void create_bucket(const std::string& bucket) const;
    void put_object(const std::string& bucket, const std::string& key,
                    const std::string& body) const;

  private:
    boost::json::object call_json(const std::string& service, const std::string& operation,
                                  const boost::json::object& params) const;
    boost::json::object call_query(const std::string& service, const std::string& operation,
                                   const boost::json::object& params) const;

    Endpoint endpoint_;
    Identity identity_;
};

// "name=value&..." of a Query request, lists as name.member.N.
std::string query_form(const std::string& operation, const std::string& version,
                       const boost::json::object& params);

// A member of an object as text; empty if it is absent or no text.
std::string text_of(const boost::json::object& object, std::string_view member);

}  // namespace sbemu
