// What `sbemu replay --live` tells of functions that do otherwise than they did.
#include "emulator/live/live_replay.h"

#include <algorithm>
#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "emulator/capture/row_watch.h"
#include "emulator/core/encoding.h"
#include "emulator/core/zip.h"
#include "tests/test_cloud.h"

namespace sbemu {

namespace {

constexpr const char* kTable = R"({"TableName": "notes", "BillingMode": "PAY_PER_REQUEST",
    "KeySchema": [{"AttributeName": "name", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "name", "AttributeType": "S"}]})";

// Calls DynamoDB as an SDK would.
constexpr const char* kSdk = R"py(
import json, os, urllib.request
def call(operation, **request):
    scope = os.environ["AWS_ACCESS_KEY_ID"] + "/20170301/us-east-1/dynamodb/aws4_request"
    headers = {"Authorization": "AWS4-HMAC-SHA256 Credential=" + scope
                   + ", SignedHeaders=host, Signature=00",
               "X-Amz-Security-Token": os.environ["AWS_SESSION_TOKEN"],
               "X-Amz-Target": "DynamoDB_20120810." + operation,
               "Content-Type": "application/x-amz-json-1.0"}
    url = "http://dynamodb.us-east-1.amazonaws.com/"
    body = json.dumps(request).encode()
    return json.load(urllib.request.urlopen(urllib.request.Request(url, body, headers)))
def put(name, note):
    call("PutItem", TableName="notes", Item={"name": {"S": name}, "note": {"S": note}})
)py";

constexpr const char* kAsCaptured = R"py(
def handler(event, context):
    put("kept", "the same")
    put("page", "one")
    return {"slug": "page-3", "notes": [1, 2]}
)py";

std::string package(const std::string& handler) { return make_zip({{"index.py", kSdk + handler}}); }

// A table, a function, and a client that invokes it.
class FunctionStory {
  public:
    FunctionStory() {
        tell("dynamodb.CreateTable", json(kTable).as_object());
        tell("iam.CreateRole", {{"RoleName", "role"}, {"AssumeRolePolicyDocument", kTrust}});
        now_ += Duration{60'000};
        tell("lambda.CreateFunction",
             {{"FunctionName", "noter"},
              {"Runtime", "python3.12"},
              {"Handler", "index.handler"},
              {"Timeout", 30},
              {"Role", "arn:aws:iam::123456789012:role/role"},
              {"Code", {{"ZipFile", base64_encode(package(kAsCaptured))}}}});
        now_ += Duration{60'000};
        tell("lambda.Invoke", {{"FunctionName", "noter"}}, "{}");
        // The function really runs: this is what it did.
        capture = replay_live(capture, {}).capture;
    }

    Capture capture;

  private:
    const Caller kClient{"123456789012", "us-east-1", "123456789012"};
    Time now_{std::chrono::sys_days{std::chrono::year{2017} / 3 / 1}};
    std::uint64_t seed_ = 0;

    static constexpr const char* kTrust =
        R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":)"
        R"({"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]})";

    void tell(const std::string& target, boost::json::object params, std::string body = {}) {
        const auto dot = target.find('.');
        Event event{now_,
                    ++seed_,
                    kClient,
                    target.substr(0, dot),
                    target.substr(dot + 1),
                    std::move(params),
                    std::move(body)};
        const auto number = static_cast<std::int64_t>(capture.events.size()) + 1;
        capture.events.push_back({number, std::move(event), {}});
    }
};

std::string printed(const LiveReplay& replayed) {
    std::string text;
    for (const InvocationChange& invocation : replayed.changes) {
        text += invocation.function + "\n";
        for (const LiveChange& change : invocation.changes) {
            text += std::string(1, change.sign) + " " + change.what + "\n";
            for (const std::string& member : change.members) text += "    " + member + "\n";
        }
    }
    return text;
}

LiveReplay with_code(const Capture& capture, const std::string& handler) {
    LiveOptions options;
    options.code["noter"] = package(handler);
    return replay_live(capture, std::move(options));
}

}  // namespace

TEST_CASE("a live replay", "[capture][live]") {
    const FunctionStory story;

    SECTION("is the same with the same code") {
        const LiveReplay replayed = replay_live(story.capture, {});
        CHECK(replayed.invocations == 1);
        CHECK(printed(replayed).empty());
        CHECK(unseed_of(replayed.capture) == unseed_of(story.capture));
    }
    SECTION("tells by member what a call, the answer and the rows written have become") {
        CHECK(printed(with_code(story.capture, R"py(
def handler(event, context):
    put("kept", "the same")
    put("page", "two")
    return {"slug": "page", "notes": [1, 3]}
)py")) == R"(noter
~ dynamodb.PutItem of event 9
    Item.note.S: "one" -> "two"
~ returned
    notes[1]: 2 -> 3
    slug: "page-3" -> "page"
~ wrote a row of DynamoDB items: notes page
    item.note.S: "one" -> "two"
)");
    }
    SECTION("tells calls that are not made any more, and new ones, with their rows") {
        CHECK(printed(with_code(story.capture, R"py(
def handler(event, context):
    call("GetItem", TableName="notes", Key={"name": {"S": "page"}})
    put("kept", "the same")
    return {"slug": "page-3", "notes": [1, 2]}
)py")) == R"(noter
+ dynamodb.GetItem {"TableName":"notes","Key":{"name":{"S":"page"}}}
- dynamodb.PutItem {"TableName":"notes","Item":{"name":{"S":"page"},"note":{"S":"one"}}}
- wrote a new row of DynamoDB items: notes page
    item: {"name":{"S":"page"},"note":{"S":"one"}}
)");
    }
    SECTION("tells a failure, which is the same when it happens again") {
        const char* fails = R"py(
def handler(event, context):
    put("kept", "the same")
    put("page", "one")
    raise RuntimeError("no slug")
)py";
        const LiveReplay failed = with_code(story.capture, fails);
        CHECK_THAT(printed(failed),
                   Catch::StartsWith("noter\n- returned {") &&
                       Catch::Contains("\n+ failed with {\"errorMessage\":\"no slug\"") &&
                       Catch::Contains("/var/task/index.py"));
        CHECK(printed(with_code(failed.capture, fails)).empty());
    }
    SECTION("tells when it is a failure of another kind") {
        CHECK_THAT(printed(with_code(story.capture, "raise RuntimeError('no module')")),
                   Catch::Contains("- returned {") && Catch::Contains("+ failed to start with {"));
    }
}

TEST_CASE("RowWatch sees rows that come, go, change, and are put in place of others",
          "[capture][live]") {
    TestCloud cloud;
    RowWatch watch(cloud.store);
    const auto signs = [&] {
        std::string text;
        for (const auto& [place, change] : watch.take()) {
            if (place.first != "s3_object") continue;
            text += change.before ? change.after ? '~' : '-' : change.after ? '+' : '0';
        }
        return text;
    };
    cloud.result("s3.CreateBucket", R"({"Bucket": "bucket"})");
    cloud.result("s3.PutObject", R"({"Bucket": "bucket", "Key": "it's"})", "one");
    CHECK(signs() == "+");
    cloud.result("s3.PutObject", R"({"Bucket": "bucket", "Key": "it's"})", "four");
    CHECK(signs() == "~");
    CHECK(error_of(cloud.call("s3.PutObject", R"({"Bucket": "none", "Key": "k"})")) != "");
    CHECK(signs() == "");
    cloud.result("s3.DeleteObject", R"({"Bucket": "bucket", "Key": "it's"})");
    CHECK(signs() == "-");
    cloud.result("s3.PutObject", R"({"Bucket": "bucket", "Key": "k"})", "one");
    cloud.result("s3.DeleteObject", R"({"Bucket": "bucket", "Key": "k"})");
    CHECK(signs() == "0");
}

}  // namespace sbemu
