// Text, URLs and times of the Lambda runtime library.
#include <catch2/catch.hpp>

#include "handlers/runtime/digest.h"
#include "handlers/runtime/http.h"
#include "handlers/runtime/text.h"
#include "handlers/runtime/timing.h"

namespace sbemu::lambda_runtime {

TEST_CASE("Text of the protocols", "[handlers][text]") {
    SECTION("is percent-encoded byte by byte") {
        CHECK(percent_encode("a-._~/ :|é") == "a-._~%2F%20%3A%7C%C3%A9");
        CHECK(percent_encode_path("/a b/c+d") == "/a%20b/c%2Bd");
    }
    SECTION("is hexadecimal in lower case") {
        CHECK(to_hex(std::string("\0\xFF\x1A", 3)) == "00ff1a");
        CHECK(md5_hex("") == "d41d8cd98f00b204e9800998ecf8427e");
    }
    SECTION("is base64 with padding, or refused") {
        CHECK(decode_base64("").empty());
        CHECK(decode_base64("YQ==") == "a");
        CHECK(decode_base64("YWI=") == "ab");
        CHECK(decode_base64("YWJj+/8=") == "abc\xFB\xFF");
        const auto wrong =
            GENERATE(as<std::string>(), "Y", "YQ=", "YQ==YQ==", "====", "Y?==", "Y===");
        INFO(wrong);
        CHECK_THROWS_AS(decode_base64(wrong), std::invalid_argument);
    }
    SECTION("is cut between characters") {
        CHECK(utf8_prefix("aé", 2) == "a");
        CHECK(utf8_prefix("aé", 3) == "aé");
        CHECK(utf8_prefix("aé", 0).empty());
    }
    SECTION("is JSON without blanks, those in strings kept") {
        CHECK(compact_json("{ \"a b\" :\n[1, \"\\\" \\\\\" , 2.50 ]\t}") ==
              R"({"a b":[1,"\" \\",2.50]})");
    }
    SECTION("names the region of an ARN") {
        CHECK(region_of_arn("arn:aws:lambda:eu-west-1:123456789012:function:f") == "eu-west-1");
        CHECK(region_of_arn("f").empty());
    }
}

TEST_CASE("Url::parse", "[handlers][url]") {
    SECTION("keeps the target as written") {
        const Url url = Url::parse("https://b.s3.amazonaws.com/arn%3Aaws/x%7CY?S=a%2Bb%3D&T#frag");
        CHECK(url.scheme == "https");
        CHECK(url.host == "b.s3.amazonaws.com");
        CHECK(url.port == "443");
        CHECK(url.target == "/arn%3Aaws/x%7CY?S=a%2Bb%3D&T");
        CHECK(url.authority() == "b.s3.amazonaws.com");
    }
    SECTION("keeps the URL's own scheme and port") {
        const Url url = Url::parse("HTTP://127.0.0.1:4566");
        CHECK(url.scheme == "http");
        CHECK(url.port == "4566");
        CHECK(url.target == "/");
        CHECK(url.authority() == "127.0.0.1:4566");
    }
    SECTION("knows addresses of IPv6 and a query without a path") {
        const Url url = Url::parse("http://[::1]:8080?a=b");
        CHECK(url.host == "::1");
        CHECK(url.authority() == "[::1]:8080");
        CHECK(url.target == "/?a=b");
    }
    SECTION("refuses what is none") {
        const auto wrong =
            GENERATE(as<std::string>(), "", "ftp://x/", "//x/", "http://", "http:///p",
                     "http://x:/", "http://x:port/", "http://[::1", "http://[::1]x/",
                     "http://x/a b", "http://x/\r\nHost: y", "http://user@x/");
        INFO(wrong);
        CHECK_THROWS_AS(Url::parse(wrong), std::invalid_argument);
    }
}

TEST_CASE("Times", "[handlers][timing]") {
    CHECK(amz_date(1'440'938'160'000) == "20150830T123600Z");
    CHECK(iso_time(1'440'938'160'007) == "2015-08-30T12:36:00.007Z");
}

}  // namespace sbemu::lambda_runtime
