// The variables of redirected children.
#include <catch2/catch.hpp>
#include <string>

#include "emulator/host/redirect/redirected_environment.h"

namespace sbemu {

namespace {

Environment redirected(const Environment& environment,
                       RedirectedChild kind = RedirectedChild::command,
                       const std::string& certificate_folder = "") {
    RedirectedEnvironment settings;
    settings.kind = kind;
    settings.port = 4566;
    settings.name_server_port = 5353;
    settings.preload_library = "/state/redirect.so";
    settings.certificate_authority = "/state/ca.pem";
    settings.certificate_folder = certificate_folder;
    settings.bundle = [](const std::filesystem::path& trusted) -> std::filesystem::path {
        return "/state/bundle(" + trusted.string() + ")";
    };
    return redirected_environment(environment, settings);
}

std::string value(const Environment& environment, const std::string& name) {
    const char* found = find_variable(environment, name);
    return found == nullptr ? "(none)" : found;
}

}  // namespace

TEST_CASE("The environment of a redirected command", "[redirect]") {
    SECTION("has all it needs") {
        Environment environment = redirected({"PATH=/bin"});
        // Only sanitized builds have it.
        std::erase(environment, "ASAN_OPTIONS=verify_asan_link_order=0");
        CHECK(environment == Environment{
                                 "PATH=/bin",
                                 "SBEMU_REDIRECT_PORT=4566",
                                 "SBEMU_REDIRECT_DNS_PORT=5353",
                                 "SBEMU_REDIRECT_CA_BUNDLE=/state/bundle()",
                                 "LD_PRELOAD=/state/redirect.so",
                                 "SSL_CERT_FILE=/state/bundle()",
                                 "AWS_CA_BUNDLE=/state/bundle()",
                                 "REQUESTS_CA_BUNDLE=/state/bundle()",
                                 "CURL_CA_BUNDLE=/state/bundle()",
                                 "NODE_EXTRA_CA_CERTS=/state/ca.pem",
                                 "AWS_EC2_METADATA_DISABLED=true",
                                 "AWS_ACCESS_KEY_ID=test",
                                 "AWS_SECRET_ACCESS_KEY=test",
                                 "AWS_REGION=us-east-1",
                                 "AWS_DEFAULT_REGION=us-east-1",
                                 "SBEMU_EXEC=1",
                             });
    }
    SECTION("respects what the user has set") {
        const auto [name, given, expected] = GENERATE(table<std::string, std::string, std::string>({
            {"LD_PRELOAD", "/usr/lib/mine.so", "/state/redirect.so:/usr/lib/mine.so"},
            {"LD_PRELOAD", "/state/redirect.so", "/state/redirect.so"},
            {"SSL_CERT_FILE", "/etc/mine.pem", "/state/bundle(/etc/mine.pem)"},
            {"AWS_CA_BUNDLE", "/etc/mine.pem", "/state/bundle(/etc/mine.pem)"},
            {"REQUESTS_CA_BUNDLE", "/etc/mine.pem", "/state/bundle(/etc/mine.pem)"},
            {"CURL_CA_BUNDLE", "/etc/mine.pem", "/state/bundle(/etc/mine.pem)"},
            {"NODE_EXTRA_CA_CERTS", "/etc/mine.pem", "/state/bundle(/etc/mine.pem)"},
            {"NODE_OPTIONS", "--max-old-space-size=99", "--max-old-space-size=99"},
            {"AWS_ACCESS_KEY_ID", "123456789012", "123456789012"},
            {"AWS_REGION", "eu-west-1", "eu-west-1"},
            {"AWS_DEFAULT_REGION", "eu-west-1", "eu-west-1"},
        }));
        INFO(name << "=" << given);
        const Environment environment = redirected({name + "=" + given});
        CHECK(value(environment, name) == expected);
        CHECK(std::count_if(environment.begin(), environment.end(), [&name = name](auto& each) {
                  return each.starts_with(name + "=");
              }) == 1);
    }
    SECTION("gives one region to all SDKs") {
        CHECK(value(redirected({"AWS_REGION=eu-west-1"}), "AWS_DEFAULT_REGION") == "eu-west-1");
        CHECK(value(redirected({"AWS_DEFAULT_REGION=eu-west-1"}), "AWS_REGION") == "eu-west-1");
    }
    SECTION("makes no secret for a key it does not know") {
        CHECK(value(redirected({"AWS_ACCESS_KEY_ID=a"}), "AWS_SECRET_ACCESS_KEY") == "(none)");
    }
    SECTION("keeps AWS's names from a proxy, when there is one") {
        CHECK(value(redirected({}), "no_proxy") == "(none)");
        const auto environment = redirected({"HTTPS_PROXY=http://p", "NO_PROXY=a.example"});
        const std::string expected =
            "a.example,localhost,127.0.0.1,.amazonaws.com,.amazonaws.com.cn,.api.aws,.on.aws";
        CHECK(value(environment, "no_proxy") == expected);
        CHECK(value(environment, "NO_PROXY") == expected);
    }
}

TEST_CASE("The environment of a redirected function", "[redirect]") {
    const auto function = [](const Environment& given) {
        return redirected(given, RedirectedChild::lambda);
    };
    const auto environment = function({});
    CHECK(value(environment, "NODE_OPTIONS") == "--use-openssl-ca");
    CHECK(value(environment, "SSL_CERT_FILE") == "/state/bundle()");
    CHECK(value(environment, "NODE_EXTRA_CA_CERTS") == "(none)");
    CHECK(value(environment, "SBEMU_EXEC") == "(none)");
    CHECK(value(function({"NODE_OPTIONS=--no-warnings"}), "NODE_OPTIONS") ==
          "--use-openssl-ca --no-warnings");
    CHECK(value(function({"NODE_OPTIONS=--use-bundled-ca"}), "NODE_OPTIONS") == "--use-bundled-ca");
    SECTION("looks up the system's certificates one by one where they lie so") {
        const auto lazy = redirected({}, RedirectedChild::lambda, "/etc/ssl/certs");
        CHECK(value(lazy, "SSL_CERT_FILE") == "/state/ca.pem");
        CHECK(value(lazy, "SSL_CERT_DIR") == "/etc/ssl/certs");
        CHECK(value(lazy, "AWS_CA_BUNDLE") == "/state/bundle()");
        const auto chosen =
            redirected({"SSL_CERT_FILE=/mine.pem"}, RedirectedChild::lambda, "/etc/ssl/certs");
        CHECK(value(chosen, "SSL_CERT_FILE") == "/state/bundle(/mine.pem)");
    }
}

}  // namespace sbemu
