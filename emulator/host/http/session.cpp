#include "emulator/host/http/session.h"

#include <boost/json.hpp>

namespace sbemu {
namespace {

char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter;
}

}  // namespace

wire::HttpResponse refusal(int status, std::string_view code, const std::string& message) {
    const boost::json::object body{{"__type", code}, {"message", message}};
    return {status,
            {{"Content-Type", "application/json"}, {"x-amzn-ErrorType", std::string(code)}},
            boost::json::serialize(body)};
}

wire::HttpResponse body_too_large(std::size_t limit, std::string_view authorization,
                                  std::string_view target) {
    if (authorization.find("/s3/aws4_request") != std::string_view::npos ||
        target.find("%2Fs3%2Faws4_request") != std::string_view::npos) {
        return {
            400,
            {{"Content-Type", "application/xml"}},
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>EntityTooLarge</Code>"
            "<Message>Your proposed upload exceeds the maximum allowed object size. sbemu takes "
            "bodies of up to " +
                std::to_string(limit) + " bytes; larger objects in parts.</Message>" +
                "<MaxSizeAllowed>" + std::to_string(limit) + "</MaxSizeAllowed></Error>"};
    }
    return refusal(
        413, "RequestEntityTooLargeException",
        "The request's body is larger than sbemu accepts (" + std::to_string(limit) + " bytes).");
}

bool same_header_name(std::string_view one, std::string_view other) {
    return one.size() == other.size() &&
           std::equal(one.begin(), one.end(), other.begin(),
                      [](char left, char right) { return lower(left) == lower(right); });
}

const std::string* find_header(const wire::Headers& headers, std::string_view name) {
    for (const auto& [header, value] : headers) {
        if (same_header_name(header, name)) return &value;
    }
    return nullptr;
}

}  // namespace sbemu
