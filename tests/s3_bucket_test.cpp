// S3 buckets. Texts recorded from AWS by localstack's tests/aws/services/s3.
#include <catch2/catch.hpp>

#include "tests/test_cloud.h"

namespace sbemu {

namespace {

std::string bucket_named(std::string_view name) {
    return boost::json::serialize(boost::json::object{{"Bucket", name}});
}

boost::json::object fields_of(const Applied& applied) {
    return std::get<ApiError>(applied.answer).fields;
}

}  // namespace

TEST_CASE("CreateBucket", "[s3]") {
    TestCloud cloud;

    SECTION("makes a bucket where the request was sent") {
        CHECK(cloud.result("s3.CreateBucket", R"({"Bucket": "logs"})") ==
              json(R"({"Location": "/logs"})"));
        CHECK(cloud.result("s3.GetBucketLocation", R"({"Bucket": "logs"})") == json("{}"));
        CHECK(cloud.result("s3.ListBuckets").at("Buckets") ==
              json(R"([{"Name": "logs", "CreationDate": 1488326400000}])"));
    }

    SECTION("makes a bucket in another region through us-east-1") {
        CHECK(cloud.result("s3.CreateBucket", R"({"Bucket": "logs", "CreateBucketConfiguration":
                  {"LocationConstraint": "eu-west-1"}})") ==
              json(R"({"Location": "http://logs.s3.amazonaws.com/"})"));
        CHECK(cloud.result("s3.GetBucketLocation", R"({"Bucket": "logs"})") ==
              json(R"({"LocationConstraint": "eu-west-1"})"));
        CHECK(cloud.result("s3.HeadBucket", R"({"Bucket": "logs"})") ==
              json(R"({"BucketRegion": "eu-west-1"})"));
    }

    SECTION("answers 200 for one's own bucket in us-east-1, and only there") {
        cloud.result("s3.CreateBucket", R"({"Bucket": "logs"})");
        CHECK(error_of(cloud.call("s3.CreateBucket", R"({"Bucket": "logs"})")) == "none");
        const auto again = cloud.call("s3.CreateBucket", R"({"Bucket": "logs",
            "CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}})");
        CHECK(error_of(again) ==
              "BucketAlreadyOwnedByYou: Your previous request to create the named bucket "
              "succeeded and you already own it.");
        CHECK(std::get<ApiError>(again.answer).status == 409);
        CHECK(fields_of(again) == json(R"({"BucketName": "logs"})"));
    }

    SECTION("wants the location named outside us-east-1") {
        cloud.caller.region = "eu-west-1";
        CHECK(error_of(cloud.call("s3.CreateBucket", R"({"Bucket": "logs"})")) ==
              "IllegalLocationConstraintException: The unspecified location constraint is "
              "incompatible for the region specific endpoint this request was sent to.");
        CHECK(error_of(cloud.call("s3.CreateBucket", R"({"Bucket": "logs",
                  "CreateBucketConfiguration": {"LocationConstraint": "eu-central-1"}})")) ==
              "IllegalLocationConstraintException: The eu-central-1 location constraint is "
              "incompatible for the region specific endpoint this request was sent to.");
        CHECK(error_of(cloud.call("s3.CreateBucket", R"({"Bucket": "logs",
                  "CreateBucketConfiguration": {"LocationConstraint": "EU"}})")) == "none");
        CHECK(cloud.result("s3.GetBucketLocation", R"({"Bucket": "logs"})") ==
              json(R"({"LocationConstraint": "EU"})"));
    }

    SECTION("refuses locations that are none") {
        auto location = GENERATE("us-east-1", "somewhere", "eu-west-");
        CHECK(error_of(cloud.call("s3.CreateBucket",
                                  R"({"Bucket": "logs", "CreateBucketConfiguration":
                                      {"LocationConstraint": ")" +
                                      std::string(location) + R"("}})")) ==
              "InvalidLocationConstraint: The specified location-constraint is not valid");
    }

    SECTION("refuses names that break the rules") {
        auto name = GENERATE("ab", "Upper", "under_score", "-start", "end-", "dots..dots",
                             "192.168.5.4", "xn--bucket", "bucket-s3alias",
                             "0123456789012345678901234567890123456789012345678901234567890123");
        const auto applied = cloud.call("s3.CreateBucket", bucket_named(name));
        CHECK(error_of(applied) == "InvalidBucketName: The specified bucket is not valid.");
        CHECK(fields_of(applied).at("BucketName") == name);
    }

    SECTION("names what it does not do") {
        CHECK(error_of(cloud.call("s3.CreateBucket",
                                  R"({"Bucket": "logs", "ObjectLockEnabledForBucket": true})")) ==
              "NotImplemented: sbemu does not implement the S3 setting "
              "ObjectLockEnabledForBucket yet.");
    }

    SECTION("keeps accounts apart") {
        cloud.result("s3.CreateBucket", R"({"Bucket": "logs"})");
        cloud.caller.account = "210987654321";
        CHECK(cloud.result("s3.ListBuckets").at("Buckets") == json("[]"));
    }
}

TEST_CASE("DeleteBucket", "[s3]") {
    TestCloud cloud;
    cloud.result("s3.CreateBucket", R"({"Bucket": "logs"})");

    SECTION("refuses a bucket with objects") {
        cloud.result("s3.PutObject", R"({"Bucket": "logs", "Key": "a"})", "1");
        const auto applied = cloud.call("s3.DeleteBucket", R"({"Bucket": "logs"})");
        CHECK(error_of(applied) == "BucketNotEmpty: The bucket you tried to delete is not empty");
        CHECK(fields_of(applied) == json(R"({"BucketName": "logs"})"));
        cloud.result("s3.DeleteObject", R"({"Bucket": "logs", "Key": "a"})");
        CHECK(error_of(cloud.call("s3.DeleteBucket", R"({"Bucket": "logs"})")) == "none");
    }

    SECTION("takes unfinished uploads with it") {
        cloud.result("s3.CreateMultipartUpload", R"({"Bucket": "logs", "Key": "a"})");
        CHECK(error_of(cloud.call("s3.DeleteBucket", R"({"Bucket": "logs"})")) == "none");
        cloud.result("s3.CreateBucket", R"({"Bucket": "logs"})");
        CHECK_FALSE(cloud.result("s3.ListMultipartUploads", R"({"Bucket": "logs"})")
                        .as_object()
                        .contains("Uploads"));
    }
}

TEST_CASE("Every bucket operation refuses a bucket that does not exist", "[s3]") {
    TestCloud cloud;
    auto operation = GENERATE("HeadBucket", "DeleteBucket", "GetBucketLocation",
                              "GetBucketVersioning", "GetBucketEncryption", "ListObjects",
                              "ListObjectsV2", "ListMultipartUploads", "GetObject", "PutObject",
                              "DeleteObject", "DeleteObjects", "CreateMultipartUpload");
    const auto applied =
        cloud.call("s3." + std::string(operation), R"({"Bucket": "none", "Key": "a"})");
    INFO("in " << operation);
    CHECK(error_of(applied) == "NoSuchBucket: The specified bucket does not exist");
    CHECK(std::get<ApiError>(applied.answer).status == 404);
    CHECK(fields_of(applied) == json(R"({"BucketName": "none"})"));
}

TEST_CASE("Buckets answer their defaults", "[s3]") {
    TestCloud cloud;
    cloud.result("s3.CreateBucket", R"({"Bucket": "logs"})");
    CHECK(cloud.result("s3.GetBucketVersioning", R"({"Bucket": "logs"})") == json("{}"));
    CHECK(cloud.result("s3.GetBucketEncryption", R"({"Bucket": "logs"})") ==
          json(R"({"ServerSideEncryptionConfiguration": {"Rules": [
              {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
               "BucketKeyEnabled": false}]}})"));
    CHECK(error_of(cloud.call("s3.HeadBucket", R"({"Bucket": "logs",
              "ExpectedBucketOwner": "210987654321"})")) == "AccessDenied: Access Denied");
}

}  // namespace sbemu
