// S3 objects: put, get, head, delete. Texts recorded from AWS by localstack's
// tests/aws/services/s3 (test_s3.snapshot.json, test_s3_api.snapshot.json).
#include <catch2/catch.hpp>

#include "tests/test_cloud.h"

namespace sbemu {

namespace {

std::string text(const boost::json::value& value) { return std::string(value.as_string()); }

boost::json::value stored(TestCloud& cloud, std::string_view params, std::string body) {
    return cloud.result("s3.PutObject", params, std::move(body));
}

std::string body_of(const Applied& applied) { return std::get<Outcome>(applied.answer).body; }

int status_of(const Applied& applied) { return std::get<ApiError>(applied.answer).status; }

boost::json::object object_fields(const Applied& applied) {
    return std::get<ApiError>(applied.answer).fields;
}

}  // namespace

TEST_CASE("PutObject", "[s3]") {
    TestCloud cloud;
    cloud.result("s3.CreateBucket", R"({"Bucket": "logs"})");

    SECTION("answers the MD5 as ETag") {
        CHECK(stored(cloud, R"({"Bucket": "logs", "Key": "a b/ü", "ACL": "public-read"})",
                     "abc123") == json(R"({"ETag": "\"e99a18c428cb38d5f260853678922e03\"",
                                           "ServerSideEncryption": "AES256"})"));
        CHECK(body_of(cloud.call("s3.GetObject", R"({"Bucket": "logs", "Key": "a b/ü"})")) ==
              "abc123");
    }

    SECTION("replaces what was there") {
        stored(cloud, R"({"Bucket": "logs", "Key": "a", "CacheControl": "no-store"})", "one");
        stored(cloud, R"({"Bucket": "logs", "Key": "a"})", "");
        const auto got = cloud.call("s3.GetObject", R"({"Bucket": "logs", "Key": "a"})");
        CHECK(body_of(got).empty());
        CHECK_FALSE(std::get<Outcome>(got.answer).result.contains("CacheControl"));
        CHECK(std::get<Outcome>(got.answer).result.at("ETag") ==
              "\"d41d8cd98f00b204e9800998ecf8427e\"");
    }

    SECTION("keeps checksums and answers them when asked") {
        // Of "abc", by Python's hashlib and zlib; CRC-32C by RFC 3720's polynomial.
        auto [member, value] = GENERATE(table<std::string, std::string>({
            {"ChecksumCRC32", "NSRBwg=="},
            {"ChecksumCRC32C", "Nks/tw=="},
            {"ChecksumSHA1", "qZk+NkcGgWq6PiVxeFDCbJzQ2J0="},
            {"ChecksumSHA256", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="},
        }));
        const std::string algorithm = member.substr(8);
        const std::string given =
            R"({"Bucket": "logs", "Key": "a", ")" + member + "\": \"" + value + "\"}";
        CHECK(error_of(cloud.call("s3.PutObject", given, "abd")) ==
              "BadDigest: The " + algorithm +
                  " you specified did not match the calculated checksum.");
        CHECK(text(stored(cloud, given, "abc").at(member)) == value);
        const std::string asked =
            R"({"Bucket": "logs", "Key": "a", "ChecksumAlgorithm": ")" + algorithm + "\"}";
        CHECK(text(stored(cloud, asked, "abc").at(member)) == value);
        const auto head = cloud.result(
            "s3.HeadObject", R"({"Bucket": "logs", "Key": "a", "ChecksumMode": "ENABLED"})");
        CHECK(text(head.at(member)) == value);
        CHECK_FALSE(cloud.result("s3.HeadObject", R"({"Bucket": "logs", "Key": "a"})")
                        .as_object()
                        .contains(member));
    }

    SECTION("refuses") {
        auto [wrong, request, error] = GENERATE(table<std::string, std::string, std::string>({
            {"a malformed MD5", R"("ContentMD5": "abc")",
             "InvalidDigest: The Content-MD5 you specified was invalid."},
            {"another MD5", R"("ContentMD5": "1B2M2Y8AsgTpgAmY7PhCfg==")",
             "BadDigest: The Content-MD5 you specified did not match what we received."},
            {"a malformed checksum", R"("ChecksumCRC32": "abc")",
             "InvalidRequest: Value for x-amz-checksum-crc32 header is invalid."},
            {"encryption with KMS", R"("ServerSideEncryption": "aws:kms")",
             "NotImplemented: sbemu does not implement the S3 setting ServerSideEncryption "
             "aws:kms yet."},
            {"an object lock", R"("ObjectLockMode": "GOVERNANCE")",
             "NotImplemented: sbemu does not implement the S3 setting ObjectLockMode yet."},
            {"a tag twice", R"("Tagging": "a=1&a=2")",
             "InvalidArgument: The header 'x-amz-tagging' shall be encoded as UTF-8 then "
             "URLEncoded "
             "URL query parameters without tag name duplicates."},
            {"more metadata than 2 KB", R"("Metadata": {"a": ")" + std::string(2048, 'x') + "\"}",
             "MetadataTooLarge: Your metadata headers exceed the maximum allowed metadata size"},
        }));
        INFO("with " << wrong);
        CHECK(error_of(cloud.call("s3.PutObject",
                                  R"({"Bucket": "logs", "Key": "a", )" + request + "}", "abc")) ==
              error);
        CHECK(error_of(cloud.call("s3.GetObject", R"({"Bucket": "logs", "Key": "a"})")) ==
              "NoSuchKey: The specified key does not exist.");
    }

    SECTION("refuses a key that is not UTF-8") {
        boost::json::object request{{"Bucket", "logs"}, {"Key", "\xff\xfe"}};
        CHECK(error_of(cloud.kernel.apply(
                  {cloud.now(), 99, cloud.caller, "s3", "PutObject", std::move(request), "x"})) ==
              "InvalidURI: Couldn't parse the specified URI.");
    }

    SECTION("refuses a key longer than 1024 bytes") {
        const auto applied = cloud.call(
            "s3.PutObject", R"({"Bucket": "logs", "Key": ")" + std::string(1025, 'k') + "\"}");
        CHECK(error_of(applied) == "KeyTooLongError: Your key is too long");
        CHECK(object_fields(applied) == json(R"({"MaxSizeAllowed": "1024", "Size": "1025"})"));
    }

    SECTION("writes only if its condition holds") {
        const auto absent = R"({"Bucket": "logs", "Key": "a", "IfNoneMatch": "*"})";
        const auto same = R"({"Bucket": "logs", "Key": "a",
                              "IfMatch": "\"900150983cd24fb0d6963f7d28e17f72\""})";
        CHECK(error_of(cloud.call("s3.PutObject", same, "x")) ==
              "NoSuchKey: The specified key does not exist.");
        CHECK(error_of(cloud.call("s3.PutObject", absent, "abc")) == "none");
        const auto applied = cloud.call("s3.PutObject", absent, "abd");
        CHECK(error_of(applied) ==
              "PreconditionFailed: At least one of the pre-conditions you specified did not hold");
        CHECK(status_of(applied) == 412);
        CHECK(object_fields(applied) == json(R"({"Condition": "If-None-Match"})"));
        CHECK(error_of(cloud.call("s3.PutObject", same, "abd")) == "none");
        CHECK(status_of(cloud.call("s3.PutObject", same, "abe")) == 412);
    }
}

TEST_CASE("GetObject", "[s3]") {
    TestCloud cloud;
    cloud.result("s3.CreateBucket", R"({"Bucket": "logs"})");
    stored(cloud, R"({"Bucket": "logs", "Key": "a"})", "0123456789");

    SECTION("answers the defaults of an object put plainly") {
        const auto got = cloud.call("s3.GetObject", R"({"Bucket": "logs", "Key": "a"})");
        CHECK(std::get<Outcome>(got.answer).result ==
              json(R"({"AcceptRanges": "bytes", "ContentLength": 10, "Metadata": {},
                       "ContentType": "binary/octet-stream", "ServerSideEncryption": "AES256",
                       "ETag": "\"781e5e245d69b566979b86e28d23f2c7\"",
                       "LastModified": 1488326400000})"));
        CHECK(body_of(got) == "0123456789");
    }

    SECTION("answers what was put with it") {
        stored(cloud,
               R"({"Bucket": "logs", "Key": "b", "ContentType": "text/plain",
                   "CacheControl": "no-store", "ContentEncoding": "gzip,aws-chunked",
                   "Metadata": {"Owner": "Me"}, "StorageClass": "STANDARD_IA",
                   "Tagging": "b=2&a=1%20x", "Expires": 1488326500000})",
               "x");
        const auto got = cloud.result("s3.GetObject", R"({"Bucket": "logs", "Key": "b"})");
        CHECK(got.at("ContentType") == "text/plain");
        CHECK(got.at("CacheControl") == "no-store");
        CHECK(got.at("ContentEncoding") == "gzip");
        CHECK(got.at("Metadata") == json(R"({"owner": "Me"})"));
        CHECK(got.at("StorageClass") == "STANDARD_IA");
        CHECK(got.at("TagCount") == 2);
        CHECK(got.at("Expires") == 1488326500000);
        CHECK(cloud.result("s3.GetObjectTagging", R"({"Bucket": "logs", "Key": "b"})") ==
              json(R"({"TagSet": [{"Key": "a", "Value": "1 x"}, {"Key": "b", "Value": "2"}]})"));
        const auto overridden = cloud.result(
            "s3.GetObject", R"({"Bucket": "logs", "Key": "b", "ResponseContentType": "a/b"})");
        CHECK(overridden.at("ContentType") == "a/b");
    }

    SECTION("answers a range") {
        auto [range, body, content_range] = GENERATE(table<std::string, std::string, std::string>({
            {"bytes=0-0", "0", "bytes 0-0/10"},
            {"bytes=3-5", "345", "bytes 3-5/10"},
            {"bytes=7-", "789", "bytes 7-9/10"},
            {"bytes=-2", "89", "bytes 8-9/10"},
            {"bytes=-20", "0123456789", "bytes 0-9/10"},
            {"bytes=8-100", "89", "bytes 8-9/10"},
        }));
        const auto got = cloud.call("s3.GetObject",
                                    R"({"Bucket": "logs", "Key": "a", "Range": ")" + range + "\"}");
        CHECK(body_of(got) == body);
        const auto& result = std::get<Outcome>(got.answer).result;
        CHECK(result.at("$status") == 206);
        CHECK(text(result.at("ContentRange")) == content_range);
        CHECK(result.at("ContentLength") == body.size());
    }

    SECTION("ignores what is no single range") {
        auto range = GENERATE("bytes=5-3", "bytes=a-b", "bytes=-", "bytes=0-1,3-4", "lines=1-2");
        const auto got = cloud.call("s3.GetObject", R"({"Bucket": "logs", "Key": "a", "Range": ")" +
                                                        std::string(range) + "\"}");
        CHECK(body_of(got) == "0123456789");
        CHECK_FALSE(std::get<Outcome>(got.answer).result.contains("$status"));
    }

    SECTION("refuses a range the object has nothing of") {
        const auto applied =
            cloud.call("s3.GetObject", R"({"Bucket": "logs", "Key": "a", "Range": "bytes=10-20"})");
        CHECK(error_of(applied) == "InvalidRange: The requested range is not satisfiable");
        CHECK(status_of(applied) == 416);
        CHECK(object_fields(applied) ==
              json(R"({"ActualObjectSize": "10", "RangeRequested": "bytes=10-20"})"));
    }

    SECTION("obeys conditions") {
        auto [condition, status] = GENERATE(table<std::string, int>({
            {R"("IfMatch": "\"781e5e245d69b566979b86e28d23f2c7\"")", 200},
            {R"("IfMatch": "781e5e245d69b566979b86e28d23f2c7")", 200},
            {R"("IfMatch": "\"other\"")", 412},
            {R"("IfNoneMatch": "\"other\"")", 200},
            {R"("IfNoneMatch": "\"781e5e245d69b566979b86e28d23f2c7\"")", 304},
            {R"("IfNoneMatch": "*")", 304},
            {R"("IfModifiedSince": 1488326400000)", 304},
            {R"("IfModifiedSince": 1488326399000)", 200},
            {R"("IfUnmodifiedSince": 1488326400000)", 200},
            {R"("IfUnmodifiedSince": 1488326399000)", 412},
            // RFC 7232 section 6: the ETag outweighs the date.
            {R"("IfMatch": "*", "IfUnmodifiedSince": 1488326399000)", 200},
            {R"("IfNoneMatch": "\"other\"", "IfModifiedSince": 1488326400000)", 200},
        }));
        const std::string request = R"({"Bucket": "logs", "Key": "a", )" + condition + "}";
        INFO("with " << request);
        auto operation = GENERATE("s3.GetObject", "s3.HeadObject");
        const auto applied = cloud.call(operation, request);
        const auto* error = std::get_if<ApiError>(&applied.answer);
        CHECK((error ? error->status : 200) == status);
    }

    SECTION("refuses") {
        auto [wrong, request, error] = GENERATE(table<std::string, std::string, std::string>({
            {"a key that is not there", R"("Key": "none")",
             "NoSuchKey: The specified key does not exist."},
            {"a version", R"("Key": "a", "VersionId": "HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD")",
             "InvalidArgument: Invalid version id specified"},
            {"a customer's key", R"("Key": "a", "SSECustomerAlgorithm": "AES256")",
             "NotImplemented: sbemu does not implement the S3 setting SSECustomerAlgorithm yet."},
        }));
        INFO("with " << wrong);
        CHECK(error_of(cloud.call("s3.GetObject", R"({"Bucket": "logs", )" + request + "}")) ==
              error);
        CHECK(error_of(cloud.call("s3.HeadObject", R"({"Bucket": "logs", )" + request + "}")) ==
              error);
    }

    SECTION("names the key it did not find") {
        const auto applied = cloud.call("s3.GetObject", R"({"Bucket": "logs", "Key": "none"})");
        CHECK(status_of(applied) == 404);
        CHECK(object_fields(applied) == json(R"({"Key": "none"})"));
    }
}

TEST_CASE("DeleteObject", "[s3]") {
    TestCloud cloud;
    cloud.result("s3.CreateBucket", R"({"Bucket": "logs"})");
    stored(cloud, R"({"Bucket": "logs", "Key": "a"})", "1");
    CHECK(cloud.result("s3.DeleteObject", R"({"Bucket": "logs", "Key": "a"})") == json("{}"));
    CHECK(cloud.result("s3.DeleteObject", R"({"Bucket": "logs", "Key": "a"})") == json("{}"));
    CHECK(error_of(cloud.call("s3.HeadObject", R"({"Bucket": "logs", "Key": "a"})")) ==
          "NoSuchKey: The specified key does not exist.");
    CHECK(error_of(cloud.call("s3.DeleteObject",
                              R"({"Bucket": "logs", "Key": "a", "VersionId": "x"})")) ==
          "InvalidArgument: Invalid version id specified");
}

TEST_CASE("DeleteObjects", "[s3]") {
    TestCloud cloud;
    cloud.result("s3.CreateBucket", R"({"Bucket": "logs"})");
    stored(cloud, R"({"Bucket": "logs", "Key": "a"})", "1");
    stored(cloud, R"({"Bucket": "logs", "Key": "b"})", "2");

    SECTION("answers every key, there or not") {
        CHECK(cloud.result("s3.DeleteObjects", R"({"Bucket": "logs", "Delete": {"Objects":
                  [{"Key": "a"}, {"Key": "none"}, {"Key": "b", "VersionId": "x"}]}})") ==
              json(R"({"Deleted": [{"Key": "a"}, {"Key": "none"}],
                       "Errors": [{"Key": "b", "VersionId": "x", "Code": "NoSuchVersion",
                                   "Message": "The specified version does not exist."}]})"));
        CHECK(cloud.result("s3.ListObjectsV2", R"({"Bucket": "logs"})").at("KeyCount") == 1);
    }

    SECTION("is quiet when asked") {
        CHECK(cloud.result("s3.DeleteObjects", R"({"Bucket": "logs", "Delete":
                  {"Objects": [{"Key": "a"}, {"Key": "b"}], "Quiet": true}})") == json("{}"));
        CHECK(cloud.result("s3.ListObjectsV2", R"({"Bucket": "logs"})").at("KeyCount") == 0);
    }

    SECTION("refuses an empty list") {
        CHECK(error_of(cloud.call("s3.DeleteObjects",
                                  R"({"Bucket": "logs", "Delete": {"Objects": []}})")) ==
              "MalformedXML: The XML you provided was not well-formed or did not validate against "
              "our published schema");
    }
}

TEST_CASE("CopyObject", "[s3]") {
    TestCloud cloud;
    cloud.result("s3.CreateBucket", R"({"Bucket": "logs"})");
    cloud.result("s3.CreateBucket", R"({"Bucket": "copies"})");
    stored(cloud,
           R"({"Bucket": "logs", "Key": "a b", "ContentType": "text/plain", "Tagging": "t=1",
               "Metadata": {"m": "1"}})",
           "abc");

    SECTION("copies bytes and settings") {
        cloud.advance(std::chrono::seconds{5});
        CHECK(cloud.result("s3.CopyObject", R"({"Bucket": "copies", "Key": "c",
                  "CopySource": "/logs/a%20b"})") ==
              json(R"({"CopyObjectResult": {"ETag": "\"900150983cd24fb0d6963f7d28e17f72\"",
                           "LastModified": 1488326405000}, "ServerSideEncryption": "AES256"})"));
        const auto got = cloud.call("s3.GetObject", R"({"Bucket": "copies", "Key": "c"})");
        CHECK(body_of(got) == "abc");
        const auto& result = std::get<Outcome>(got.answer).result;
        CHECK(result.at("ContentType") == "text/plain");
        CHECK(result.at("Metadata") == json(R"({"m": "1"})"));
        CHECK(result.at("TagCount") == 1);
    }

    SECTION("replaces settings when told to") {
        cloud.result("s3.CopyObject", R"({"Bucket": "logs", "Key": "a b",
            "CopySource": "logs/a%20b", "MetadataDirective": "REPLACE", "Metadata": {"n": "2"}})");
        const auto got = cloud.result("s3.HeadObject", R"({"Bucket": "logs", "Key": "a b"})");
        CHECK(got.at("ContentType") == "binary/octet-stream");
        CHECK(got.at("Metadata") == json(R"({"n": "2"})"));
    }

    SECTION("refuses") {
        auto [wrong, request, error] = GENERATE(table<std::string, std::string, std::string>({
            {"a copy to itself", R"("Bucket": "logs", "Key": "a b", "CopySource": "logs/a b")",
             "InvalidRequest: This copy request is illegal because it is trying to copy an object "
             "to itself without changing the object's metadata, storage class, website redirect "
             "location or encryption attributes."},
            {"a source without a key", R"("Bucket": "copies", "Key": "c", "CopySource": "logs")",
             "InvalidArgument: Copy Source must mention the source bucket and key: "
             "sourcebucket/sourcekey"},
            {"an absent key", R"("Bucket": "copies", "Key": "c", "CopySource": "logs/none")",
             "NoSuchKey: The specified key does not exist."},
            {"an absent bucket", R"("Bucket": "copies", "Key": "c", "CopySource": "none/a")",
             "NoSuchBucket: The specified bucket does not exist"},
            {"a condition that does not hold",
             R"("Bucket": "copies", "Key": "c", "CopySource": "logs/a b",
                "CopySourceIfMatch": "other")",
             "PreconditionFailed: At least one of the pre-conditions you specified did not hold"},
        }));
        INFO("with " << wrong);
        CHECK(error_of(cloud.call("s3.CopyObject", "{" + request + "}")) == error);
    }
}

TEST_CASE("Object tagging", "[s3]") {
    TestCloud cloud;
    cloud.result("s3.CreateBucket", R"({"Bucket": "logs"})");
    stored(cloud, R"({"Bucket": "logs", "Key": "a"})", "1");
    CHECK(cloud.result("s3.GetObjectTagging", R"({"Bucket": "logs", "Key": "a"})") ==
          json(R"({"TagSet": []})"));
    cloud.result("s3.PutObjectTagging", R"({"Bucket": "logs", "Key": "a", "Tagging": {"TagSet":
        [{"Key": "t 2", "Value": "b&c"}, {"Key": "t 1", "Value": ""}]}})");
    CHECK(cloud.result("s3.GetObjectTagging", R"({"Bucket": "logs", "Key": "a"})") ==
          json(R"({"TagSet": [{"Key": "t 1", "Value": ""}, {"Key": "t 2", "Value": "b&c"}]})"));
    cloud.result("s3.DeleteObjectTagging", R"({"Bucket": "logs", "Key": "a"})");
    CHECK(cloud.result("s3.GetObjectTagging", R"({"Bucket": "logs", "Key": "a"})") ==
          json(R"({"TagSet": []})"));
}

}  // namespace sbemu
