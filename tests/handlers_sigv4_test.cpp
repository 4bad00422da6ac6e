// Signature Version 4 against AWS's published test suite (aws-sig-v4-test-suite) and the example of
// S3's documentation ("Authorization Header", PUT Object). The suite's signatures were also
// computed with botocore 1.43 and agree.
#include <catch2/catch.hpp>

#include "handlers/runtime/digest.h"
#include "handlers/runtime/sigv4.h"

namespace sbemu::lambda_runtime {

namespace {

const Credentials kSuiteCredentials{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""};

struct Vector {
    std::string name;
    SignableRequest request;
    std::string signed_headers;
    std::string signature;
};

SignableRequest suite_request(const std::string& method, const std::string& path,
                              const QueryParameters& query, const Headers& more = {},
                              const std::string& body = "") {
    SignableRequest request{method, path, query, {}, sha256_hex(body)};
    request.headers = {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", "20150830T123600Z"}};
    request.headers.insert(request.headers.end(), more.begin(), more.end());
    return request;
}

std::vector<Vector> suite() {
    const std::string unreserved =
        "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    return {
        {"get-vanilla", suite_request("GET", "/", {}), "host;x-amz-date",
         "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
        {"get-vanilla-query-order-key-case",
         suite_request("GET", "/", {{"Param2", "value2"}, {"Param1", "value1"}}), "host;x-amz-date",
         "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
        {"get-vanilla-utf8-query", suite_request("GET", "/", {{"\xE1\x88\xB4", "bar"}}),
         "host;x-amz-date", "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
        {"get-vanilla-query-unreserved", suite_request("GET", "/", {{unreserved, unreserved}}),
         "host;x-amz-date", "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"},
        {"get-utf8", suite_request("GET", "/%E1%88%B4", {}), "host;x-amz-date",
         "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
        {"get-header-value-trim",
         suite_request("GET", "/", {},
                       {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}}),
         "host;my-header1;my-header2;x-amz-date",
         "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
        {"post-vanilla", suite_request("POST", "/", {}), "host;x-amz-date",
         "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
        {"post-x-www-form-urlencoded",
         suite_request("POST", "/", {}, {{"Content-Type", "application/x-www-form-urlencoded"}},
                       "Param1=value1"),
         "content-type;host;x-amz-date",
         "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
        {"post-sts-header-before",
         suite_request(
             "POST", "/", {},
             {{"X-Amz-Security-Token",
               "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeM"
               "icRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZa"
               "mpKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr"
               "7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR"
               "/oLxBA=="}}),
         "host;x-amz-date;x-amz-security-token",
         "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"},
    };
}

}  // namespace

TEST_CASE("SigV4 gives the signatures of AWS's test suite", "[handlers][sigv4]") {
    for (const Vector& vector : suite()) {
        INFO(vector.name << "\n" << canonical_request(vector.request));
        CHECK(authorization(kSuiteCredentials, "us-east-1", "service", "20150830T123600Z",
                            vector.request) ==
              "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
              "SignedHeaders=" +
                  vector.signed_headers + ", Signature=" + vector.signature);
    }
}

TEST_CASE("SigV4 gives the signature of S3's PUT Object example", "[handlers][sigv4]") {
    const Credentials credentials{"AKIAIOSFODNN7EXAMPLE",
                                  "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""};
    SignableRequest request{
        "PUT", "/test%24file.text", {}, {}, sha256_hex("Welcome to Amazon S3.")};
    request.headers = {{"Date", "Fri, 24 May 2013 00:00:00 GMT"},
                       {"Host", "examplebucket.s3.amazonaws.com"},
                       {"x-amz-date", "20130524T000000Z"},
                       {"x-amz-storage-class", "REDUCED_REDUNDANCY"},
                       {"x-amz-content-sha256", request.payload_hash}};
    const std::string value =
        authorization(credentials, "us-east-1", "s3", "20130524T000000Z", request);
    CHECK(
        value.find("Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd") !=
        std::string::npos);
}

}  // namespace sbemu::lambda_runtime
