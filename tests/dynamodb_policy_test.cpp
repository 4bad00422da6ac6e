// Resource-based policies. Facts: facts/dynamodb-kinesis.md 1.15 and ack-api-quirks
// (2026-10), table-policy-kinesis-autoscaling.
#include <catch2/catch.hpp>

#include "tests/dynamodb_table_resource.h"

namespace sbemu {

namespace {

std::string policy(const std::string& document, const std::string& more = "") {
    return R"(, "Policy": )" + boost::json::serialize(boost::json::value(document)) + more;
}

// A statement that denies everybody to read an item, with other members.
std::string statement(const std::string& members = "") {
    boost::json::object made{
        {"Effect", "Deny"}, {"Principal", "*"}, {"Action", "dynamodb:GetItem"}, {"Resource", "*"}};
    const auto given = json("{" + members + "}");
    for (const auto& [name, value] : given.as_object()) made[name] = value;
    return boost::json::serialize(made);
}

const std::string kDocument = R"({"Version": "2012-10-17", "Statement": {"Action":
    ["dynamodb:GetItem"], "Effect": "allow", "Sid": "s", "Principal": {"AWS": "123456789012"},
    "Resource": "*"}})";

}  // namespace

TEST_CASE("Resource policies", "[dynamodb][policies]") {
    TableWithStream cloud;
    const auto put = [&](const std::string& more) {
        return error_of(cloud.call("dynamodb.PutResourcePolicy", on(kTable, more)));
    };

    SECTION("are answered in AWS's form, with a revision") {
        CHECK(error_of(cloud.call("dynamodb.GetResourcePolicy", on(kTable))) ==
              "PolicyNotFoundException: Resource-based policy not found for the provided "
              "ResourceArn: " +
                  kTable);
        const auto first =
            cloud.result("dynamodb.PutResourcePolicy", on(kTable, policy(kDocument)));
        CHECK(first == json(R"({"RevisionId": "1488326400000"})"));
        const auto got = cloud.result("dynamodb.GetResourcePolicy", on(kTable));
        CHECK(got.at("RevisionId") == "1488326400000");
        CHECK(got.at("Policy") ==
              R"({"Version":"2012-10-17","Statement":[{"Sid":"s","Effect":"Allow","Principal":)"
              R"({"AWS":"arn:aws:iam::123456789012:root"},"Action":"dynamodb:GetItem",)"
              R"("Resource":"*"}]})");
        // The same again changes nothing.
        cloud.advance(Duration{5});
        CHECK(cloud.result("dynamodb.PutResourcePolicy", on(kTable, policy(kDocument))) == first);
        // A stream's is another.
        CHECK(error_of(cloud.call("dynamodb.GetResourcePolicy", on(cloud.stream)))
                  .starts_with("PolicyNotFoundException"));
        CHECK(cloud.result("dynamodb.DeleteResourcePolicy", on(cloud.stream)) == json("{}"));
        CHECK(cloud.result("dynamodb.DeleteResourcePolicy", on(kTable)) == first);
        // From now on: when it was deleted (ack-api-quirks DDB-TABLE-205).
        CHECK(cloud.result("dynamodb.DeleteResourcePolicy", on(kTable)) ==
              json(R"({"RevisionId": "1488326400005"})"));
        const std::string seven = R"(, "ExpectedRevisionId": "7")";
        const std::string unexpected =
            "PolicyNotFoundException: Resource-based policy not found for the provided "
            "ResourceArn: Requested update for policy with revision id 7, but ";
        CHECK(error_of(cloud.call("dynamodb.DeleteResourcePolicy", on(kTable, seven))) ==
              unexpected +
                  "the policy associated to target table env has revision id 1488326400005.");
        CHECK(error_of(cloud.call("dynamodb.DeleteResourcePolicy", on(cloud.stream, seven))) ==
              unexpected + "table env has no associated policy.");
    }

    SECTION("change only from the revision that is expected") {
        const std::string other =
            R"({"Version": "2012-10-17", "Statement": [{"Action": "dynamodb:Get*",
            "Effect": "Deny", "Principal": "*", "Resource": "*"}]})";
        CHECK(put(policy(kDocument, R"(, "ExpectedRevisionId": "NO_POLICY")")) == "none");
        CHECK(
            put(policy(other, R"(, "ExpectedRevisionId": "NO_POLICY")")) ==
            "PolicyNotFoundException: Resource-based policy not found for the provided "
            "ResourceArn: Requested policy update expecting none to be present for table env, but "
            "a policy exists with revision id 1488326400000.");
        CHECK(put(policy(other, R"(, "ExpectedRevisionId": "1")")) ==
              "PolicyNotFoundException: Resource-based policy not found for the provided "
              "ResourceArn: Requested update for policy with revision id 1, but the policy "
              "associated to target table env has revision id 1488326400000.");
        CHECK(put(policy(other, R"(, "ExpectedRevisionId": "1488326400000")")) == "none");
        CHECK(cloud.result("dynamodb.GetResourcePolicy", on(kTable)).at("RevisionId") ==
              "1488326400001");
    }

    SECTION("come with a table and go with it") {
        cloud.result("dynamodb.CreateTable",
                     R"({"TableName": "new", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "name", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "name", "KeyType": "HASH"}], "ResourcePolicy": )" +
                         boost::json::serialize(boost::json::value(kDocument)) + "}");
        cloud.settle();
        const std::string arn = "arn:aws:dynamodb:us-east-1:123456789012:table/new";
        CHECK(error_of(cloud.call("dynamodb.GetResourcePolicy", on(arn))) == "none");
        cloud.result("dynamodb.DeleteTable", R"({"TableName": "new"})");
        cloud.settle();
        CHECK(error_of(cloud.call("dynamodb.GetResourcePolicy", on(arn))) ==
              "ResourceNotFoundException: Requested resource not found: Table: new not found");
    }

    SECTION("refuse") {
        const std::string invalid =
            "ValidationException: One or more parameter values were "
            "invalid: ";
        const std::string stream = cloud.stream;
        const auto [document, error] = GENERATE_COPY(table<std::string, std::string>({
            {"{", invalid + "Invalid policy document: This policy contains invalid Json"},
            {R"({"Statement": []})",
             invalid + "Invalid policy document: Could not parse the policy: Statement is empty!"},
            {"[]", invalid + "Invalid policy document: This policy contains invalid Json"},
            {"null", invalid + "Invalid policy document: This text appears not to be a policy"},
            {"{}", invalid + "Invalid policy document: Syntax error at position (1,3)"},
            {R"({"Statement": [{}]})",
             invalid + "Invalid policy document: Missing required field Effect"},
            {R"({"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*"}})",
             invalid + "Invalid policy document: Missing required field Resource"},
            // Where the fault is seen is assumed.
            {R"({"Statement": {"Effect": "Deny", "Principal": "123456789012", "Action": "*",
                 "Resource": "*"}})",
             invalid + "Invalid policy document: Syntax error at position (1,47)"},
            {statement(R"("Sid": "s")") + "," + statement(R"("Sid": "s")"),
             invalid + "Invalid policy document: The Statement Ids in the policy are not unique"},
            {statement(R"("Action": ["dynamodb:GetRecords", "dynamodb:getitem", "s3:GetObject"])"),
             invalid + "Invalid policy document: The following action names are invalid: "
                       "\"dynamodb:GetRecords\", \"s3:GetObject\""},
            {statement(R"("Resource": ")" + stream + "\""),
             invalid +
                 "Invalid policy document: The relative-id "
                 "\"table/env/stream/2017-03-01T00:00:00.000\" is invalid for ARN \"" +
                 stream + "\""},
            {statement(R"("Effect": "Allow", "Principal": {"AWS": ["*"]})"),
             "ValidationException: Resource-based policy grants unbounded access in one or more "
             "elements. Please revise the policy to ensure least-privilege form of access"},
            {std::string(20481, ' '), invalid + "Maximum policy size of 20480 bytes exceeded"},
        }));
        const bool is_list = document.starts_with(R"({"Effect)");
        CHECK(put(policy(is_list ? R"({"Statement": [)" + document + "]}" : document)) == error);
        CHECK(error_of(cloud.call("dynamodb.GetResourcePolicy", on(kTable)))
                  .starts_with("PolicyNotFoundException"));
    }

    SECTION("have their members in the form of the policy language (where it fails is assumed)") {
        const std::string value = GENERATE("null", "1", "{}", "[]", "[[\"x\"]]");
        const std::string member =
            GENERATE("Sid", "Principal", "Action", "Resource", "Condition", "NotAction");
        if (value == "{}" && member == "Condition") return;
        INFO(member << " " << value);
        CHECK(put(policy(R"({"Statement": )" + statement("\"" + member + "\": " + value) + "}"))
                  .find("Invalid policy document: Syntax error at position (1,") !=
              std::string::npos);
    }

    SECTION("have a known version, and numbers that there are") {
        const std::string document = GENERATE(
            R"({"Version": "2010-10-17", "Statement": {}})", R"({"Id": 1, "Statement": {}})",
            R"({"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*",
                "Condition": {"NumericEquals": {"a": 1e400}}}})");
        CHECK(put(policy(document)).find("Invalid policy document: Syntax error at position (") !=
              std::string::npos);
    }

    SECTION("say nothing that is not understood (texts assumed, but the principal's)") {
        const auto error = [&](const std::string& members) {
            return put(policy(R"({"Statement": )" + statement(members) + "}"));
        };
        CHECK(error(R"("Conditon": {})").find("Syntax error at position (1,") != std::string::npos);
        CHECK(put(policy(R"({"Foo": 1, "Statement": )" + statement("\"Sid\": \"a\"") + "}"))
                  .find("Syntax error at position (1,9)") != std::string::npos);
        CHECK(error(R"("Resource": "env")").find("must be in ARN format") != std::string::npos);
        CHECK(
            error(R"("Principal": {"AWS": "somebody"})") ==
            "ValidationException: One or more parameter values were invalid: Invalid principal in "
            "policy document.");
        CHECK(put(policy(R"({"Statement": {"Effect": "Allow", "Resource": "*", "Action": "*",
                             "NotPrincipal": {"AWS": "123456789012"}}})"))
                  .find("grants unbounded access") != std::string::npos);
    }

    SECTION("have numbers as they are written") {
        CHECK(put(policy(R"({"Statement": )" +
                         statement(R"("Condition": {"NumericLessThan": {"a": 1.5}})") + "}")) ==
              "none");
        const auto got = cloud.result("dynamodb.GetResourcePolicy", on(kTable));
        CHECK(got.at("Policy").as_string().ends_with(
            R"("Condition":{"NumericLessThan":{"a":1.5}}}]})"));
    }

    SECTION("change as often as they are changed, if nothing takes its time") {
        for (int change = 0; change < 3; ++change) {
            const std::string id = R"("Sid": "s)" + std::to_string(change) + "\"";
            CHECK(put(policy(R"({"Statement": )" + statement(id) + "}")) == "none");
        }
        CHECK(error_of(cloud.call("dynamodb.DeleteTable", R"({"TableName": "env"})")) == "none");
    }

    SECTION("of a stream are about the stream (ack-api-quirks DDB-TABLE-212)") {
        const auto error = [&](const std::string& document, const std::string& arn) {
            return error_of(cloud.call("dynamodb.PutResourcePolicy",
                                       on(arn, policy(R"({"Statement": )" + document + "}"))));
        };
        const std::string about_table =
            statement(R"("Action": "dynamodb:GetRecords", "Resource": ")" + kTable + "\"");
        CHECK(error(about_table, kTable + "/stream/2000-01-01T00:00:00.000") ==
              "ValidationException: One or more parameter values were invalid: Invalid policy "
              "document: The relative-id \"table/env\" is invalid for ARN \"" +
                  kTable + "\"");
        CHECK(error(statement(R"("Action": "dynamodb:GetRecords", "Resource": ")" + cloud.stream +
                              "\""),
                    cloud.stream) == "none");
        // DDB-TABLE-213: its own window, and a table's action does not fit it.
        const std::string of_table =
            statement(R"("Action": "dynamodb:GetItem", "Resource": ")" + cloud.stream + "\"");
        CHECK(
            error(of_table, cloud.stream) ==
            "ValidationException: One or more parameter values were invalid: Invalid policy "
            "document: The relative-id \"table/env/stream/2017-03-01T00:00:00.000\" is invalid for "
            "ARN \"" +
                cloud.stream + "\"");
        cloud.result("sbemu.SetLatency", R"({"Mode": "aws"})");
        const std::string another = statement(R"("Action": "dynamodb:DescribeStream")");
        CHECK(error(another, cloud.stream) ==
              "ResourceInUseException: Attempt to change a resource which is still in use: Stream "
              "is pending previous resource-based policy update: 2017-03-01T00:00:00.000");
        cloud.advance(Duration{2000});
        CHECK(error(another, cloud.stream) ==
              "ThrottlingException: Resource-based policy for stream 2017-03-01T00:00:00.000 "
              "modified within the previous 15000 milliseconds. Please try again after "
              "2017-03-01T00:00:15.000Z.");
        cloud.result("sbemu.SetLatency", R"({"Mode": "none"})");
        cloud.result("dynamodb.DeleteTable", R"({"TableName": "env"})");
        cloud.settle();
        CHECK(error_of(cloud.call("dynamodb.GetResourcePolicy", on(cloud.stream))) ==
              "PolicyNotFoundException: Resource-based policy not found for the provided "
              "ResourceArn: " +
                  cloud.stream);
    }

    SECTION("may not lock out who puts them (ack-api-quirks DDB-TABLE-210)") {
        const auto denies = [](const std::string& action, const std::string& more = "") {
            return policy(R"({"Statement": )" + statement(R"("Action": )" + action) + "}", more);
        };
        const std::string refused =
            "AccessDeniedException: The new resource policy will not allow you to update the "
            "resource policy in the future.";
        CHECK(put(denies(R"("dynamodb:PutResourcePolicy")")) == refused);
        CHECK(put(denies(R"(["dynamodb:GetItem", "dynamodb:putresource*"])")) == refused);
        CHECK(put(denies(R"("dynamodb:PutResourcePolicy")",
                         R"(, "ConfirmRemoveSelfResourceAccess": false)")) == refused);
        CHECK(put(denies(
                  R"("dynamodb:PutResourcePolicy", "Resource": "arn:aws:dynamodb:*:table/e*")")) ==
              refused);
        // Of another table, and of another account.
        CHECK(put(denies(R"("dynamodb:PutResourcePolicy", "Resource": ")" + kTable + "s\"")) ==
              "none");
        CHECK(put(denies("\"*\", \"NotResource\": \"" + kTable + "\"")).find("Syntax error") !=
              std::string::npos);
        CHECK(put(denies(R"("dynamodb:DeleteResourcePolicy")")) == "none");
        CHECK(put(denies(R"("dynamodb:PutResourcePolicy")",
                         R"(, "ConfirmRemoveSelfResourceAccess": true)")) == "none");
    }

    SECTION("are read as DynamoDB has them (ack-api-quirks DDB-TABLE-353, 354)") {
        const std::string without = R"({"Statement": )" + statement(R"("Condition": {"StringEquals":
                                        {"aws:PrincipalAccount": ["123456789012"]}})") +
                                    "}";
        const auto first = cloud.result("dynamodb.PutResourcePolicy", on(kTable, policy(without)));
        const auto got = cloud.result("dynamodb.GetResourcePolicy", on(kTable));
        const std::string text(got.at("Policy").as_string());
        CHECK(json(text) == json(R"({"Version": "2008-10-17", "Statement": [{"Effect": "Deny",
            "Principal": "*", "Action": "dynamodb:GetItem", "Resource": "*", "Condition":
            {"StringEquals": {"aws:PrincipalAccount": "123456789012"}}}]})"));
        // No Version is another policy than the Version that it means.
        CHECK(cloud.result("dynamodb.PutResourcePolicy", on(kTable, policy(without))) == first);
        CHECK(cloud.result("dynamodb.PutResourcePolicy", on(kTable, policy(text))) != first);
    }

    SECTION("change one after the other, if that takes as long as on AWS") {
        // ack-api-quirks DDB-TABLE-206, 236, 347, 348.
        const auto other = [](const std::string& action) {
            return policy(R"({"Statement": )" + statement(R"("Action": ")" + action + "\"") + "}");
        };
        cloud.result("sbemu.SetLatency", R"({"Mode": "aws"})");
        CHECK(put(other("dynamodb:Query")) == "none");
        CHECK(put(other("dynamodb:Query")) == "none");
        CHECK(put(other("dynamodb:Scan")) ==
              "ResourceInUseException: Attempt to change a resource which is still in use: Table "
              "is pending previous resource-based policy update: env");
        CHECK(error_of(cloud.call("dynamodb.DeleteTable", R"({"TableName": "env"})")) ==
              "ResourceInUseException: Attempt to change a resource which is still in use: Table: "
              "env has a pending resource-based policy update.");
        cloud.advance(Duration{2000});
        CHECK(error_of(cloud.call("dynamodb.DeleteResourcePolicy", on(kTable))) ==
              "ThrottlingException: Resource-based policy for table env modified within the "
              "previous 15000 milliseconds. Please try again after 2017-03-01T00:00:15.000Z.");
        cloud.advance(Duration{13000});
        CHECK(put(other("dynamodb:Scan")) == "none");
        cloud.advance(Duration{15000});
        cloud.result("dynamodb.DeleteTable", R"({"TableName": "env"})");
        CHECK(put(other("dynamodb:Scan")) == "none");
        CHECK(put(other("dynamodb:Query")) ==
              "ResourceInUseException: Attempt to change a resource which is still in use: Table "
              "is being deleted: env");
    }

    SECTION("name what is wrong with an ARN") {
        const auto [arn, error] = GENERATE_COPY(table<std::string, std::string>({
            {"env",
             "ValidationException: One or more parameter values were invalid: ARNs must "
             "start with 'arn:': env"},
            {"arn:aws:dynamodb:us-east-1:000000000000:table/env",
             "ValidationException: This action is only supported by accounts that match the "
             "resource owner’s account."},
            {"arn:aws:dynamodb:eu-west-1:123456789012:table/env",
             "ValidationException: One or more parameter values were invalid: Invalid resource "
             "Arn: arn:aws:dynamodb:eu-west-1:123456789012:table/env"},
            {kTable + "/stream/2000-01-01T00:00:00.000",
             "ResourceNotFoundException: Requested resource not found: Stream: "
             "2000-01-01T00:00:00.000 not found for Table: env"},
        }));
        CHECK(error_of(cloud.call("dynamodb.GetResourcePolicy", on(arn))) == error);
    }
}

TEST_CASE("Operations of DynamoDB that sbemu does not have are named", "[dynamodb]") {
    TestCloud cloud;
    for (const std::string operation : {"ExportTableToPointInTime", "ImportTable",
                                        "CreateGlobalTable", "UpdateTableReplicaAutoScaling"}) {
        const std::string error = error_of(cloud.call("dynamodb." + operation));
        INFO(error);
        CHECK(error.find(operation) != std::string::npos);
    }
    CHECK(cloud.result("dynamodb.DescribeEndpoints") ==
          json(R"({"Endpoints": [{"Address": "dynamodb.us-east-1.amazonaws.com",
                                  "CachePeriodInMinutes": 1440}]})"));
}

}  // namespace sbemu
