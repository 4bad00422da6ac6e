// Tags of tables. Facts: facts/dynamodb-kinesis.md 1.15 and ack-api-quirks (2026-10), service.
#include <catch2/catch.hpp>

#include "tests/dynamodb_table_resource.h"

namespace sbemu {

TEST_CASE("Tags", "[dynamodb][tags]") {
    TableWithStream cloud;
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
        CHECK(error(pair("a", "\ue000")) == invalid_value + "\ue000");
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

}  // namespace sbemu
