#include "emulator/wire/locate.h"

#include <algorithm>

#include "emulator/core/model.h"

namespace sbemu::wire {
namespace {

// AKID/20261122/us-east-1/dynamodb/aws4_request
struct Scope {
    std::string_view access_key;
    std::string_view region;
    std::string_view service;
};

Scope parse_scope(std::string_view credential) {
    // From the right: an access key could hold a slash.
    std::string_view parts[4];
    for (std::string_view& part : parts) {
        const std::size_t slash = credential.rfind('/');
        if (slash == std::string_view::npos) return {credential, {}, {}};
        part = credential.substr(slash + 1);
        credential = credential.substr(0, slash);
    }
    return {credential, parts[2], parts[1]};
}

bool is_account(std::string_view key) {
    return key.size() == 12 &&
           std::all_of(key.begin(), key.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view without_port(std::string_view host) {
    const std::size_t colon = host.rfind(':');
    if (colon == std::string_view::npos || host.find(']', colon) != std::string_view::npos) {
        return host;
    }
    return host.substr(0, colon);
}

std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t end = text.find(at);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

bool is_region(std::string_view label) {
    const std::size_t dash = label.find('-');
    return dash != std::string_view::npos && label.size() >= 9 && label.back() >= '0' &&
           label.back() <= '9' && label.find('-', dash + 1) != std::string_view::npos;
}

bool is_s3_label(std::string_view label) {
    if (label == "s3" || label == "s3-external-1" || label == "s3-accelerate") return true;
    return label.starts_with("s3-") && is_region(label.substr(3));
}

// The names of one host: which service, which region, which bucket before it.
struct HostName {
    std::string service;
    std::string region;
    std::string bucket;
};

HostName read_aws_host(std::string_view host) {
    HostName name;
    const std::vector<std::string_view> labels = split(host, '.');
    std::size_t end = labels.size();
    while (end > 0 && labels[end - 1] != "amazonaws") --end;  // also amazonaws.com.cn
    if (end > 0) --end;
    // The last S3 label counts: a bucket may be called "s3.backup".
    for (std::size_t i = end; i-- > 0;) {
        if (!is_s3_label(labels[i])) continue;
        name.service = "s3";
        if (labels[i].size() > 3 && is_region(labels[i].substr(3)))
            name.region = labels[i].substr(3);
        for (std::size_t k = i + 1; k < end; ++k) {
            if (is_region(labels[k])) name.region = labels[k];
        }
        if (i > 0)
            name.bucket =
                host.substr(0, static_cast<std::size_t>(labels[i].data() - host.data()) - 1);
        return name;
    }
    for (std::size_t i = 0; i < end; ++i) {
        if (is_region(labels[i])) {
            name.region = labels[i];
        } else if (name.service.empty()) {
            name.service = labels[i];
            if (labels[i] == "streams" && i + 1 < end && labels[i + 1] == "dynamodb") {
                name.service = "dynamodbstreams";
            }
        }
    }
    return name;
}

HostName read_host(std::string_view host) {
    host = without_port(host);
    const std::string lowered = lower(host);
    if (lowered.find(".amazonaws.") != std::string::npos) {
        HostName name = read_aws_host(lowered);
        // Bucket names keep their case: old ones may have capitals.
        name.bucket = host.substr(0, name.bucket.size());
        return name;
    }
    constexpr std::string_view kLocal = ".localhost";
    if (lowered.size() > kLocal.size() && lowered.ends_with(kLocal)) {
        const std::string_view front = host.substr(0, host.size() - kLocal.size());
        HostName name;
        const std::vector<std::string_view> labels = split(front, '.');
        if (is_s3_label(labels.back())) {
            name.service = "s3";
            if (labels.size() > 1)
                name.bucket = front.substr(0, front.size() - labels.back().size() - 1);
        } else {
            name.bucket = front;
        }
        return name;
    }
    return {};
}

// The model's name of a signing name or host label; the text itself if no model has it.
std::string service_of(std::string_view name) {
    for (const model::Service& service : model::services()) {
        if (service.signing_name == name || service.name == name) return service.name;
    }
    return std::string(name);
}

bool has_form(const HttpRequest& request) {
    return starts_ignoring_case(request.header("content-type"),
                                "application/x-www-form-urlencoded");
}

// Unsigned and without a telling host name: AssumeRoleWithWebIdentity, curl.
std::string guess_service(const HttpRequest& request, const Url& url) {
    const QueryPart* version = url.find("Version");
    std::vector<QueryPart> form;
    if (!version && has_form(request)) {
        form = parse_form(std::string_view(request.body).substr(0, 1 << 16));
        for (const QueryPart& part : form) {
            if (part.name == "Version") version = &part;
        }
    }
    if (version) {
        for (const model::Service& service : model::services()) {
            if (service.protocol == "query" && service.api_version == version->value) {
                return service.name;
            }
        }
        return "with the API version " + version->value;
    }
    for (const model::Route& route : model::routes("lambda")) {
        if (url.path.starts_with("/" + route.segments[0] + "/")) return "lambda";
    }
    return "s3";
}

}  // namespace

bool is_aws_host(std::string_view host) {
    constexpr std::string_view kAmazon = ".amazonaws.";
    for (std::size_t at = host.find('.'); at < host.size(); at = host.find('.', at + 1)) {
        if (starts_ignoring_case(host.substr(at), kAmazon)) return true;
    }
    return false;
}

std::string bucket_of_host(std::string_view host) {
    HostName name = read_host(host);
    return std::move(name.bucket);
}

Destination locate(const HttpRequest& request, const Url& url) {
    Destination found;
    Scope scope;
    const std::string_view authorization = request.header("authorization");
    if (const std::size_t at = authorization.find("Credential="); at != std::string_view::npos) {
        const std::string_view rest = authorization.substr(at + 11);
        scope = parse_scope(trimmed(rest.substr(0, std::min(rest.find(','), rest.find(' ')))));
    } else if (authorization.starts_with("AWS ")) {  // signature version 2
        scope.access_key = authorization.substr(4, authorization.find(':') - 4);
        scope.service = "s3";
    } else if (const QueryPart* credential = url.find("X-Amz-Credential")) {
        scope = parse_scope(credential->value);
        found.is_presigned = true;
    } else if (const QueryPart* key = url.find("AWSAccessKeyId")) {
        scope.access_key = key->value;
        found.is_presigned = url.find("Expires") != nullptr;
        if (found.is_presigned) scope.service = "s3";
    }
    found.caller.access_key = scope.access_key;
    if (is_account(scope.access_key)) found.caller.account = scope.access_key;

    const std::string_view target = request.header("x-amz-target");
    if (const std::size_t dot = target.rfind('.'); dot != std::string_view::npos) {
        for (const model::Service& service : model::services()) {
            if (service.target_prefix == target.substr(0, dot)) found.service = service.name;
        }
        if (!found.service.empty()) found.target = target.substr(dot + 1);
    }
    if (!found.service.empty() && is_region(scope.region)) {
        found.caller.region = scope.region;  // the host's name would tell nothing more
        return found;
    }
    const HostName host = read_host(request.header("host"));
    if (is_region(scope.region)) {
        found.caller.region = scope.region;
    } else if (!host.region.empty()) {
        found.caller.region = host.region;
    }
    if (found.service.empty()) {
        if (!scope.service.empty()) {
            found.service = service_of(scope.service);
        } else if (!host.service.empty()) {
            found.service = service_of(host.service);
        } else if (!target.empty()) {
            found.service = lower(target.substr(0, target.find_first_of("_.")));
        } else {
            found.service = guess_service(request, url);
        }
    }
    if (found.service == "s3") found.virtual_bucket = host.bucket;
    return found;
}

}  // namespace sbemu::wire
