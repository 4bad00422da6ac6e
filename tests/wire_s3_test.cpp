// REST-XML: S3, and the PUT that ends a custom resource's work.
#include "emulator/core/encoding.h"
#include "emulator/wire/digests.h"
#include "tests/wire_support.h"

namespace sbemu::wire {
namespace {

std::string s3(std::string_view first_line, std::string_view body = "",
               std::string_view more_headers = "", std::string_view host = "127.0.0.1:4566") {
    return std::string(first_line) + " HTTP/1.1\nHost: " + std::string(host) + "\n" +
           std::string(more_headers) + "Authorization: " + authorization("s3") + "\n\n" +
           std::string(body);
}

}  // namespace

TEST_CASE("wire: S3 operations are told apart by method, path, query and headers") {
    struct Case {
        const char* line;
        const char* headers;
        const char* operation;
    };
    const Case cases[] = {
        {"GET /", "", "ListBuckets"},
        {"PUT /b", "", "CreateBucket"},
        {"PUT /b/", "", "CreateBucket"},
        {"HEAD /b", "", "HeadBucket"},
        {"DELETE /b", "", "DeleteBucket"},
        {"GET /b", "", "ListObjects"},
        {"GET /b?list-type=2&prefix=x", "", "ListObjectsV2"},
        {"GET /b?location", "", "GetBucketLocation"},
        {"GET /b?versions", "", "ListObjectVersions"},
        {"GET /b?lifecycle", "", "GetBucketLifecycleConfiguration"},
        {"GET /b?notification=", "", "GetBucketNotificationConfiguration"},
        {"POST /b?delete", "", "DeleteObjects"},
        {"PUT /b/k", "", "PutObject"},
        {"PUT /b/k?x-id=PutObject", "", "PutObject"},
        {"PUT /b/k", "x-amz-copy-source: /a/b\n", "CopyObject"},
        {"PUT /b/k?partNumber=1&uploadId=u", "", "UploadPart"},
        {"PUT /b/k?partNumber=1&uploadId=u", "x-amz-copy-source: /a/b\n", "UploadPartCopy"},
        {"PUT /b/k?acl", "", "PutObjectAcl"},
        {"GET /b/k", "", "GetObject"},
        {"GET /b/k?tagging", "", "GetObjectTagging"},
        {"GET /b/k?uploadId=u", "", "ListParts"},
        {"HEAD /b/k", "", "HeadObject"},
        {"DELETE /b/k", "", "DeleteObject"},
        {"DELETE /b/k?uploadId=u", "", "AbortMultipartUpload"},
        {"POST /b/k?uploads", "", "CreateMultipartUpload"},
        {"POST /b/k?uploadId=u", "", "CompleteMultipartUpload"},
    };
    for (const Case& one : cases) {
        INFO(one.line << " " << one.headers);
        CHECK(call_of(s3(one.line, "", one.headers)).operation == one.operation);
    }
    const HttpResponse refused = refusal_of(s3("POST /"));
    CHECK(refused.status == 405);
    CHECK(refused.body.find("<Code>MethodNotAllowed</Code>") != std::string::npos);
}

TEST_CASE("wire: S3 buckets and keys") {
    struct Case {
        const char* host;
        const char* path;
        const char* params;
    };
    const Case cases[] = {
        {"127.0.0.1:4566", "/bucket/a%20b/%C3%BC%2Bc", R"({"Bucket":"bucket","Key":"a b/ü+c"})"},
        {"bucket.s3.amazonaws.com", "/a//b/", R"({"Bucket":"bucket","Key":"a//b/"})"},
        {"bucket.s3.eu-west-1.amazonaws.com", "/k", R"({"Bucket":"bucket","Key":"k"})"},
        {"bucket.s3.dualstack.eu-west-1.amazonaws.com", "/k", R"({"Bucket":"bucket","Key":"k"})"},
        {"bucket.s3-eu-west-1.amazonaws.com", "/k", R"({"Bucket":"bucket","Key":"k"})"},
        {"dotted.bucket.name.s3.amazonaws.com", "/k",
         R"({"Bucket":"dotted.bucket.name","Key":"k"})"},
        {"s3.backup.s3.amazonaws.com", "/k", R"({"Bucket":"s3.backup","Key":"k"})"},
        {"bucket.s3.cn-north-1.amazonaws.com.cn", "/k", R"({"Bucket":"bucket","Key":"k"})"},
        {"s3.amazonaws.com", "/bucket/k", R"({"Bucket":"bucket","Key":"k"})"},
        {"s3-us-west-2.amazonaws.com:443", "/bucket/k", R"({"Bucket":"bucket","Key":"k"})"},
        {"bucket.localhost:4566", "/k", R"({"Bucket":"bucket","Key":"k"})"},
        {"bucket.s3.localhost:4566", "/k", R"({"Bucket":"bucket","Key":"k"})"},
        {"localhost:4566", "/bucket/k", R"({"Bucket":"bucket","Key":"k"})"},
        {"[::1]:4566", "/bucket/k", R"({"Bucket":"bucket","Key":"k"})"},
    };
    for (const Case& one : cases) {
        INFO(one.host << one.path);
        const Call call = call_of(s3("GET " + std::string(one.path), "", "", one.host));
        CHECK(call.operation == "GetObject");
        CHECK(text_of(call.params) == one.params);
    }
    SECTION("with the region in an unsigned request's host") {
        const Call call = call_of("GET /k HTTP/1.1\nHost: b.s3-us-west-2.amazonaws.com\n\n");
        CHECK(call.service == "s3");
        CHECK(call.caller.region == "us-west-2");
    }
}

TEST_CASE("wire: S3 parameters come from headers") {
    const Call call =
        call_of(s3("PUT /bucket/k", "hello",
                   "x-amz-meta-One: 1\nContent-Type: text/plain\nExpect: 100-continue\n"
                   "x-amz-checksum-crc32: NhCmhg==\nContent-Encoding: gzip\n"
                   "X-Amz-Content-SHA256: 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425"
                   "e73043362938b9824\nContent-Length: 5\n"));
    CHECK(call.body == "hello");
    CHECK(text_of(call.params) ==
          R"({"ContentEncoding":"gzip","ContentLength":5,"ContentType":"text/plain",)"
          R"("ChecksumCRC32":"NhCmhg==","Metadata":{"one":"1"},"Bucket":"bucket","Key":"k"})");
    const Call get =
        call_of(s3("GET /b/k", "", "If-Modified-Since: Fri, 02 Jan 2026 03:04:05 GMT\n"));
    CHECK(get.params.at("IfModifiedSince").as_int64() == 1767323045000);
}

TEST_CASE("wire: S3 bodies are XML where the model says so") {
    const Call call = call_of(
        s3("POST /bucket?delete",
           "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Object><Key>a&lt;b</Key></"
           "Object><Object><Key>c</Key></Object><Quiet>true</Quiet></Delete>"));
    CHECK(text_of(call.params) ==
          R"({"Bucket":"bucket","Delete":{"Objects":[{"Key":"a<b"},{"Key":"c"}],"Quiet":true}})");
    const Call create =
        call_of(s3("PUT /bucket",
                   "<?xml version=\"1.0\"?><!-- x --><c:CreateBucketConfiguration xmlns:c='x'>"
                   "<c:LocationConstraint><![CDATA[eu-west-1]]></c:LocationConstraint></"
                   "c:CreateBucketConfiguration>"));
    CHECK(text_of(create.params) ==
          R"({"Bucket":"bucket","CreateBucketConfiguration":{"LocationConstraint":"eu-west-1"}})");
    const char* broken[] = {
        "x",        "<a",         "<a>",         "<a></b>",
        "<a b=c/>", "<a>&x;</a>", "<a>&#0;</a>", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
        "<a/><b/>"};
    for (const char* body : broken) {
        INFO(body);
        CHECK(refusal_of(s3("POST /bucket?delete", body)).body.find("<Code>MalformedXML</Code>") !=
              std::string::npos);
    }
    std::string deep;
    for (int i = 0; i < 100000; ++i) deep += "<a>";
    CHECK(refusal_of(s3("POST /bucket?delete", deep)).status == 400);
}

TEST_CASE("wire: S3 unpacks aws-chunked bodies") {
    const std::string headers =
        "Content-Encoding: aws-chunked\nx-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\n"
        "x-amz-decoded-content-length: 11\nx-amz-trailer: x-amz-checksum-crc32\nContent-Length: "
        "60\n";
    SECTION("with a checksum behind") {
        const Call call = call_of(
            s3("PUT /b/k",
               "6\r\nhello \r\n5\r\nworld\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n", headers));
        CHECK(call.body == "hello world");
        CHECK(text_of(call.params) ==
              R"({"ContentLength":11,"ChecksumCRC32":"DUoRhQ==","Bucket":"b","Key":"k"})");
    }
    SECTION("with signatures") {
        const Call call = call_of(
            s3("PUT /b/k", "b;chunk-signature=ab01\r\nhello world\r\n0;chunk-signature=cd\r\n\r\n",
               "Content-Encoding: aws-chunked,gzip\nx-amz-content-sha256: "
               "STREAMING-AWS4-HMAC-SHA256-PAYLOAD\n"));
        CHECK(call.body == "hello world");
        CHECK(call.params.at("ContentEncoding") == "gzip");
    }
    SECTION("but not without the trailer that was announced") {
        const HttpResponse response =
            refusal_of(s3("PUT /b/k", "b\r\nhello world\r\n0\r\n\r\n", headers));
        CHECK(response.status == 400);
        CHECK(response.body.find("<Code>MalformedTrailerError</Code>") != std::string::npos);
    }
    SECTION("but not broken ones") {
        const char* broken[] = {"",
                                "5",
                                "5\r\nhel",
                                "zz\r\n",
                                "5\r\nhello\r\n",
                                "5\r\nhello\r\n0\r\n\r\n",
                                "ffffffffffffffff\r\nx\r\n",
                                "fffffffffffffffffffff\r\nx\r\n"};
        for (const char* body : broken) {
            INFO(body);
            const HttpResponse response = refusal_of(s3("PUT /b/k", body, headers));
            CHECK(response.status == 400);
            CHECK(response.body.find("<Code>IncompleteBody</Code>") != std::string::npos);
        }
    }
}

TEST_CASE("wire: S3 verifies the digests it is sent") {
    struct Case {
        const char* header;
        const char* code;
        const char* message;
    };
    const Case cases[] = {
        {"Content-MD5: XUFAKrxLKna5cZ2REBfFkg==", nullptr, nullptr},
        {"Content-MD5: AAAAAAAAAAAAAAAAAAAAAA==", "BadDigest",
         "The Content-MD5 you specified did not match what we received."},
        {"Content-MD5: x", "InvalidDigest", "The Content-MD5 you specified was invalid."},
        {"x-amz-checksum-crc32: NhCmhg==", nullptr, nullptr},
        {"x-amz-checksum-crc32: AAAAAA==", "BadDigest",
         "The CRC32 you specified did not match the calculated checksum."},
        {"x-amz-checksum-crc32c: AAAAAA==", "BadDigest",
         "The CRC32C you specified did not match the calculated checksum."},
        {"x-amz-checksum-sha256: x", "InvalidRequest",
         "Value for x-amz-checksum-sha256 header is invalid."},
        {"x-amz-checksum-sha256: LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=", nullptr, nullptr},
        {"x-amz-content-sha256: 0000000000000000000000000000000000000000000000000000000000000000",
         "XAmzContentSHA256Mismatch",
         "The provided 'x-amz-content-sha256' header does not match what was computed."},
    };
    for (const Case& one : cases) {
        INFO(one.header);
        const auto decoded = decode_text(s3("PUT /b/k", "hello", std::string(one.header) + "\n"));
        if (!one.code) {
            CHECK(std::holds_alternative<Call>(decoded));
            continue;
        }
        REQUIRE(std::holds_alternative<HttpResponse>(decoded));
        const HttpResponse& response = std::get<HttpResponse>(decoded);
        CHECK(response.status == 400);
        CHECK(response.body.find("<Code>" + std::string(one.code) + "</Code><Message>") !=
              std::string::npos);
    }
    // The check values of the CRC catalogue.
    CHECK(hex_encode(*digest_of("crc32", "123456789")) == "cbf43926");
    CHECK(hex_encode(*digest_of("crc32c", "123456789")) == "e3069283");
    CHECK(hex_encode(*digest_of("crc64nvme", "123456789")) == "ae8b14860a799888");
    CHECK(hex_encode(*digest_of("sha1", "abc")) == "a9993e364706816aba3e25717850c26c9cd0d89d");
}

TEST_CASE("wire: URLs signed in advance hold until they expire") {
    const auto get = [](std::string_view query) {
        return "GET /b/k?" + std::string(query) + " HTTP/1.1\nHost: 127.0.0.1\n\n";
    };
    const std::string v4 =
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=123456789012%2F20261122%2Feu-west-1%"
        "2Fs3%2F"
        "aws4_request&X-Amz-SignedHeaders=host&X-Amz-Signature=00&X-Amz-Date=20261122T084700Z";
    const Call call = call_of(get(v4 + "&X-Amz-Expires=31&x-amz-meta-a=1&x-amz-version-id=2"));
    CHECK(call.operation == "GetObject");
    CHECK(call.caller.account == "123456789012");
    CHECK(call.caller.region == "eu-west-1");

    const HttpResponse late = refusal_of(get(v4 + "&X-Amz-Expires=30"));
    CHECK(late.status == 403);
    CHECK(late.body.find("<Code>AccessDenied</Code><Message>Request has expired</Message>"
                         "<X-Amz-Expires>30</X-Amz-Expires><Expires>2026-11-22T08:47:30Z</Expires>"
                         "<ServerTime>2026-11-22T08:47:31Z</ServerTime>") != std::string::npos);
    CHECK(refusal_of(get(v4 + "&X-Amz-Expires=x")).status == 400);
    CHECK(refusal_of(get(v4 + "&X-Amz-Expires=604801")).status == 400);

    CHECK(call_of(get("AWSAccessKeyId=AKID&Signature=x&Expires=1795337251")).service == "s3");
    CHECK(refusal_of(get("AWSAccessKeyId=AKID&Signature=x&Expires=1795337250")).status == 403);
}

TEST_CASE("wire: S3 answers") {
    SECTION("objects are bytes and headers") {
        const HttpResponse response = answer(
            call_of(s3("GET /b/k")),
            R"({"ContentLength":3,"ContentType":"text/plain","ETag":"\"x\"","LastModified":1767323045678,"Metadata":{"one":"1"},"VersionId":"v\r\nX: y"})",
            "abc");
        CHECK(response.body == "abc");
        CHECK(header_of(response, "Content-Type") == "text/plain");
        CHECK(header_of(response, "ETag") == "\"x\"");
        CHECK(header_of(response, "Last-Modified") == "Fri, 02 Jan 2026 03:04:05 GMT");
        CHECK(header_of(response, "x-amz-meta-one") == "1");
        CHECK(header_of(response, "x-amz-version-id") == "vX: y");
        CHECK(header_of(response, "Content-Length") == "(absent)");
        CHECK(header_of(response, "x-amz-request-id") == "REQUEST-ID");
        CHECK(header_of(response, "x-amz-id-2").size() == 64);
    }
    SECTION("HEAD has the length and no body") {
        const HttpResponse response =
            answer(call_of(s3("HEAD /b/k")), R"({"ContentLength":3})", "abc");
        CHECK(header_of(response, "Content-Length") == "3");
        CHECK(response.body.empty());
    }
    SECTION("lists are XML with S3's own root elements") {
        const HttpResponse response = answer(
            call_of(s3("GET /b?list-type=2")),
            R"({"Name":"b","KeyCount":2,"IsTruncated":false,"Contents":[{"Key":"a&\u0001","LastModified":1767323045678,"Size":3},{"Key":"c"}]})");
        CHECK(
            response.body ==
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult "
            "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><IsTruncated>false</IsTruncated>"
            "<Contents><Key>a&amp;&#x1;</Key><LastModified>2026-01-02T03:04:05.678Z</LastModified>"
            "<Size>3</Size></Contents><Contents><Key>c</Key></Contents><Name>b</Name><KeyCount>2</"
            "KeyCount></ListBucketResult>");
        CHECK(header_of(response, "Content-Type") == "application/xml");
    }
    SECTION("a bucket's location is the root element itself") {
        const Call call = call_of(s3("GET /b?location"));
        CHECK(answer(call, R"({"LocationConstraint":"eu-west-1"})").body ==
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<LocationConstraint "
              "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">eu-west-1</LocationConstraint>");
        CHECK(answer(call, "{}").body.ends_with("/2006-03-01/\"/>"));
    }
    SECTION("grantees say what they are in an attribute") {
        const HttpResponse response = answer(
            call_of(s3("GET /b?acl")),
            R"({"Grants":[{"Grantee":{"ID":"x","Type":"CanonicalUser"},"Permission":"READ"}]})");
        CHECK(response.body.find("<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                                 "xsi:type=\"CanonicalUser\"><ID>x</ID></Grantee>") !=
              std::string::npos);
    }
    SECTION("deletions have nothing") {
        const HttpResponse response = answer(call_of(s3("DELETE /b/k")), "{}");
        CHECK(response.status == 204);
        CHECK(response.body.empty());
    }
}

TEST_CASE("wire: S3 errors") {
    ApiError error("NoSuchKey", "The specified key does not exist.", 404);
    error.fields["Key"] = "a<b";
    const HttpResponse response = answer(call_of(s3("GET /b/k")), error);
    CHECK(response.status == 404);
    CHECK(
        response.body ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchKey</Code><Message>The "
        "specified key does not exist.</Message><Key>a&lt;b</Key><RequestId>REQUEST-ID</RequestId>"
        "<HostId>REQUEST-ID</HostId></Error>");
    CHECK(answer(call_of(s3("HEAD /b/k")), error).body.empty());
}

TEST_CASE("wire: a custom resource's answer is a call to CloudFormation") {
    const std::string path =
        "/arn%3Aaws%3Acloudformation%3Astack/ex%7CConfig?AWSAccessKeyId=AKIA&"
        "Expires=1795337300&Signature=abc%2Bdef%3D";
    // streambot.md 4.1: an empty content type, no authorisation.
    const Call call = call_of("PUT " + path +
                              " HTTP/1.1\ncontent-type: \ncontent-length: 20\nHost: "
                              "cloudformation-custom-resource-response-useast1.s3.amazonaws."
                              "com\n\n{\"Status\":\"SUCCESS\"}");
    CHECK(call.service == "cloudformation");
    CHECK(call.operation == "PutResponse");
    CHECK(call.body == R"({"Status":"SUCCESS"})");
    CHECK(
        text_of(call.params) ==
        R"({"Key":"arn:aws:cloudformation:stack/ex|Config","Query":"AWSAccessKeyId=AKIA&Expires=)"
        R"(1795337300&Signature=abc%2Bdef%3D","Host":"cloudformation-custom-resource-response-useast1)"
        R"(.s3.amazonaws.com"})");
    const HttpResponse response = answer(call, R"({"ETag":"\"x\""})");
    CHECK(response.status == 200);
    CHECK(response.body.empty());
    CHECK(header_of(response, "ETag") == "\"x\"");
    CHECK(answer(call, ApiError("AccessDenied", "x", 403)).body.find("<Error><Code>AccessDenied") !=
          std::string::npos);

    SECTION("in path style too") {
        const Call again = call_of(
            "PUT /cloudformation-custom-resource-response-useast1/k%2Fl HTTP/1.0\nHost: "
            "127.0.0.1:4566\n\n{}");
        CHECK(again.params.at("Key") == "k/l");
    }
    SECTION("but not late") {
        const HttpResponse late = refusal_of(
            "PUT /k?AWSAccessKeyId=A&Expires=1795337250&Signature=x HTTP/1.1\nHost: "
            "cloudformation-custom-resource-response-useast1.s3.amazonaws.com\n\n{}");
        CHECK(late.status == 403);
        CHECK(late.body.find("<Message>Request has expired</Message>") != std::string::npos);
    }
}

}  // namespace sbemu::wire
