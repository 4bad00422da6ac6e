#include "emulator/host/redirect/redirected_environment.h"

#include <string>
#include <string_view>

#include "emulator/host/redirect/redirected_addresses.h"

namespace sbemu {
namespace {

bool is_named(const std::string& variable, std::string_view name) {
    return variable.size() > name.size() && variable[name.size()] == '=' &&
           variable.starts_with(name);
}

std::string value_or_empty(const Environment& environment, std::string_view name) {
    const char* value = find_variable(environment, name);
    return value == nullptr ? "" : value;
}

void set(Environment& environment, std::string_view name, std::string_view value) {
    std::string variable = std::string(name) + "=" + std::string(value);
    for (std::string& present : environment) {
        if (is_named(present, name)) {
            present = std::move(variable);
            return;
        }
    }
    environment.push_back(std::move(variable));
}

void set_when_missing(Environment& environment, std::string_view name, std::string_view value) {
    if (value_or_empty(environment, name).empty()) set(environment, name, value);
}

void set_preload(Environment& environment, const RedirectedEnvironment& settings) {
    set(environment, SBEMU_PORT_VARIABLE, std::to_string(settings.port));
    if (settings.name_server_port != 0) {
        set(environment, SBEMU_DNS_PORT_VARIABLE, std::to_string(settings.name_server_port));
    }
    set(environment, SBEMU_CA_BUNDLE_VARIABLE, settings.bundle({}).string());
    if (settings.preload_library.empty()) return;
    const std::string others = value_or_empty(environment, "LD_PRELOAD");
    const std::string ours = settings.preload_library.string();
    // Once is enough when an outer `sbemu exec` has put it there.
    if (!others.starts_with(ours)) {
        set(environment, "LD_PRELOAD", others.empty() ? ours : ours + ":" + others);
    }
#if defined(__SANITIZE_ADDRESS__)
    // Programs of a sanitized build refuse to start when anything is preloaded before libasan.
    set_when_missing(environment, "ASAN_OPTIONS", "verify_asan_link_order=0");
#endif
}

// OpenSSL reads all of SSL_CERT_FILE before its first connection (the system's bundle: 15 ms and
// more), and of SSL_CERT_DIR only what it needs. A function that has not chosen a file of its own
// gets ours alone as the file and the system's as the folder.
void set_lazy_certificates(Environment& environment, const RedirectedEnvironment& settings,
                           const std::string& chosen_file) {
    if (settings.certificate_folder.empty() || !chosen_file.empty()) return;
    set(environment, "SSL_CERT_FILE", settings.certificate_authority.string());
    set_when_missing(environment, "SSL_CERT_DIR", settings.certificate_folder.string());
}

// CI images often set all of these to the system's bundle: a value is added to, never trusted to
// be ours. NODE_EXTRA_CA_CERTS adds to node's own store and is loaded at every start, so it gets
// as little as possible; functions use OpenSSL's store, which is read when first needed (25
// instead of 57 ms to start, facts/redirect.md 2).
void set_certificates(Environment& environment, const RedirectedEnvironment& settings) {
    const std::string chosen_file = value_or_empty(environment, "SSL_CERT_FILE");
    for (const std::string_view name :
         {"SSL_CERT_FILE", "AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}) {
        set(environment, name, settings.bundle(value_or_empty(environment, name)).string());
    }
    if (settings.kind == RedirectedChild::lambda) {
        set_lazy_certificates(environment, settings, chosen_file);
        const std::string options = value_or_empty(environment, "NODE_OPTIONS");
        const bool has_chosen = options.find("-openssl-ca") != std::string::npos ||
                                options.find("-bundled-ca") != std::string::npos;
        if (!has_chosen) {
            set(environment, "NODE_OPTIONS",
                options.empty() ? "--use-openssl-ca" : "--use-openssl-ca " + options);
        }
        return;
    }
    const std::string extra = value_or_empty(environment, "NODE_EXTRA_CA_CERTS");
    set(environment, "NODE_EXTRA_CA_CERTS",
        extra.empty() ? settings.certificate_authority.string() : settings.bundle(extra).string());
}

void set_account(Environment& environment) {
    // No EC2 or ECS metadata here: without this SDKs wait for it.
    set(environment, "AWS_EC2_METADATA_DISABLED", "true");
    if (value_or_empty(environment, "AWS_ACCESS_KEY_ID").empty()) {
        set(environment, "AWS_ACCESS_KEY_ID", "test");
        set(environment, "AWS_SECRET_ACCESS_KEY", "test");
    }
    // Some SDKs read only the one, some only the other.
    const std::string region = value_or_empty(environment, "AWS_REGION");
    const std::string default_region = value_or_empty(environment, "AWS_DEFAULT_REGION");
    const std::string known = !region.empty()           ? region
                              : !default_region.empty() ? default_region
                                                        : "us-east-1";
    set_when_missing(environment, "AWS_REGION", known);
    set_when_missing(environment, "AWS_DEFAULT_REGION", known);
}

// A proxy would be asked for AWS names before any connection of ours is tried.
void keep_from_proxy(Environment& environment) {
    bool has_proxy = false;
    for (const std::string_view name :
         {"http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"}) {
        has_proxy = has_proxy || !value_or_empty(environment, name).empty();
    }
    if (!has_proxy) return;
    std::string exceptions = value_or_empty(environment, "no_proxy");
    if (exceptions.empty()) exceptions = value_or_empty(environment, "NO_PROXY");
    if (!exceptions.empty()) exceptions += ",";
    exceptions += "localhost,127.0.0.1,.amazonaws.com,.amazonaws.com.cn,.api.aws,.on.aws";
    set(environment, "no_proxy", exceptions);
    set(environment, "NO_PROXY", exceptions);
}

}  // namespace

const char* find_variable(const Environment& environment, std::string_view name) {
    for (const std::string& variable : environment) {
        if (is_named(variable, name)) return variable.c_str() + name.size() + 1;
    }
    return nullptr;
}

Environment redirected_environment(Environment environment, const RedirectedEnvironment& settings) {
    set_preload(environment, settings);
    set_certificates(environment, settings);
    set_account(environment);
    keep_from_proxy(environment);
    if (settings.kind == RedirectedChild::command) set(environment, "SBEMU_EXEC", "1");
    return environment;
}

}  // namespace sbemu
