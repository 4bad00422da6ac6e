// Captures: saved from an event log, written, read, and replayed.
#include "emulator/capture/capture.h"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "emulator/capture/captured_text.h"
#include "emulator/capture/replay.h"
#include "emulator/capture/save.h"
#include "emulator/capture/stand_ins.h"
#include "emulator/core/encoding.h"
#include "emulator/core/zip.h"
#include "tests/test_cloud.h"

namespace sbemu {

namespace {

// Time moves on a second with each call.
class Recorded : public TestCloud {
  public:
    Applied call(std::string_view target, std::string_view params, std::string body = {}) {
        Applied applied = TestCloud::call(target, params, std::move(body));
        advance(Duration{1000});
        return applied;
    }

    SavedCapture save(const SaveOptions& options = {"test", false, {}}) {
        return save_capture(store, options);
    }
};

constexpr const char* kTable = R"({"TableName": "env", "BillingMode": "PAY_PER_REQUEST",
    "KeySchema": [{"AttributeName": "name", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "name", "AttributeType": "S"}]})";

int status_of(const Applied& applied) {
    const auto* error = std::get_if<ApiError>(&applied.answer);
    return error ? error->status : 200;
}

}  // namespace

TEST_CASE("a capture", "[capture]") {
    Recorded recorded;
    REQUIRE(status_of(recorded.call("dynamodb.CreateTable", kTable)) == 200);
    REQUIRE(status_of(recorded.call("dynamodb.PutItem", R"({"TableName": "env",
        "Item": {"name": {"S": "fn"}, "v": {"N": "1.50"}}})")) == 200);
    REQUIRE(status_of(recorded.call("dynamodb.GetItem", R"({"TableName": "none",
        "Key": {"name": {"S": "fn"}}})")) == 400);
    REQUIRE(status_of(recorded.call("s3.CreateBucket", R"({"Bucket": "events"})")) == 200);
    REQUIRE(status_of(recorded.call("s3.PutObject", R"({"Bucket": "events", "Key": "k"})",
                                    std::string("\x00\xff bytes", 8))) == 200);
    REQUIRE(status_of(recorded.call("s3.GetObject", R"({"Bucket": "events", "Key": "k"})")) == 200);
    const SavedCapture saved = recorded.save();
    CHECK(saved.warnings.empty());
    const std::string text = print_capture(saved.capture);

    SECTION("is a line per event, with what was asked and answered") {
        CHECK(text.find(R"("call":"dynamodb.PutItem","account":"123456789012")") !=
              std::string::npos);
        CHECK(text.find(R"({"status":400,"code":"ResourceNotFoundException")") !=
              std::string::npos);
        CHECK(std::count(text.begin(), text.end(), '\n') ==
              static_cast<std::ptrdiff_t>(saved.capture.events.size() + 1));
    }
    SECTION("is the same after it was read") { CHECK(print_capture(parse_capture(text)) == text); }
    SECTION("replays to the same replies and unseed") {
        const Replayed replayed = replay(parse_capture(text));
        CHECK_FALSE(replayed.difference);
        CHECK(replayed.events == saved.capture.events.size());
        CHECK(replayed.unseed == unseed_of(saved.capture));
    }
    SECTION("names the first reply that differs, with both") {
        std::string changed = text;
        const auto at = changed.find("1.5\"", changed.find("PutItem"));
        REQUIRE(at == std::string::npos);  // numbers are normalised in replies, not in requests
        changed.replace(changed.find("ResourceNotFoundException"), 25, "OtherException");
        const Replayed replayed = replay(parse_capture(changed));
        REQUIRE(replayed.difference);
        CHECK(replayed.difference->captured.event.operation == "GetItem");
        CHECK(replayed.difference->explain() ==
              "- code: \"OtherException\"\n+ code: \"ResourceNotFoundException\"\n");
    }
    SECTION("stops after the event it is told") {
        const auto until = saved.capture.events[1].number;
        CHECK(replay(saved.capture, until).events == 2);
    }
}

TEST_CASE("parse_capture refuses", "[capture]") {
    const std::string header = "{\"sbemu_capture\":1,\"version\":\"test\"}\n";
    const std::string event =
        R"({"event":1,"at":"2017-03-01T00:00:00.000Z","call":"sts.GetCallerIdentity",)"
        R"("account":"000000000000","region":"us-east-1","seed":"1","params":{}})";
    REQUIRE_NOTHROW(parse_capture(header + event));
    const auto with = [&](const std::string& before, const std::string& after) {
        std::string changed = event;
        changed.replace(changed.find(before), before.size(), after);
        return header + changed;
    };
    const auto [text, reason] = GENERATE_COPY(table<std::string, std::string>({
        {"", "the capture is empty"},
        {"no json", "line 1: not JSON: syntax error"},
        {"{\"Records\": []}", "line 1: this is no capture"},
        {"{\"sbemu_capture\":2}", "line 1: the capture has format 2, and this sbemu reads 1"},
        {header + "[]", "line 2: not a JSON object"},
        {with("\"1\"", "\"xyz\""), "line 2: 'xyz' is no hexadecimal number of 64 bits"},
        {with("2017-03-01", "2017-13-01"), "line 2: at is no time"},
        {with("sts.Get", "Get"), "line 2: call is not service.Operation"},
        {with("\"params\":{}", "\"params\":[]"), "line 2: params is missing or no object"},
        {with("\"params\":{}", "\"params\":{\"a\":{\"$blob\":\"00\"}}"),
         "line 2: there is no line with the blob 00"},
        {header + event + "\n" +
             with("2017-03-01T00:00:00", "2017-02-01T00:00:00").substr(header.size()),
         "line 3: the event is earlier than the one before it"},
        {header + "{\"blob\":\"00\",\"base64\":\"AAAA\"}",
         "line 2: the blob's bytes have another hash"},
    }));
    INFO(text);
    CHECK_THROWS_WITH(parse_capture(text), Catch::StartsWith(reason));
}

TEST_CASE("a capture has stand-ins", "[capture]") {
    Recorded recorded;
    SECTION("for access keys, the same for the same key") {
        recorded.caller.access_key = "AKIAIOSFODNN7EXAMPLE";
        recorded.call("sts.GetCallerIdentity", "{}");
        recorded.call("sts.GetCallerIdentity", "{}");
        const std::string text = print_capture(recorded.save().capture);
        CHECK(text.find("AKIAIOSFODNN7EXAMPLE") == std::string::npos);
        CHECK(text.find("AKIAREDACTED00000001") != text.rfind("AKIAREDACTED00000001"));
        CHECK_FALSE(replay(parse_capture(text)).difference);
    }
    SECTION("but not for keys that sbemu itself has given") {
        recorded.call("iam.CreateRole",
                      R"({"RoleName": "r", "AssumeRolePolicyDocument":
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",)"
                      R"(\"Principal\":{\"AWS\":\"*\"},\"Action\":\"sts:AssumeRole\"}]}"})");
        const Applied assumed = recorded.call("sts.AssumeRole", R"({"RoleSessionName": "one",
            "RoleArn": "arn:aws:iam::123456789012:role/r"})");
        REQUIRE(error_of(assumed) == "none");
        recorded.caller.access_key = std::get<Outcome>(assumed.answer)
                                         .result.at("Credentials")
                                         .at("AccessKeyId")
                                         .as_string();
        recorded.call("sts.GetCallerIdentity", "{}");
        const Capture capture = recorded.save().capture;
        CHECK(capture.events.back().event.caller.access_key == recorded.caller.access_key);
        CHECK_FALSE(replay(capture).difference);
    }
    SECTION("for the values of NoEcho parameters, wherever they come again") {
        recorded.call("dynamodb.CreateTable", kTable);
        recorded.call(
            "cloudformation.CreateStack",
            boost::json::serialize(boost::json::object{
                {"StackName", "one"},
                {"TemplateBody", R"({"Parameters": {"Password": {"Type": "String", "NoEcho": true}},
                "Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}}})"},
                {"Parameters",
                 boost::json::array{boost::json::object{{"ParameterKey", "Password"},
                                                        {"ParameterValue", "hunter2hunter2"}}}}}));
        recorded.call("dynamodb.PutItem", R"({"TableName": "env", "Item": {"name": {"S": "fn"},
            "env": {"S": "{\"P\":\"hunter2hunter2\"}"},
            "bytes": {"B": ")" + base64_encode("p=hunter2hunter2;") +
                                              R"("}}})");
        const std::string text = print_capture(recorded.save().capture);
        CHECK(text.find("hunter2") == std::string::npos);
        CHECK(text.find(base64_encode("p=REDACTED-1;")) != std::string::npos);
        CHECK_FALSE(replay(parse_capture(text)).difference);
    }
    SECTION("for what the user names") {
        recorded.call("s3.CreateBucket", R"({"Bucket": "events"})");
        recorded.call("s3.PutObject", R"({"Bucket": "events", "Key": "k"})", "token=tok_12345.");
        recorded.call("s3.PutObject", R"({"Bucket": "events", "Key": "tok_12345/x"})", "other");
        const SavedCapture saved = recorded.save({"test", false, {"tok_[0-9]+"}});
        const std::string text = print_capture(saved.capture);
        CHECK(text.find("tok_1") == std::string::npos);
        CHECK(text.find("\"token=REDACTED-1.\"") != std::string::npos);
        CHECK(text.find("\"REDACTED-1/x\"") != std::string::npos);
        CHECK_FALSE(replay(parse_capture(text)).difference);
        CHECK_THROWS_WITH(recorded.save({"test", false, {"("}}), "'(' is no regular expression");
    }
    SECTION("for answers that depend on what was replaced") {
        recorded.call("s3.CreateBucket", R"({"Bucket": "events"})");
        const Applied put =
            recorded.call("s3.PutObject", R"({"Bucket": "events", "Key": "k"})", "secret_1");
        const std::string etag(std::get<Outcome>(put.answer).result.at("ETag").as_string());
        recorded.call("s3.GetObject", boost::json::serialize(boost::json::object{
                                          {"Bucket", "events"}, {"Key", "k"}, {"IfMatch", etag}}));
        const SavedCapture saved = recorded.save({"test", false, {"secret_1"}});
        CHECK(saved.capture.events.back().reply.at("status") == 200);
    }
    SECTION("for packages, unless they are asked for") {
        const std::string package = make_zip({{"index.js", "exports.handler = 'my own code'"}});
        recorded.call("s3.CreateBucket", R"({"Bucket": "code"})");
        recorded.call("s3.PutObject", R"({"Bucket": "code", "Key": "v1.zip"})", package);
        const char* create = R"({"FunctionName": "%", "Runtime": "nodejs20.x", "Handler": "index.h",
            "Role": "arn:aws:iam::123456789012:role/r", "Code": CODE})";
        const auto create_function = [&](const std::string& name, const std::string& code) {
            std::string request = create;
            request.replace(request.find('%'), 1, name);
            request.replace(request.find("CODE"), 4, code);
            return status_of(recorded.call("lambda.CreateFunction", request));
        };
        REQUIRE(create_function("one", R"({"S3Bucket": "code", "S3Key": "v1.zip"})") == 200);
        REQUIRE(create_function("two", R"({"ZipFile": ")" + base64_encode(package) + "\"}") == 200);
        const SavedCapture saved = recorded.save();
        const std::string text = print_capture(saved.capture);
        CHECK(text.find(base64_encode(package)) == std::string::npos);
        REQUIRE(saved.capture.withheld.size() == 1);
        CHECK(saved.capture.withheld[0].sha256 == hex_encode(sha256(package)));
        CHECK(saved.capture.withheld[0].functions ==
              std::vector<std::string>{"arn:aws:lambda:us-east-1:123456789012:function:one",
                                       "arn:aws:lambda:us-east-1:123456789012:function:two"});
        CHECK_FALSE(replay(parse_capture(text)).difference);

        const std::string whole = print_capture(recorded.save({"test", true, {}}).capture);
        CHECK(whole.find(base64_encode(package)) != std::string::npos);
        CHECK_FALSE(replay(parse_capture(whole)).difference);
    }
}

// SBEMU_UPDATE=1 writes what is answered today into them.
TEST_CASE("committed captures replay", "[capture]") {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("fixtures/captures")) {
        INFO(entry.path().string());
        std::ifstream file(entry.path(), std::ios::binary);
        Capture capture = parse_capture(std::string{std::istreambuf_iterator<char>(file), {}});
        if (std::getenv("SBEMU_UPDATE") != nullptr) {
            TestCloud cloud;
            for (CapturedEvent& captured : capture.events) {
                captured.reply = describe_reply(cloud.kernel.apply(captured.event));
            }
            std::ofstream(entry.path(), std::ios::binary) << print_capture(capture);
        }
        const Replayed replayed = replay(capture);
        INFO((replayed.difference ? replayed.difference->explain() : std::string()));
        CHECK_FALSE(replayed.difference);
        ++count;
    }
    CHECK(count > 0);
}

TEST_CASE("long texts stand in lines of their own, once", "[capture]") {
    Recorded recorded;
    const std::string body(40'000, 'x');
    recorded.call("s3.CreateBucket", R"({"Bucket": "events"})");
    recorded.call("s3.PutObject", R"({"Bucket": "events", "Key": "a"})", body);
    recorded.call("s3.PutObject", R"({"Bucket": "events", "Key": "b"})", body);
    const std::string text = print_capture(recorded.save().capture);
    CHECK(text.size() < 80'000);
    const Capture capture = parse_capture(text);
    CHECK(capture.events.back().event.body == body);
    CHECK_FALSE(replay(capture).difference);
}

TEST_CASE("StandIns", "[capture]") {
    StandIns stand_ins;
    stand_ins.hide("abc");
    stand_ins.hide("long secret");
    CHECK(stand_ins.apply_to_text("abc") == "REDACTED-1");
    CHECK(stand_ins.apply_to_text("abcd") == "abcd");  // too short to be looked for inside of words
    CHECK(stand_ins.apply_to_text("a long secret, a long secret") == "a REDACTED-2, a REDACTED-2");
}

TEST_CASE("parse_iso_time", "[capture]") {
    CHECK(parse_iso_time("2017-03-01T01:02:03.004Z") ==
          Time{std::chrono::sys_days{std::chrono::year{2017} / 3 / 1}} + Duration{3'723'004});
    for (const char* wrong : {"", "2017-03-01", "2017-02-30T00:00:00.000Z", "2017-03-01T00:00:00Z",
                              "2017-03-01 00:00:00.000Z"}) {
        INFO(wrong);
        CHECK_FALSE(parse_iso_time(wrong));
    }
}

}  // namespace sbemu
