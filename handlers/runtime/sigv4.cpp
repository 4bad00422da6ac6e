#include "handlers/runtime/sigv4.h"

#include <algorithm>
#include <map>

#include "handlers/runtime/digest.h"
#include "handlers/runtime/text.h"

namespace sbemu::lambda_runtime {
namespace {

// A header's value with its ends trimmed and inner runs of blanks made one.
std::string canonical_value(std::string_view value) {
    std::string canonical;
    for (const char c : trimmed(value)) {
        if (c == ' ' && !canonical.empty() && canonical.back() == ' ') continue;
        canonical += c;
    }
    return canonical;
}

// Lower-case names in order; values of a repeated header joined by commas in their given order.
std::map<std::string, std::string> canonical_headers(const Headers& headers) {
    std::map<std::string, std::string> canonical;
    for (const auto& [name, value] : headers) {
        const auto [entry, is_new] = canonical.try_emplace(to_lower(name), canonical_value(value));
        if (!is_new) entry->second.append(",").append(canonical_value(value));
    }
    return canonical;
}

std::string signed_header_names(const std::map<std::string, std::string>& headers) {
    std::string names;
    for (const auto& [name, value] : headers) names += (names.empty() ? "" : ";") + name;
    return names;
}

}  // namespace

std::string canonical_query(const QueryParameters& query) {
    QueryParameters encoded;
    for (const auto& [name, value] : query) {
        encoded.emplace_back(percent_encode(name), percent_encode(value));
    }
    std::sort(encoded.begin(), encoded.end());
    std::string text;
    for (const auto& [name, value] : encoded) {
        text += (text.empty() ? "" : "&") + name + "=" + value;
    }
    return text;
}

std::string canonical_request(const SignableRequest& request) {
    const auto headers = canonical_headers(request.headers);
    std::string text = request.method + "\n" + request.canonical_path + "\n" +
                       canonical_query(request.query) + "\n";
    for (const auto& [name, value] : headers) text += name + ":" + value + "\n";
    return text + "\n" + signed_header_names(headers) + "\n" + request.payload_hash;
}

std::string authorization(const Credentials& credentials, const std::string& region,
                          const std::string& service, const std::string& amz_date,
                          const SignableRequest& request) {
    const std::string date = amz_date.substr(0, 8);
    const std::string scope = date + "/" + region + "/" + service + "/aws4_request";
    const std::string text_to_sign = "AWS4-HMAC-SHA256\n" + amz_date + "\n" + scope + "\n" +
                                     sha256_hex(canonical_request(request));
    std::string key = hmac_sha256("AWS4" + credentials.secret_access_key, date);
    for (const std::string& part : {region, service, std::string("aws4_request")}) {
        key = hmac_sha256(key, part);
    }
    return "AWS4-HMAC-SHA256 Credential=" + credentials.access_key_id + "/" + scope +
           ", SignedHeaders=" + signed_header_names(canonical_headers(request.headers)) +
           ", Signature=" + to_hex(hmac_sha256(key, text_to_sign));
}

}  // namespace sbemu::lambda_runtime
