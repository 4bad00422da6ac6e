// STS: identities and temporary credentials. Answers recorded from AWS by localstack's
// tests/aws/services/sts/test_sts.snapshot.json, unless a comment says otherwise.
#include <catch2/catch.hpp>

#include "emulator/core/access_key.h"
#include "tests/test_cloud.h"

namespace sbemu {

namespace {

std::string text_at(const boost::json::value& value, std::string_view member) {
    return std::string(value.at(member).as_string());
}

// A role "fn" under the path "/service/"; gives its id.
std::string create_function_role(TestCloud& cloud) {
    return text_at(cloud
                       .result("iam.CreateRole",
                               R"({"RoleName": "fn", "Path": "/service/",
                           "AssumeRolePolicyDocument": "{\"Statement\": {\"Effect\": \"Allow\",)"
                               R"( \"Action\": \"sts:AssumeRole\", \"Principal\": \"*\"}}"})")
                       .at("Role"),
                   "RoleId");
}

constexpr std::string_view kAssume = R"({"RoleSessionName": "job",
    "RoleArn": "arn:aws:iam::123456789012:role/service/fn"})";

}  // namespace

TEST_CASE("Access keys carry their account", "[sts]") {
    Random random(7);

    SECTION("when sbemu issued them") {
        auto account = GENERATE("000000000000", "123456789012", "999999999999");
        const std::string key = temporary_access_key(random, account);
        CHECK(key.size() == 20);
        CHECK(key.starts_with("ASIA"));
        CHECK(account_of_access_key(key) == account);
        std::string damaged = key;
        damaged.back() = damaged.back() == 'A' ? 'B' : 'A';
        CHECK_FALSE(account_of_access_key(damaged).has_value());
    }

    SECTION("as AWS's do, for whoever decodes them") {
        // The published way: base32, the first six bytes, masked with 0x7fffffffff80.
        const std::string key = temporary_access_key(random, "123456789012");
        std::uint64_t bits = 0;
        for (const char c : key.substr(4, 10)) {
            bits = bits << 5 | std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567").find(c);
        }
        CHECK(((bits >> 2 & 0x7fffffffff80) >> 7) == 123456789012);
    }

    SECTION("when they are the account; others say nothing") {
        CHECK(account_of_access_key("123456789012") == "123456789012");
        for (const char* key : {"", "test", "AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE",
                                "ASIAJEXAMPLEXEG2JICE", "12345678901"}) {
            CHECK_FALSE(account_of_access_key(key).has_value());
        }
    }
}

TEST_CASE("GetCallerIdentity", "[sts]") {
    TestCloud cloud;

    SECTION("knows the root of the account") {
        CHECK(cloud.result("sts.GetCallerIdentity") ==
              json(R"({"UserId": "123456789012", "Account": "123456789012",
                       "Arn": "arn:aws:iam::123456789012:root"})"));
    }

    SECTION("knows the session of a role until it expires") {
        const std::string role_id = create_function_role(cloud);
        const auto assumed = cloud.result("sts.AssumeRole", kAssume);
        cloud.caller.access_key = text_at(assumed.at("Credentials"), "AccessKeyId");
        const auto identity = cloud.result("sts.GetCallerIdentity");
        CHECK(text_at(identity, "UserId") == role_id + ":job");
        CHECK(identity.at("Arn") == "arn:aws:sts::123456789012:assumed-role/fn/job");
        CHECK(identity.at("Account") == "123456789012");
        cloud.advance(std::chrono::hours{1});
        CHECK(error_of(cloud.call("sts.GetCallerIdentity")) ==
              "ExpiredToken: The security token included in the request is expired");
    }

    SECTION("refuses a temporary key that was never issued here") {
        Random random(1);
        cloud.caller.access_key = temporary_access_key(random, "123456789012");
        CHECK(error_of(cloud.call("sts.GetCallerIdentity")) ==
              "InvalidClientTokenId: The security token included in the request is invalid.");
    }
}

TEST_CASE("AssumeRole", "[sts]") {
    TestCloud cloud;
    const std::string role_id = create_function_role(cloud);

    SECTION("answers credentials and who they are for") {
        const auto assumed = cloud.result("sts.AssumeRole", kAssume);
        CHECK(assumed.at("AssumedRoleUser").at("Arn") ==
              "arn:aws:sts::123456789012:assumed-role/fn/job");
        CHECK(text_at(assumed.at("AssumedRoleUser"), "AssumedRoleId") == role_id + ":job");
        const auto& credentials = assumed.at("Credentials");
        CHECK(account_of_access_key(text_at(credentials, "AccessKeyId")) == "123456789012");
        CHECK(text_at(credentials, "SecretAccessKey").size() == 40);
        CHECK_FALSE(text_at(credentials, "SessionToken").empty());
        CHECK(credentials.at("Expiration") == 1488326400000 + 3'600'000);
        CHECK_FALSE(assumed.as_object().contains("PackedPolicySize"));
    }

    SECTION("reaches into other accounts") {
        cloud.caller.account = "210987654321";
        const auto assumed = cloud.result("sts.AssumeRole", kAssume);
        CHECK(account_of_access_key(text_at(assumed.at("Credentials"), "AccessKeyId")) ==
              "123456789012");
    }

    SECTION("refuses") {
        auto [wrong, arn, more,
              error] = GENERATE(table<std::string, std::string, std::string, std::string>({
            {"what is no ARN", "nothing-valid-in-here", "",
             "ValidationError: nothing-valid-in-here is invalid"},
            {"an ARN without partition", "arn::b:::something/test-role", "",
             "ValidationError: arn::b:::something/test-role is invalid"},
            {"an ARN without resource", "arn:a:a::aaaaaaaaaa:", "",
             "ValidationError: arn:a:a::aaaaaaaaaa: is invalid"},
            {"a role that does not exist", "arn:aws:iam::123456789012:role/none", "",
             "AccessDenied: User: arn:aws:iam::123456789012:root is not authorized to "
             "perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/none"},
            {"a role under another path", "arn:aws:iam::123456789012:role/fn", "",
             "AccessDenied: User: arn:aws:iam::123456789012:root is not authorized to "
             "perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/fn"},
            {"more time than the role gives", "arn:aws:iam::123456789012:role/service/fn",
             R"(, "DurationSeconds": 7200)",
             "ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration "
             "set for this role."},
            {"a policy that is none", "arn:aws:iam::123456789012:role/service/fn",
             R"(, "Policy": "{")", "MalformedPolicyDocument: This policy contains invalid Json"},
            {"a tag twice", "arn:aws:iam::123456789012:role/service/fn",
             R"(, "Tags": [{"Key": "a", "Value": ""}, {"Key": "A", "Value": ""}])",
             "InvalidParameterValue: Duplicate tag keys found. Please note that Tag keys are "
             "case insensitive."},
            {"a transitive tag that is not given", "arn:aws:iam::123456789012:role/service/fn",
             R"(, "TransitiveTagKeys": ["a"])",
             "InvalidParameterValue: The specified transitive tag key must be included in the "
             "requested tags."},
            {"a second factor", "arn:aws:iam::123456789012:role/service/fn",
             R"(, "TokenCode": "123456")",
             "NotImplemented: sbemu does not implement multi-factor authentication "
             "(SerialNumber, TokenCode) yet."},
        }));
        INFO("with " << wrong);
        CHECK(error_of(cloud.call("sts.AssumeRole", R"({"RoleSessionName": "job", "RoleArn": ")" +
                                                        arn + "\"" + more + "}")) == error);
    }
}

TEST_CASE("GetSessionToken", "[sts]") {
    TestCloud cloud;
    const auto credentials = cloud.result("sts.GetSessionToken").at("Credentials");
    cloud.caller.access_key = text_at(credentials, "AccessKeyId");
    CHECK(cloud.result("sts.GetCallerIdentity").at("Arn") == "arn:aws:iam::123456789012:root");
    CHECK(error_of(cloud.call("sts.GetSessionToken")) ==
          "AccessDenied: Cannot call GetSessionToken with session credentials");
}

TEST_CASE("STS answers other services", "[sts]") {
    TestCloud cloud;

    SECTION("with credentials for a role, deleted or not") {
        const std::string role_id = create_function_role(cloud);
        const auto params = R"({"RoleArn": "arn:aws:iam::123456789012:role/service/fn",
                                "SessionName": "function"})";
        const auto credentials = cloud.result("sts.CredentialsForRole", params);
        const std::string key = text_at(credentials, "AccessKeyId");
        const auto resolved =
            cloud.result("sts.ResolveAccessKey", R"({"AccessKeyId": ")" + key + "\"}");
        CHECK(resolved.at("Account") == "123456789012");
        CHECK(resolved.at("Arn") == "arn:aws:sts::123456789012:assumed-role/fn/function");
        CHECK(text_at(resolved, "UserId") == role_id + ":function");
        cloud.result("iam.DeleteRole", R"({"RoleName": "fn"})");
        CHECK(error_of(cloud.call("sts.CredentialsForRole", params)) == "none");
    }

    SECTION("with the root for a key it did not issue") {
        CHECK(cloud.result("sts.ResolveAccessKey", R"({"AccessKeyId": "test"})").at("Arn") ==
              "arn:aws:iam::123456789012:root");
    }
}

}  // namespace sbemu
