// Tags and resource-based policies. Facts: facts/dynamodb-kinesis.md 1.15 and ack-api-quirks
// (2026-10), table-policy-kinesis-autoscaling.
#include <catch2/catch.hpp>

#include "tests/test_cloud.h"

namespace sbemu {

namespace {

const std::string kTable = "arn:aws:dynamodb:us-east-1:123456789012:table/env";

struct Table : TestCloud {
    Table() {
        const auto made =
            result("dynamodb.CreateTable", R"({"TableName": "env", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "name", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "name", "KeyType": "HASH"}],
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}})");
        stream = made.at_pointer("/TableDescription/LatestStreamArn").as_string();
        settle();
    }
    std::string stream;
};

// A request on the resource, with more members.
std::string on(const std::string& arn, const std::string& more = "") {
    return R"({"ResourceArn": ")" + arn + "\"" + more + "}";
}

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

TEST_CASE("Tags", "[dynamodb][tags]") {
    Table cloud;
    const auto tags = [](int from, int to) {
        std::string list;
        for (int i = from; i < to; ++i) {
            list += std::string(i > from ? "," : "") + R"({"Key": "k)" + std::to_string(10 + i) +
                    R"(", "Value": "v"})";
        }
        return R"(, "Tags": [)" + list + "]";
    };

    SECTION("are listed at once, whatever the token (ack-api-quirks DDB-TABLE-073, -108)") {
        cloud.result("dynamodb.TagResource", on(kTable, tags(0, 25)));
        for (const std::string token : {"", R"(, "NextToken": "junk!")"}) {
            const auto listed = cloud.result("dynamodb.ListTagsOfResource", on(kTable, token));
            CHECK(listed.at("Tags").as_array().size() == 25);
            CHECK_FALSE(listed.as_object().contains("NextToken"));
        }
    }

    SECTION("are of letters, digits and few signs (ack-api-quirks DDB-TABLE-105, 107, 372)") {
        const auto error = [&](const std::string& tag) {
            return error_of(
                cloud.call("dynamodb.TagResource", on(kTable, R"(, "Tags": [{)" + tag + "}]")));
        };
        const auto pair = [](const std::string& key, const std::string& value) {
            return R"("Key": ")" + key + R"(", "Value": ")" + value + "\"";
        };
        const std::string invalid_key =
            "ValidationException: The Tag Key provided is invalid, Key: ";
        const std::string invalid_value =
            "ValidationException: The Tag Value provided is invalid, Value: ";
        CHECK(error(pair("a b+-=._:/@9", "caf\u00e9 \u043a\u043b\u044e\u0447 \u8868\u00a0")) ==
              "none");
        CHECK(error(pair("hi!", "a")) == invalid_key + "hi!");
        CHECK(error(pair("a", "d%g")) == invalid_value + "d%g");
        CHECK(error(pair("a", "\U0001F511")) == invalid_value + "\U0001F511");
        CHECK(error(pair("", "a")) == invalid_key);
        CHECK(error(pair(std::string(128, 'k'), std::string(256, 'v'))) == "none");
        CHECK(error(pair(std::string(129, 'k'), "a")) == invalid_key + std::string(129, 'k'));
        CHECK(error(pair("a", std::string(257, 'v'))) == invalid_value + std::string(257, 'v'));
        CHECK(error("") == invalid_key + "null");
        CHECK(error(R"("Value": "a")") == invalid_key + "null");
        CHECK(error(R"("Key": "a")") == invalid_value + "null");
        CHECK(error(pair("AWS:a", "a")) ==
              "ValidationException: Tag Key cannot be prefixed with aws:, Key: AWS:a");
    }

    SECTION("are taken away by keys that could be there (ack-api-quirks DDB-TABLE-105, 107)") {
        const auto error = [&](const std::string& keys) {
            return error_of(
                cloud.call("dynamodb.UntagResource", on(kTable, R"(, "TagKeys": [)" + keys + "]")));
        };
        CHECK(error(R"("gone")") == "none");
        CHECK(error(R"("")") == "ValidationException: The Tag Key provided is invalid, Key: ");
        CHECK(error(R"("aws:a")") ==
              "ValidationException: Tag Key cannot be prefixed with aws:, Key: aws:a");
        std::string many = "\"k0\"";
        for (int i = 1; i < 51; ++i) many += ", \"k" + std::to_string(i) + "\"";
        CHECK(error(many) ==
              "ValidationException: Number of Tags exceed the current limit for the provided "
              "ResourceArn");
    }

    SECTION("have 10 KB together (ack-api-quirks DDB-TABLE-109)") {
        std::string list;
        for (int i = 10; i < 51; ++i) {
            list += std::string(i > 10 ? "," : "") + R"({"Key": "k)" + std::to_string(i) +
                    R"(", "Value": ")" + std::string(247, 'v') + "\"}";
        }
        CHECK(error_of(
                  cloud.call("dynamodb.TagResource", on(kTable, R"(, "Tags": [)" + list + "]"))) ==
              "ValidationException: Tag set size 10250 bytes is above max size limit of 10240 "
              "bytes");
    }

    SECTION("change one request after the other (ack-api-quirks DDB-TABLE-103, 440)") {
        const auto tag = [&](const std::string& pairs) {
            return error_of(
                cloud.call("dynamodb.TagResource", on(kTable, R"(, "Tags": [)" + pairs + "]")));
        };
        const std::string a = R"({"Key": "a", "Value": "1"})";
        const std::string b = R"({"Key": "b", "Value": "1"})";
        const std::string locked =
            "LimitExceededException: Subscriber limit exceeded: Table tags are being updated: env";
        cloud.result("sbemu.SetLatency", R"({"Mode": "aws"})");
        CHECK(tag(a) == "none");
        CHECK(tag(b) == locked);
        CHECK(tag(a) == "none");
        CHECK(tag(a + "," + b) == "none");
        CHECK(error_of(cloud.call("dynamodb.UntagResource", on(kTable, R"(, "TagKeys": ["c"])"))) ==
              locked);
        CHECK(error_of(cloud.call("dynamodb.DeleteTable", R"({"TableName": "env"})")) ==
              "ResourceInUseException: Attempt to change a resource which is still in use: Table "
              "tags are being updated: env");
        cloud.advance(Duration{1500});
        CHECK(error_of(cloud.call("dynamodb.UntagResource", on(kTable, R"(, "TagKeys": ["a"])"))) ==
              "none");
        CHECK(tag(b) == locked);
    }

    SECTION("are not there while a table is made, and stay as they are when it goes") {
        // ack-api-quirks DDB-TABLE-101, 104, 374.
        const auto listed = [&] {
            return error_of(cloud.call("dynamodb.ListTagsOfResource", on(kTable)));
        };
        cloud.result("sbemu.SetLatency", R"({"Mode": "aws"})");
        cloud.result("dynamodb.TagResource", on(kTable, tags(0, 1)));
        cloud.advance(Duration{1500});
        cloud.result("dynamodb.DeleteTable", R"({"TableName": "env"})");
        CHECK(listed() == "none");
        CHECK(error_of(cloud.call("dynamodb.TagResource", on(kTable, tags(0, 1)))) == "none");
        CHECK(error_of(cloud.call("dynamodb.TagResource", on(kTable, tags(1, 2)))) ==
              "ResourceInUseException: Attempt to change a resource which is still in use: Table "
              "is being deleted: env");
        cloud.advance(std::chrono::seconds(6));
        cloud.result("dynamodb.CreateTable",
                     R"({"TableName": "env", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "name", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "name", "KeyType": "HASH"}],
            "Tags": [{"Key": "a", "Value": "1"}]})");
        CHECK(listed() == "ResourceNotFoundException: Requested resource not found: ResourceArn: " +
                              kTable + " not found");
        cloud.advance(std::chrono::seconds(7));
        CHECK(listed() == "none");
    }

    SECTION("are fifty at most") {
        cloud.result("dynamodb.TagResource", on(kTable, tags(0, 50)));
        CHECK(error_of(cloud.call("dynamodb.TagResource", on(kTable, tags(50, 51)))) ==
              "ValidationException: Number of Tags exceed the current limit for the provided "
              "ResourceArn");
        CHECK(error_of(cloud.call("dynamodb.TagResource", on(kTable, tags(0, 1)))) == "none");
    }

    SECTION("refuse") {
        const auto [request, error] = GENERATE_COPY(table<std::string, std::string>({
            {on("env", tags(0, 1)),
             "ValidationException: One or more parameter values were invalid: ARNs must start with "
             "'arn:': env"},
            {on("arn:aws:s3:::env", tags(0, 1)),
             "ValidationException: Invalid TableArn: Invalid ResourceArn provided as input "
             "arn:aws:s3:::env"},
            {on(kTable + "/index/i", tags(0, 1)),
             "ValidationException: One or more parameter values were invalid: Invalid resource arn "
             "provided, only table or stream is accepted. Provided resource arn: " +
                 kTable + "/index/i"},
            {on(kTable + "/stream/2017-03-01T00:00:00.000", tags(0, 1)),
             "NotImplemented: sbemu does not implement dynamodb's tags of streams yet."},
            {on(kTable + "/backup/01", tags(0, 1)),
             "ValidationException: One or more parameter values were invalid: Provided Arn is not "
             "a DynamoDB resource arn: " +
                 kTable + "/backup/01"},
            {on(kTable + "x", tags(0, 1)),
             "ResourceNotFoundException: Requested resource not found: ResourceArn: " + kTable +
                 "x not found"},
            {on(kTable, R"(, "Tags": [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}])"),
             "ValidationException: Duplicate Tag Keys provided as input: Duplicate Tag Key found "
             "a"},
        }));
        INFO(request);
        CHECK(error_of(cloud.call("dynamodb.TagResource", request)) == error);
    }
}

TEST_CASE("Resource policies", "[dynamodb][policies]") {
    Table cloud;
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
        CHECK(error_of(cloud.call("dynamodb.DeleteResourcePolicy",
                                  on(kTable, R"(, "ExpectedRevisionId": "7")"))) ==
              "PolicyNotFoundException: Resource-based policy not found for the provided "
              "ResourceArn: Requested update for policy with revision id 7, but table env has no "
              "associated policy.");
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
    for (const std::string operation :
         {"ExportTableToPointInTime", "ImportTable", "CreateGlobalTable",
          "EnableKinesisStreamingDestination", "UpdateTableReplicaAutoScaling"}) {
        const std::string error = error_of(cloud.call("dynamodb." + operation));
        INFO(error);
        CHECK(error.find(operation) != std::string::npos);
    }
    CHECK(cloud.result("dynamodb.DescribeEndpoints") ==
          json(R"({"Endpoints": [{"Address": "dynamodb.us-east-1.amazonaws.com",
                                  "CachePeriodInMinutes": 1440}]})"));
}

}  // namespace sbemu
