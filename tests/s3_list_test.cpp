// Listing S3 objects. Answers as recorded: localstack test_s3_list_operations.snapshot.json.
#include <catch2/catch.hpp>

#include "tests/test_cloud.h"

namespace sbemu {

namespace {

void fill(TestCloud& cloud) {
    cloud.result("s3.CreateBucket", R"({"Bucket": "logs"})");
    for (const char* key : {"a", "test/bar/foo/123", "test/foo/bar/123", "test/foo/bar/456", "z"}) {
        cloud.result("s3.PutObject", R"({"Bucket": "logs", "Key": ")" + std::string(key) + "\"}",
                     "test");
    }
}

// "a test/ z": keys and common prefixes of the page, in that order.
std::string listed(const boost::json::value& page) {
    std::string text;
    for (const auto& [list, name] : {std::pair{"Contents", "Key"}, {"CommonPrefixes", "Prefix"}}) {
        if (!page.as_object().contains(list)) continue;
        for (const auto& entry : page.at(list).as_array()) {
            text += (text.empty() ? "" : " ") + std::string(entry.at(name).as_string());
        }
    }
    return text;
}

}  // namespace

TEST_CASE("ListObjectsV2", "[s3]") {
    TestCloud cloud;
    fill(cloud);

    SECTION("describes objects") {
        CHECK(cloud.result("s3.ListObjectsV2", R"({"Bucket": "logs", "Prefix": "a"})") ==
              json(R"({"IsTruncated": false, "KeyCount": 1, "MaxKeys": 1000, "Name": "logs",
                       "Prefix": "a", "Contents": [{"Key": "a", "Size": 4,
                           "ETag": "\"098f6bcd4621d373cade4e832627b4f6\"",
                           "LastModified": 1488326400000, "StorageClass": "STANDARD"}]})"));
    }

    SECTION("answers an empty bucket") {
        cloud.result("s3.CreateBucket", R"({"Bucket": "empty"})");
        CHECK(cloud.result("s3.ListObjectsV2", R"({"Bucket": "empty", "EncodingType": "url"})") ==
              json(R"({"EncodingType": "url", "IsTruncated": false, "KeyCount": 0,
                       "MaxKeys": 1000, "Name": "empty", "Prefix": ""})"));
    }

    SECTION("selects and rolls up") {
        auto [request, keys] = GENERATE(table<std::string, std::string>({
            {"", "a test/bar/foo/123 test/foo/bar/123 test/foo/bar/456 z"},
            {R"(, "Prefix": "test/foo")", "test/foo/bar/123 test/foo/bar/456"},
            {R"(, "Delimiter": "/")", "a z test/"},
            {R"(, "Delimiter": "/", "Prefix": "test/")", "test/bar/ test/foo/"},
            {R"(, "Delimiter": "/", "Prefix": "test/foo")", "test/foo/"},
            {R"(, "Delimiter": "/", "Prefix": "test/foo/bar/")",
             "test/foo/bar/123 test/foo/bar/456"},
            {R"(, "Delimiter": "bar")", "a z test/bar test/foo/bar"},
            {R"(, "StartAfter": "test/foo/bar/123")", "test/foo/bar/456 z"},
            {R"(, "StartAfter": "zz")", ""},
            {R"(, "Prefix": "none")", ""},
            {R"(, "MaxKeys": 0)", ""},
        }));
        INFO("with " << request);
        const auto page = cloud.result("s3.ListObjectsV2", R"({"Bucket": "logs")" + request + "}");
        CHECK(listed(page) == keys);
        CHECK(page.at("IsTruncated") == false);
    }

    SECTION("goes on where it stopped, common prefixes included") {
        auto [request, pages] = GENERATE(table<std::string, std::vector<std::string>>({
            {R"("MaxKeys": 2)", {"a test/bar/foo/123", "test/foo/bar/123 test/foo/bar/456", "z"}},
            {R"("MaxKeys": 1, "Delimiter": "/")", {"a", "test/", "z"}},
            {R"("MaxKeys": 1, "Delimiter": "/", "Prefix": "test/")", {"test/bar/", "test/foo/"}},
        }));
        INFO("with " << request);
        std::string token;
        for (std::size_t i = 0; i < pages.size(); ++i) {
            const auto page =
                cloud.result("s3.ListObjectsV2", R"({"Bucket": "logs", )" + request + token + "}")
                    .as_object();
            CHECK(listed(page) == pages[i]);
            CHECK(page.at("IsTruncated") == (i + 1 < pages.size()));
            CHECK(page.contains("NextContinuationToken") == (i + 1 < pages.size()));
            if (i + 1 < pages.size()) {
                token = R"(, "ContinuationToken": )" +
                        boost::json::serialize(page.at("NextContinuationToken"));
            }
        }
    }

    SECTION("encodes keys when asked") {
        cloud.result("s3.CreateBucket", R"({"Bucket": "odd"})");
        cloud.result("s3.PutObject", R"({"Bucket": "odd", "Key": "a b/ü+~*"})");
        const auto page =
            cloud.result("s3.ListObjectsV2", R"({"Bucket": "odd", "EncodingType": "url",
                "Delimiter": "%2F", "StartAfter": " "})");
        CHECK(listed(page) == "a+b/%C3%BC%2B%7E*");
        CHECK(page.at("Delimiter") == "%252F");
        CHECK(page.at("StartAfter") == "+");
    }

    SECTION("orders by bytes") {
        cloud.result("s3.CreateBucket", R"({"Bucket": "odd"})");
        for (const char* key : {"Z", "é", "a", "A", "_"}) {
            cloud.result("s3.PutObject",
                         R"({"Bucket": "odd", "Key": ")" + std::string(key) + "\"}");
        }
        CHECK(listed(cloud.result("s3.ListObjectsV2", R"({"Bucket": "odd"})")) == "A Z _ a é");
    }

    SECTION("tells the owner when asked") {
        const auto page =
            cloud.result("s3.ListObjectsV2", R"({"Bucket": "logs", "FetchOwner": true})");
        CHECK(page.at("Contents").at(0).at("Owner") == cloud.result("s3.ListBuckets").at("Owner"));
    }

    SECTION("refuses") {
        auto [request, error] = GENERATE(table<std::string, std::string>({
            {R"("ContinuationToken": "")",
             "InvalidArgument: The continuation token provided is incorrect"},
            {R"("ContinuationToken": "?")",
             "InvalidArgument: The continuation token provided is incorrect"},
            {R"("MaxKeys": -1)",
             "InvalidArgument: Argument maxKeys must be an integer between 0 and 2147483647"},
            {R"("EncodingType": "base64")",
             "InvalidArgument: Invalid Encoding Method specified in Request"},
        }));
        CHECK(error_of(cloud.call("s3.ListObjectsV2", R"({"Bucket": "logs", )" + request + "}")) ==
              error);
    }
}

TEST_CASE("ListObjects", "[s3]") {
    TestCloud cloud;
    fill(cloud);

    SECTION("tells owners and the marker, always") {
        const auto page = cloud.result("s3.ListObjects", R"({"Bucket": "logs", "Prefix": "a"})");
        CHECK(page.at("Marker") == "");
        CHECK(page.at("Contents").at(0).as_object().contains("Owner"));
        CHECK_FALSE(page.as_object().contains("KeyCount"));
    }

    SECTION("gives a next marker with a delimiter only") {
        const auto plain = cloud.result("s3.ListObjects", R"({"Bucket": "logs", "MaxKeys": 1})");
        CHECK(plain.at("IsTruncated") == true);
        CHECK_FALSE(plain.as_object().contains("NextMarker"));
        CHECK(
            cloud.result("s3.ListObjects", R"({"Bucket": "logs", "MaxKeys": 2, "Delimiter": "/"})")
                .at("NextMarker") == "test/");
        CHECK(listed(cloud.result("s3.ListObjects", R"({"Bucket": "logs", "Delimiter": "/",
                  "Marker": "test/"})")) == "z");
        CHECK(listed(cloud.result("s3.ListObjects",
                                  R"({"Bucket": "logs", "Marker": "test/foo/bar/456"})")) == "z");
    }
}

}  // namespace sbemu
