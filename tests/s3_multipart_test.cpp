// S3 multipart uploads, which the AWS CLI uses above 8 MB.
#include <catch2/catch.hpp>

#include "emulator/core/encoding.h"
#include "tests/test_cloud.h"

namespace sbemu {

namespace {

std::string text(const boost::json::value& value) { return std::string(value.as_string()); }

constexpr std::size_t kPartSize = 5'242'880;

class MultipartUpload {
  public:
    explicit MultipartUpload(std::string_view settings = "") {
        cloud.result("s3.CreateBucket", R"({"Bucket": "logs"})");
        id = std::string(
            cloud
                .result("s3.CreateMultipartUpload",
                        R"({"Bucket": "logs", "Key": "big")" + std::string(settings) + "}")
                .at("UploadId")
                .as_string());
    }

    Applied call(const std::string& operation, const std::string& members, std::string body = {}) {
        return cloud.call("s3." + operation,
                          R"({"Bucket": "logs", "Key": "big", "UploadId": ")" + id + "\"" +
                              (members.empty() ? "" : ", " + members) + "}",
                          std::move(body));
    }

    // Uploads the part; gives its entry for CompleteMultipartUpload.
    std::string part(int number, std::string body) {
        const std::string etag = "\\\"" + hex_encode(md5(body)) + "\\\"";
        const auto applied =
            call("UploadPart", R"("PartNumber": )" + std::to_string(number), std::move(body));
        REQUIRE(error_of(applied) == "none");
        return R"({"PartNumber": )" + std::to_string(number) + R"(, "ETag": ")" + etag + "\"}";
    }

    Applied complete(const std::string& parts) {
        return call("CompleteMultipartUpload", R"("MultipartUpload": {"Parts": [)" + parts + "]}");
    }

    TestCloud cloud;
    std::string id;
};

}  // namespace

TEST_CASE("A multipart upload", "[s3]") {
    SECTION("becomes one object") {
        MultipartUpload upload(R"(, "ContentType": "text/plain")");
        const std::string first(kPartSize, 'a');
        const std::string second = "the end";
        // Uploaded in another order, and one of them twice.
        const std::string two = upload.part(2, second);
        upload.part(1, "to be replaced");
        const std::string one = upload.part(1, first);
        const auto applied = upload.complete(one + ", " + two);
        REQUIRE(error_of(applied) == "none");
        const std::string etag = "\"" + hex_encode(md5(md5(first) + md5(second))) + "-2\"";
        const auto& completed = std::get<Outcome>(applied.answer).result;
        CHECK(text(completed.at("ETag")) == etag);
        CHECK(completed.at("Location") == "https://logs.s3.us-east-1.amazonaws.com/big");

        const auto got = upload.cloud.call("s3.GetObject", R"({"Bucket": "logs", "Key": "big"})");
        const Outcome& outcome = std::get<Outcome>(got.answer);
        CHECK(outcome.body == first + second);
        CHECK(outcome.result.at("ContentLength") == kPartSize + 7);
        CHECK(outcome.result.at("ContentType") == "text/plain");
        CHECK(text(outcome.result.at("ETag")) == etag);

        // Across the seam, and by part.
        CHECK(std::get<Outcome>(upload.cloud
                                    .call("s3.GetObject", R"({"Bucket": "logs", "Key": "big",
                                          "Range": "bytes=5242878-5242882"})")
                                    .answer)
                  .body == "aathe");
        const auto second_part = upload.cloud.call(
            "s3.GetObject", R"({"Bucket": "logs", "Key": "big", "PartNumber": 2})");
        CHECK(std::get<Outcome>(second_part.answer).body == "the end");
        CHECK(std::get<Outcome>(second_part.answer).result.at("PartsCount") == 2);

        // A copy is one piece.
        const auto copied = upload.cloud.result(
            "s3.CopyObject", R"({"Bucket": "logs", "Key": "copy", "CopySource": "logs/big"})");
        CHECK(text(copied.at("CopyObjectResult").at("ETag")) ==
              "\"" + hex_encode(md5(first + second)) + "\"");

        CHECK(error_of(upload.complete(one)) ==
              "NoSuchUpload: The specified upload does not exist. The upload ID may be invalid, or "
              "the upload may have been aborted or completed.");
    }

    SECTION("joins the checksums of its parts") {
        MultipartUpload upload(R"(, "ChecksumAlgorithm": "SHA256")");
        const auto applied = upload.complete(upload.part(1, "abc"));
        CHECK(text(std::get<Outcome>(applied.answer).result.at("ChecksumSHA256")) ==
              base64_encode(sha256(sha256("abc"))) + "-1");
    }

    SECTION("takes parts from other objects") {
        MultipartUpload upload;
        upload.cloud.result("s3.PutObject", R"({"Bucket": "logs", "Key": "source"})", "0123456789");
        const auto applied = upload.call(
            "UploadPartCopy",
            R"("PartNumber": 1, "CopySource": "logs/source", "CopySourceRange": "bytes=2-4")");
        const auto& result =
            std::get<Outcome>(applied.answer).result.at("CopyPartResult").as_object();
        CHECK(text(result.at("ETag")) == "\"" + hex_encode(md5("234")) + "\"");
    }

    SECTION("lists itself and its parts until aborted") {
        MultipartUpload upload;
        upload.part(3, "three");
        upload.part(1, "one");
        const auto listed = std::get<Outcome>(upload.call("ListParts", "").answer).result;
        CHECK(listed.at("Parts").at(0).at("PartNumber") == 1);
        CHECK(listed.at("Parts").at(1).at("Size") == 5);
        CHECK(listed.at("IsTruncated") == false);
        const auto page =
            std::get<Outcome>(upload.call("ListParts", R"("MaxParts": 1)").answer).result;
        CHECK(page.at("IsTruncated") == true);
        CHECK(page.at("NextPartNumberMarker") == 1);
        const auto uploads =
            upload.cloud.result("s3.ListMultipartUploads", R"({"Bucket": "logs"})").at("Uploads");
        CHECK(text(uploads.at(0).at("UploadId")) == upload.id);

        CHECK(error_of(upload.call("AbortMultipartUpload", "")) == "none");
        CHECK(error_of(upload.call("ListParts", "")).starts_with("NoSuchUpload: "));
        CHECK_FALSE(upload.cloud.result("s3.ListMultipartUploads", R"({"Bucket": "logs"})")
                        .as_object()
                        .contains("Uploads"));
    }

    SECTION("refuses") {
        MultipartUpload upload;
        const std::string one = upload.part(1, "small");
        const std::string two = upload.part(2, "last");
        const std::string invalid_part =
            "InvalidPart: One or more of the specified parts could not be found.  The part may not "
            "have been uploaded, or the specified entity tag may not match the part's entity tag.";
        CHECK(error_of(upload.complete(two + ", " + one)) ==
              "InvalidPartOrder: The list of parts was not in ascending order. Parts must be "
              "ordered by part number.");
        CHECK(error_of(upload.complete(one + ", " + two)) ==
              "EntityTooSmall: Your proposed upload is smaller than the minimum allowed size");
        CHECK(error_of(upload.complete(R"({"PartNumber": 3, "ETag": "x"})")) == invalid_part);
        CHECK(error_of(upload.complete(R"({"PartNumber": 1, "ETag": "x"})")) == invalid_part);
        CHECK(error_of(upload.complete("")).starts_with("MalformedXML: "));
        CHECK(error_of(upload.call("UploadPart", R"("PartNumber": 10001)")) ==
              "InvalidArgument: Part number must be an integer between 1 and 10000, inclusive");
        // Nothing of that cost the upload its parts.
        CHECK(error_of(upload.complete(two)) == "none");
    }
}

}  // namespace sbemu
