// Requests as clients send them, for the wire tests.
#pragma once

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <string_view>

#include "emulator/wire/wire.h"

namespace sbemu::wire {

// Sun, 22 Nov 2026 08:47:31 GMT
inline constexpr std::int64_t kNow = 1795337251000;

inline std::string authorization(std::string_view service, std::string_view key = "123456789012",
                                 std::string_view region = "eu-west-1") {
    return "AWS4-HMAC-SHA256 Credential=" + std::string(key) + "/20261122/" + std::string(region) +
           "/" + std::string(service) + "/aws4_request, SignedHeaders=host, Signature=00";
}

// "POST / HTTP/1.1\nHost: x\n\nbody": what was captured from clients, with \n for \r\n.
inline HttpRequest request_from(std::string_view text) {
    HttpRequest request;
    const std::size_t blank = std::min(text.find("\n\n"), text.size());
    std::string_view head = text.substr(0, blank);
    if (blank < text.size()) request.body = text.substr(blank + 2);
    const std::string_view first = head.substr(0, head.find('\n'));
    request.method = first.substr(0, first.find(' '));
    const std::string_view rest = first.substr(first.find(' ') + 1);
    request.target = rest.substr(0, rest.find(' '));
    head.remove_prefix(std::min(first.size() + 1, head.size()));
    while (!head.empty()) {
        const std::string_view line = head.substr(0, head.find('\n'));
        head.remove_prefix(std::min(line.size() + 1, head.size()));
        const std::size_t colon = line.find(": ");
        request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
    return request;
}

inline std::variant<Call, HttpResponse> decode_text(std::string_view text) {
    return decode(request_from(text), from_milliseconds(kNow),
                  [] { return std::string("REQUEST-ID"); });
}

inline Call call_from(const std::variant<Call, HttpResponse>& decoded) {
    if (const auto* response = std::get_if<HttpResponse>(&decoded)) {
        FAIL("answered " << response->status << ": " << response->body);
    }
    return std::get<Call>(decoded);
}

inline Call call_of(std::string_view text) { return call_from(decode_text(text)); }

inline HttpResponse refusal_of(std::string_view text) {
    const auto decoded = decode_text(text);
    REQUIRE(std::holds_alternative<HttpResponse>(decoded));
    return std::get<HttpResponse>(decoded);
}

inline std::string text_of(const boost::json::object& object) {
    return boost::json::serialize(object);
}

inline std::string header_of(const HttpResponse& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
        if (key == name) return value;
    }
    return "(absent)";
}

inline HttpResponse answer(const Call& call, std::string_view result, std::string body = "") {
    return encode(call, Outcome{boost::json::parse(result).as_object(), std::move(body)},
                  "REQUEST-ID");
}

inline HttpResponse answer(const Call& call, const ApiError& error) {
    return encode(call, error, "REQUEST-ID");
}

}  // namespace sbemu::wire
