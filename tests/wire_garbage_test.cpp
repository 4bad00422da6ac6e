// Whatever comes in, decode answers: no crash, no exception, no hang.
#include "emulator/core/random.h"
#include "tests/wire_support.h"

namespace sbemu::wire {
namespace {

std::vector<std::string> good_requests() {
    const auto signed_with = [](std::string_view service) {
        return "Authorization: " + authorization(service) + "\n";
    };
    return {
        "POST / HTTP/1.1\nContent-Type: application/x-amz-json-1.0\nX-Amz-Target: "
        "DynamoDB_20120810.PutItem\n" +
            signed_with("dynamodb") + "\n{\"TableName\":\"t\",\"Item\":{\"a\":{\"S\":\"x\"}}}",
        "POST / HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\n" +
            signed_with("cloudformation") +
            "\nAction=CreateStack&Parameters.member.1.ParameterKey=a&Tags.member.2.Key=b",
        "POST /2015-03-31/functions/f/invocations?Qualifier=1 HTTP/1.1\n" + signed_with("lambda") +
            "\n{}",
        "POST /bucket?delete HTTP/1.1\n" + signed_with("s3") +
            "\n<Delete><Object><Key>a&lt;b</Key></Object></Delete>",
        "PUT /b/k HTTP/1.1\nHost: b.s3.amazonaws.com\nContent-Encoding: aws-chunked\n" +
            signed_with("s3") + "\n5;x=1\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n",
        "POST / HTTP/1.1\nContent-Encoding: gzip\nContent-Type: application/json\nX-Amz-Target: "
        "DynamoDB_20120810.PutItem\n\n\x1f\x8b\x08",
        "GET /b/k?X-Amz-Credential=a%2Fb%2Fc%2Fd%2Fe&X-Amz-Date=20261122T084700Z&X-Amz-Expires=9 "
        "HTTP/1.1\nHost: x\n\n",
    };
}

// Decoding throws nothing, and what it gives can be answered.
void survive(const HttpRequest& request) {
    const auto decoded =
        decode(request, from_milliseconds(kNow), [] { return std::string("REQUEST-ID"); });
    if (const auto* call = std::get_if<Call>(&decoded)) {
        CHECK(!call->operation.empty());
        CHECK(encode(*call, ApiError("X", "y"), "REQUEST-ID").status == 400);
    } else {
        CHECK(std::get<HttpResponse>(decoded).status >= 200);
    }
}

}  // namespace

TEST_CASE("wire: truncated requests are answered") {
    for (const std::string& text : good_requests()) {
        for (std::size_t length = 1; length < text.size(); ++length) {
            HttpRequest request = request_from(text);
            if (length < request.body.size()) request.body.resize(length);
            if (length < request.target.size()) request.target.resize(length);
            for (auto& [name, value] : request.headers) {
                if (length < value.size()) value.resize(length);
            }
            survive(request);
        }
    }
}

TEST_CASE("wire: garbled requests are answered") {
    Random random(7);
    for (const std::string& text : good_requests()) {
        for (int round = 0; round < 200; ++round) {
            HttpRequest request = request_from(text);
            const auto garble = [&random](std::string& part) {
                if (part.empty()) return;
                for (std::uint64_t i = random.below(4); i > 0; --i) {
                    part[random.below(part.size())] = static_cast<char>(random.below(256));
                }
            };
            garble(request.body);
            garble(request.target);
            for (auto& [name, value] : request.headers) garble(value);
            survive(request);
        }
    }
}

TEST_CASE("wire: deep nesting is answered") {
    for (const std::string_view open : {"[", "{\"L\":", "{\"a\":[", "<a>", "a.", "a.member.1."}) {
        std::string body;
        while (body.size() < 200000) body += open;
        for (const std::string& text : good_requests()) {
            HttpRequest request = request_from(text);
            request.body = body + "=1";
            survive(request);
        }
    }
}

}  // namespace sbemu::wire
