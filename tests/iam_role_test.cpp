// IAM roles and their policies. Answers recorded from AWS by localstack's
// tests/aws/services/iam/test_iam_roles.snapshot.json, unless a comment says otherwise.
#include <catch2/catch.hpp>

#include "emulator/core/encoding.h"
#include "tests/test_cloud.h"

namespace sbemu {

namespace {

constexpr std::string_view kTrustPolicy =
    R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",)"
    R"( "Principal": {"Service": "lambda.amazonaws.com"}}]})";
constexpr std::string_view kPolicy =
    R"({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:ListBucket",)"
    R"( "Resource": "arn:aws:s3:::example_bucket"}})";

std::string role_request(std::string_view name, std::string_view document, std::string_view member,
                         std::string_view more = "") {
    boost::json::object request{{"RoleName", name}, {member, document}};
    std::string text = boost::json::serialize(request);
    text.pop_back();
    return text + std::string(more) + "}";
}

std::string create_request(std::string_view name, std::string_view more = "") {
    return role_request(name, kTrustPolicy, "AssumeRolePolicyDocument", more);
}

std::string policy_request(std::string_view document, std::string_view name = "inline") {
    return role_request("fn", document, "PolicyDocument",
                        R"(, "PolicyName": ")" + std::string(name) + "\"");
}

int status_of_error(const Applied& applied) { return std::get<ApiError>(applied.answer).status; }

}  // namespace

TEST_CASE("CreateRole", "[iam]") {
    TestCloud cloud;

    SECTION("answers the role, its trust policy URL-encoded") {
        auto created = cloud
                           .result("iam.CreateRole", create_request("fn", R"(, "Path": "/service/",
                                       "Description": "d", "MaxSessionDuration": 7200,
                                       "PermissionsBoundary": "arn:aws:iam::aws:policy/ReadOnly",
                                       "Tags": [{"Key": "a", "Value": "1"}])"))
                           .at("Role")
                           .as_object();
        const std::string id(created.at("RoleId").as_string());
        CHECK(id.size() == 21);
        CHECK(id.starts_with("AROA"));
        created.erase("RoleId");
        boost::json::object expected =
            json(R"({"Path": "/service/", "RoleName": "fn", "CreateDate": 1488326400000,
                     "Arn": "arn:aws:iam::123456789012:role/service/fn", "Description": "d",
                     "Tags": [{"Key": "a", "Value": "1"}],
                     "PermissionsBoundary": {"PermissionsBoundaryType": "Policy",
                         "PermissionsBoundaryArn": "arn:aws:iam::aws:policy/ReadOnly"}})")
                .as_object();
        expected["AssumeRolePolicyDocument"] = percent_encode(kTrustPolicy);
        CHECK(created == expected);
    }

    SECTION("refuses a name that is taken, whatever its case") {
        cloud.result("iam.CreateRole", create_request("fn"));
        cloud.caller.region = "eu-west-1";  // IAM is global
        const auto applied = cloud.call("iam.CreateRole", create_request("FN"));
        CHECK(error_of(applied) == "EntityAlreadyExists: Role with name FN already exists.");
        CHECK(status_of_error(applied) == 409);
    }

    SECTION("refuses trust policies that are none") {
        auto [document, message] = GENERATE(table<std::string, std::string>({
            {"{", "This policy contains invalid Json"},
            {"[]", "This policy contains invalid Json"},
            {"{}", "Missing required field Statement"},
            {R"({"Statement": []})", "Syntax errors in policy."},
            {R"({"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                 "Principal": "*", "Resource": "*"}})",
             "Has prohibited field Resource"},
            {R"({"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Principal": "*"}})",
             "AssumeRole policy may only specify STS AssumeRole actions."},
            {R"({"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole"}})",
             "Missing required field Principal"},
            {R"({"Statement": {"Action": "sts:AssumeRole", "Principal": "*"}})",
             "Missing required field Effect"},
            {R"({"Statement": {"Effect": "Allow", "Principal": "*"}})",
             "Missing required field Action"},
            {R"({"Version": "2020-01-01", "Statement": []})",
             "Policy document must be version 2012-10-17 or greater."},
        }));
        const auto applied =
            cloud.call("iam.CreateRole", role_request("fn", document, "AssumeRolePolicyDocument"));
        CHECK(error_of(applied) == "MalformedPolicyDocument: " + message);
        CHECK(status_of_error(applied) == 400);
    }

    SECTION("refuses a trust policy beyond the quota, white space not counted") {
        const auto document = [](std::size_t filler, char with) {
            return R"({"Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*",)"
                   R"("Sid":")" +
                   std::string(filler, with) + "\"}}";
        };
        CHECK(error_of(cloud.call("iam.CreateRole", role_request("fn", document(2048, 'x'),
                                                                 "AssumeRolePolicyDocument"))) ==
              "LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048");
        CHECK(error_of(cloud.call("iam.CreateRole", role_request("fn", document(2048, ' '),
                                                                 "AssumeRolePolicyDocument"))) ==
              "none");
    }
}

TEST_CASE("GetRole", "[iam]") {
    TestCloud cloud;
    const auto created = cloud.result("iam.CreateRole", create_request("fn")).at("Role");

    SECTION("answers more than CreateRole") {
        boost::json::object expected = created.as_object();
        expected["MaxSessionDuration"] = 3600;
        expected["RoleLastUsed"] = boost::json::object{};
        CHECK(cloud.result("iam.GetRole", R"({"RoleName": "fn"})").at("Role") == expected);
    }

    SECTION("sees what UpdateRole and UpdateAssumeRolePolicy changed, and what they left") {
        cloud.result("iam.UpdateRole",
                     R"({"RoleName": "fn", "Description": "new", "MaxSessionDuration": 7200})");
        cloud.result("iam.UpdateRole", R"({"RoleName": "fn"})");
        const std::string trust =
            R"({"Statement": {"Effect": "Allow", "Action": "sts:*", "Principal": "*"}})";
        cloud.result("iam.UpdateAssumeRolePolicy", role_request("fn", trust, "PolicyDocument"));
        const auto role = cloud.result("iam.GetRole", R"({"RoleName": "fn"})").at("Role");
        CHECK(role.at("Description") == "new");
        CHECK(role.at("MaxSessionDuration") == 7200);
        CHECK(std::string(role.at("AssumeRolePolicyDocument").as_string()) ==
              percent_encode(trust));
        CHECK(error_of(cloud.call("iam.UpdateAssumeRolePolicy",
                                  role_request("fn", "{", "PolicyDocument"))) ==
              "MalformedPolicyDocument: This policy contains invalid Json");
    }

    SECTION("keeps accounts apart") {
        cloud.caller.account = "210987654321";
        CHECK(error_of(cloud.call("iam.GetRole", R"({"RoleName": "fn"})")) ==
              "NoSuchEntity: The role with name fn cannot be found.");
    }
}

TEST_CASE("Every role operation refuses a role that does not exist", "[iam]") {
    TestCloud cloud;
    const std::string arn = R"("arn:aws:iam::aws:policy/ReadOnlyAccess")";
    auto [operation, more] = GENERATE_COPY(Catch::Generators::table<std::string, std::string>({
        {"GetRole", ""},
        {"DeleteRole", ""},
        {"UpdateRole", ""},
        {"UpdateAssumeRolePolicy", R"(, "PolicyDocument": "{}")"},
        {"PutRolePolicy", R"(, "PolicyName": "p", "PolicyDocument": "{}")"},
        {"GetRolePolicy", R"(, "PolicyName": "p")"},
        {"ListRolePolicies", ""},
        {"DeleteRolePolicy", R"(, "PolicyName": "p")"},
        {"AttachRolePolicy", R"(, "PolicyArn": )" + arn},
        {"DetachRolePolicy", R"(, "PolicyArn": )" + arn},
        {"ListAttachedRolePolicies", ""},
        {"TagRole", R"(, "Tags": [{"Key": "team", "Value": "maps"}])"},
        {"UntagRole", R"(, "TagKeys": ["team"])"},
        {"ListRoleTags", ""},
        {"ListInstanceProfilesForRole", ""},
        {"UpdateRoleDescription", R"(, "Description": "d")"},
        {"PutRolePermissionsBoundary", R"(, "PermissionsBoundary": )" + arn},
        {"DeleteRolePermissionsBoundary", ""},
    }));
    const auto applied =
        cloud.call("iam." + operation, R"({"RoleName": "test-nonexistent-role")" + more + "}");
    INFO("in " << operation);
    CHECK(error_of(applied) ==
          "NoSuchEntity: The role with name test-nonexistent-role cannot be found.");
    CHECK(status_of_error(applied) == 404);
}

TEST_CASE("ListRoles", "[iam]") {
    TestCloud cloud;
    cloud.result("iam.CreateRole", create_request("c", R"(, "Path": "/x/")"));
    cloud.result("iam.CreateRole", create_request("a", R"(, "Path": "/x/y/")"));
    cloud.result("iam.CreateRole", create_request("b"));

    SECTION("sorts by name and pages") {
        const auto first = cloud.result("iam.ListRoles", R"({"MaxItems": 2})");
        CHECK(first.at("Roles").at(0).at("RoleName") == "a");
        CHECK(first.at("Roles").at(1).at("RoleName") == "b");
        CHECK(first.at("IsTruncated") == true);
        const auto rest = cloud.result(
            "iam.ListRoles", R"({"Marker": )" + boost::json::serialize(first.at("Marker")) + "}");
        CHECK(rest.at("Roles").as_array().size() == 1);
        CHECK(rest.at("Roles").at(0).at("RoleName") == "c");
        CHECK(rest.at("IsTruncated") == false);
        CHECK(error_of(cloud.call("iam.ListRoles", R"({"Marker": "x"})")) ==
              "ValidationError: Invalid Marker.");
    }

    SECTION("selects by path") {
        const auto found = cloud.result("iam.ListRoles", R"({"PathPrefix": "/x/"})").at("Roles");
        CHECK(found.as_array().size() == 2);
        CHECK(found.at(0).at("RoleName") == "a");
        CHECK(found.at(1).at("RoleName") == "c");
    }
}

TEST_CASE("DeleteRole", "[iam]") {
    TestCloud cloud;
    cloud.result("iam.CreateRole", create_request("fn"));

    SECTION("refuses a role with policies") {
        cloud.result("iam.PutRolePolicy", policy_request(kPolicy));
        cloud.result("iam.AttachRolePolicy",
                     R"({"RoleName": "fn", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnly"})");
        const auto attached = cloud.call("iam.DeleteRole", R"({"RoleName": "fn"})");
        CHECK(error_of(attached) ==
              "DeleteConflict: Cannot delete entity, must detach all policies first.");
        CHECK(status_of_error(attached) == 409);
        cloud.result("iam.DetachRolePolicy",
                     R"({"RoleName": "fn", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnly"})");
        CHECK(error_of(cloud.call("iam.DeleteRole", R"({"RoleName": "fn"})")) ==
              "DeleteConflict: Cannot delete entity, must delete policies first.");
        cloud.result("iam.DeleteRolePolicy", R"({"RoleName": "fn", "PolicyName": "inline"})");
        CHECK(error_of(cloud.call("iam.DeleteRole", R"({"RoleName": "fn"})")) == "none");
        CHECK(error_of(cloud.call("iam.GetRole", R"({"RoleName": "fn"})")) ==
              "NoSuchEntity: The role with name fn cannot be found.");
    }
}

TEST_CASE("Inline policies of roles", "[iam]") {
    TestCloud cloud;
    cloud.result("iam.CreateRole", create_request("fn"));

    SECTION("are put, read, listed and deleted") {
        cloud.result("iam.PutRolePolicy", policy_request(kPolicy, "two"));
        cloud.result("iam.PutRolePolicy", policy_request(kPolicy, "one"));
        boost::json::object expected{{"RoleName", "fn"}, {"PolicyName", "one"}};
        expected["PolicyDocument"] = percent_encode(kPolicy);
        CHECK(cloud.result("iam.GetRolePolicy", R"({"RoleName": "fn", "PolicyName": "one"})") ==
              expected);
        CHECK(cloud.result("iam.ListRolePolicies", R"({"RoleName": "fn"})") ==
              json(R"({"PolicyNames": ["one", "two"], "IsTruncated": false})"));
        cloud.result("iam.DeleteRolePolicy", R"({"RoleName": "fn", "PolicyName": "one"})");
        for (const char* operation : {"iam.GetRolePolicy", "iam.DeleteRolePolicy"}) {
            CHECK(error_of(cloud.call(operation, R"({"RoleName": "fn", "PolicyName": "one"})")) ==
                  "NoSuchEntity: The role policy with name one cannot be found.");
        }
    }

    SECTION("are refused when malformed") {
        auto [document, message] = GENERATE(table<std::string, std::string>({
            {"not json", "This policy contains invalid Json"},
            {R"({"Statement": {"Effect": "Allow", "Action": "s3:*"}})",
             "Policy statement must contain resources."},
            {R"({"Statement": {"Effect": "Allow", "Resource": "*"}})",
             "Policy statement must contain actions."},
            {R"({"Statement": {"Effect": "Allow", "Action": "GetObject", "Resource": "*"}})",
             "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."},
            {R"({"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "bucket"}})",
             "Resource bucket must be in ARN format or \"*\"."},
            {R"({"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*",
                 "Principal": "*"}})",
             "Policy document should not specify a principal."},
            {R"({"Statement": [{"Sid": "a", "Effect": "Allow", "Action": "s3:*", "Resource": "*"},
                 {"Sid": "a", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}]})",
             "Statement IDs (SID) in a single policy must be unique."},
            {R"({"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Who": 1}})",
             "Syntax errors in policy."},
        }));
        CHECK(error_of(cloud.call("iam.PutRolePolicy", policy_request(document))) ==
              "MalformedPolicyDocument: " + message);
    }

    SECTION("take what Streambot's primary template has, its misplaced region included") {
        CHECK(error_of(cloud.call("iam.PutRolePolicy", policy_request(R"({"Statement": [
                  {"Effect": "Allow", "Action": ["dynamodb:PutItem"],
                   "Resource": "arn:aws:dynamodb:streambot-env:123456789012:table/streambot-env"},
                  {"Effect": "Allow", "Action": ["logs:*"], "Resource": "arn:aws:logs:*:*:*"}
              ]})"))) == "none");
    }

    SECTION("have 10240 characters in all") {
        const std::string large =
            R"({"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::)" +
            std::string(6000, 'x') + "\"}}";
        CHECK(error_of(cloud.call("iam.PutRolePolicy", policy_request(large, "one"))) == "none");
        CHECK(error_of(cloud.call("iam.PutRolePolicy", policy_request(large, "one"))) == "none");
        CHECK(error_of(cloud.call("iam.PutRolePolicy", policy_request(large, "two"))) ==
              "LimitExceeded: Maximum policy size of 10240 bytes exceeded for role fn");
    }
}

TEST_CASE("Attached policies of roles", "[iam]") {
    TestCloud cloud;
    cloud.result("iam.CreateRole", create_request("fn"));
    const std::string basic =
        R"({"RoleName": "fn",
            "PolicyArn": "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"})";

    SECTION("are attached once, listed and detached") {
        cloud.result("iam.AttachRolePolicy", basic);
        cloud.result("iam.AttachRolePolicy", basic);
        CHECK(cloud.result("iam.ListAttachedRolePolicies", R"({"RoleName": "fn"})") ==
              json(R"({"IsTruncated": false, "AttachedPolicies": [
                  {"PolicyName": "AWSLambdaBasicExecutionRole", "PolicyArn":
                   "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}]})"));
        CHECK(cloud
                  .result("iam.ListAttachedRolePolicies",
                          R"({"RoleName": "fn", "PathPrefix": "/other/"})")
                  .at("AttachedPolicies") == json("[]"));
        cloud.result("iam.DetachRolePolicy", basic);
        CHECK(error_of(cloud.call("iam.DetachRolePolicy", basic)) ==
              "NoSuchEntity: Policy "
              "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole was not found.");
    }

    SECTION("are refused when they cannot exist") {
        CHECK(
            error_of(cloud.call("iam.AttachRolePolicy",
                                R"({"RoleName": "fn", "PolicyArn": "longpolicynamebutnoarn"})")) ==
            "InvalidInput: ARN longpolicynamebutnoarn is not valid.");
        CHECK(error_of(cloud.call("iam.AttachRolePolicy", R"({"RoleName": "fn",
                  "PolicyArn": "arn:aws:iam::123456789012:policy/mine"})")) ==
              "NoSuchEntity: Policy arn:aws:iam::123456789012:policy/mine does not exist or is "
              "not attachable.");
    }
}

TEST_CASE("Tags of roles", "[iam]") {
    TestCloud cloud;
    cloud.result("iam.CreateRole",
                 create_request("fn", R"(, "Tags": [{"Key": "a", "Value": "1"}])"));
    cloud.result("iam.TagRole", R"({"RoleName": "fn", "Tags": [{"Key": "b", "Value": "2"},
                                                              {"Key": "a", "Value": "3"}]})");
    CHECK(cloud.result("iam.ListRoleTags", R"({"RoleName": "fn"})").at("Tags") ==
          json(R"([{"Key": "a", "Value": "3"}, {"Key": "b", "Value": "2"}])"));
    cloud.result("iam.UntagRole", R"({"RoleName": "fn", "TagKeys": ["a", "none"]})");
    CHECK(cloud.result("iam.ListRoleTags", R"({"RoleName": "fn"})").at("Tags") ==
          json(R"([{"Key": "b", "Value": "2"}])"));
}

}  // namespace sbemu
