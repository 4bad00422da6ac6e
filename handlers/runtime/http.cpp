#include "handlers/runtime/http.h"

#include "handlers/runtime/text.h"

namespace sbemu::lambda_runtime {
namespace {

std::string default_port(std::string_view scheme) { return scheme == "https" ? "443" : "80"; }

void require_port(std::string_view port) {
    if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != port.npos) {
        throw std::invalid_argument("the URL's port is not a number");
    }
}

}  // namespace

std::string Url::authority() const {
    const std::string name = host.find(':') == host.npos ? host : "[" + host + "]";
    return port == default_port(scheme) ? name : name + ":" + port;
}

Url Url::parse(std::string_view text) {
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte == 0x7F) {
            throw std::invalid_argument("the URL holds a blank or control character");
        }
    }
    Url url;
    const auto scheme_end = text.find("://");
    url.scheme = to_lower(text.substr(0, scheme_end == text.npos ? 0 : scheme_end));
    if (url.scheme != "http" && url.scheme != "https") {
        throw std::invalid_argument("the URL is neither http nor https");
    }
    text.remove_prefix(scheme_end + 3);
    text = text.substr(0, text.find('#'));

    const auto authority_end = text.find_first_of("/?");
    std::string_view authority = text.substr(0, authority_end);
    url.target = authority_end == text.npos ? "/" : std::string(text.substr(authority_end));
    if (url.target.front() == '?') url.target.insert(url.target.begin(), '/');
    if (authority.find('@') != authority.npos) {
        throw std::invalid_argument("the URL holds a user name");
    }

    auto host_end = authority.find(':');
    if (!authority.empty() && authority.front() == '[') {
        const auto bracket = authority.find(']');
        if (bracket == authority.npos) throw std::invalid_argument("the URL's host is not closed");
        url.host = authority.substr(1, bracket - 1);
        host_end = bracket + 1 < authority.size() ? bracket + 1 : authority.npos;
        if (host_end != authority.npos && authority[host_end] != ':') {
            throw std::invalid_argument("the URL's port is not a number");
        }
    } else {
        url.host = authority.substr(0, host_end);
    }
    if (url.host.empty()) throw std::invalid_argument("the URL has no host");
    url.port = default_port(url.scheme);
    if (host_end != authority.npos) {
        url.port = authority.substr(host_end + 1);
        require_port(url.port);
    }
    return url;
}

std::optional<std::string> HttpResponse::header(std::string_view name) const {
    const std::string wanted = to_lower(name);
    for (const auto& [header_name, value] : headers) {
        if (to_lower(header_name) == wanted) return value;
    }
    return std::nullopt;
}

}  // namespace sbemu::lambda_runtime
