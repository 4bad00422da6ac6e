// How the answer of a custom resource is judged: every defect has a name.
// Texts: facts/cloudformation.md 1.6; those marked there as not found are assumed.
#include <catch2/catch.hpp>

#include "fakes/cloudformation/custom_resource.h"

namespace sbemu::cloudformation {

namespace {

CustomRequest request() {
    CustomRequest request;
    request.request_id = "r-1";
    request.stack_id = "arn:stack";
    request.logical_id = "Thing";
    return request;
}

// A response with the members that every one must have, and more.
std::string body(const std::string& more) {
    return R"({"StackId": "arn:stack", "RequestId": "r-1", "LogicalResourceId": "Thing", )" + more +
           "}";
}

}  // namespace

TEST_CASE("A custom resource's response is refused", "[cloudformation][custom-resource]") {
    auto [wrong, text, reason] = GENERATE(table<std::string, std::string, std::string>({
        {"no JSON", "oops", "Invalid Response object: Response is not valid JSON"},
        {"cut off by a wrong Content-Length", R"({"Status": "SUCC)",
         "Invalid Response object: Response is not valid JSON"},
        {"of another request",
         R"({"StackId": "arn:stack", "RequestId": "r-2", "LogicalResourceId": "Thing", "Status": "SUCCESS", "PhysicalResourceId": "p"})",
         "Invalid Response object: Value of property RequestId does not match the request"},
        {"without an id", body(R"("Status": "SUCCESS")"), "Invalid PhysicalResourceId"},
        {"with an empty id", body(R"("Status": "SUCCESS", "PhysicalResourceId": "")"),
         "Invalid PhysicalResourceId"},
        {"with a null id", body(R"("Status": "SUCCESS", "PhysicalResourceId": null)"),
         "Invalid PhysicalResourceId"},
        {"with a number as id", body(R"("Status": "SUCCESS", "PhysicalResourceId": 4)"),
         "Invalid Response object: Value of property PhysicalResourceId must be of type String"},
        {"with a status of its own", body(R"("Status": "DONE", "PhysicalResourceId": "p")"),
         "Invalid Response object: 'DONE' is not a valid ResponseStatus"},
        {"with Data that is no object",
         body(R"("Status": "SUCCESS", "PhysicalResourceId": "p", "Data": "x")"),
         "Invalid Response object: Value of property Data must be an object"},
        {"that failed",
         body(R"("Status": "FAILED", "Reason": "because", "PhysicalResourceId": "p")"),
         "Received response status [FAILED] from custom resource. Message returned: because "
         "(RequestId: r-1)"},
        {"that failed without a reason",
         body(R"("Status": "FAILED", "Reason": "", "PhysicalResourceId": "p")"),
         "Received response status [FAILED] from custom resource. Message returned:  (RequestId: "
         "r-1)"},
        {"that failed without an id: the reason is lost",
         body(R"("Status": "FAILED", "Reason": "because")"), "Invalid PhysicalResourceId"},
        {"with control characters in the reason",
         body("\"Status\": \"FAILED\", \"Reason\": \"a\\u001bb\", \"PhysicalResourceId\": \"p\""),
         "Received response status [FAILED] from custom resource. Message returned: a b "
         "(RequestId: r-1)"},
        {"that is too long",
         body(R"("Status": "SUCCESS", "PhysicalResourceId": "p", "Data": {"x": ")" +
              std::string(4096, 'x') + "\"}"),
         "Response object is too long."},
    }));
    INFO("a response " << wrong);
    const Verdict verdict = judge_response(text, request());
    CHECK_FALSE(verdict.success);
    CHECK(verdict.reason == reason);
}

TEST_CASE("A custom resource's response is taken", "[cloudformation][custom-resource]") {
    const Verdict verdict = judge_response(
        body(R"("Status": "SUCCESS", "PhysicalResourceId": "p", "Data": {"Url": "http://x"})"),
        request());
    CHECK(verdict.success);
    CHECK(verdict.physical_id == "p");
    CHECK(verdict.data.at("Url") == "http://x");

    SECTION("of exactly 4096 bytes") {
        const std::string start =
            body(R"("Status": "SUCCESS", "PhysicalResourceId": "p", "Reason": "")");
        std::string filled = start;
        filled.insert(filled.size() - 2, 4096 - start.size(), 'x');
        REQUIRE(filled.size() == 4096);
        CHECK(judge_response(filled, request()).success);
        filled.insert(filled.size() - 2, 1, 'x');
        CHECK_FALSE(judge_response(filled, request()).success);
    }
    SECTION("with Data null") {
        CHECK(
            judge_response(body(R"("Status": "SUCCESS", "PhysicalResourceId": "p", "Data": null)"),
                           request())
                .success);
    }
}

}  // namespace sbemu::cloudformation
