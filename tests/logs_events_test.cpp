// CloudWatch Logs: events put, read and filtered.
// Answers as in recorded/logs/test_logs_{events,filter_events}.snapshot.json.
#include <catch2/catch.hpp>

#include "tests/test_cloud.h"

namespace sbemu {

namespace {

constexpr std::int64_t kNow = 1488326400000;

std::string stream_request(std::string_view members, std::string_view stream = "s") {
    return R"({"logGroupName": "g", "logStreamName": ")" + std::string(stream) + "\"" +
           (members.empty() ? "" : ", ") + std::string(members) + "}";
}

// Puts messages with times relative to now, in milliseconds.
Applied put(TestCloud& cloud, const std::vector<std::pair<std::int64_t, std::string>>& events,
            std::string_view stream = "s") {
    boost::json::array entries;
    for (const auto& [offset, message] : events) {
        entries.push_back(boost::json::object{{"timestamp", kNow + offset}, {"message", message}});
    }
    return cloud.call("logs.PutLogEvents",
                      stream_request(R"("logEvents": )" + boost::json::serialize(entries), stream));
}

std::string messages_in(const boost::json::value& reply) {
    std::string text;
    for (const auto& event : reply.at("events").as_array()) {
        text += (text.empty() ? "" : " ") + std::string(event.at("message").as_string());
    }
    return text;
}

std::string token_member(const boost::json::value& reply, std::string_view name) {
    return R"("nextToken": )" + boost::json::serialize(reply.at(name));
}

struct LogsCloud : TestCloud {
    LogsCloud() {
        result("logs.CreateLogGroup", R"({"logGroupName": "g"})");
        result("logs.CreateLogStream", stream_request("", "s"));
        result("logs.CreateLogStream", stream_request("", "t"));
    }
};

}  // namespace

TEST_CASE("Events older than the group's retention", "[logs]") {
    LogsCloud cloud;
    constexpr std::int64_t kHour = 3'600'000;
    const auto rows = [&] {
        return cloud.store.value<std::int64_t>("SELECT count(*) FROM logs_event").value_or(-1);
    };
    const auto retain = [&](int days) {
        cloud.result("logs.PutRetentionPolicy",
                     R"({"logGroupName": "g", "retentionInDays": )" + std::to_string(days) + "}");
    };
    put(cloud, {{-1, "first"}, {0, "second"}});

    SECTION("are not answered from the moment on, and removed with the next write") {
        retain(1);
        CHECK(messages_in(cloud.result("logs.GetLogEvents", stream_request(""))) == "first second");
        cloud.advance(Duration{24 * kHour});
        CHECK(messages_in(cloud.result("logs.GetLogEvents", stream_request(""))) == "second");
        CHECK(messages_in(cloud.result("logs.GetLogEvents",
                                       stream_request(R"("startFromHead": true)"))) == "second");
        CHECK(messages_in(cloud.result("logs.FilterLogEvents", R"({"logGroupName": "g"})")) ==
              "second");
        CHECK(rows() == 2);
        put(cloud, {{24 * kHour, "third"}}, "t");
        CHECK(rows() == 2);
        cloud.advance(Duration{1});
        CHECK(messages_in(cloud.result("logs.FilterLogEvents", R"({"logGroupName": "g"})")) ==
              "third");
    }
    SECTION("are kept without one") {
        cloud.advance(Duration{4000 * 24 * kHour});
        CHECK(messages_in(cloud.result("logs.GetLogEvents", stream_request(""))) == "first second");
    }
    SECTION("do not come back when the retention is lengthened or deleted") {
        cloud.advance(Duration{2 * 24 * kHour});
        CHECK(messages_in(cloud.result("logs.GetLogEvents", stream_request(""))) == "first second");
        retain(1);
        CHECK(rows() == 0);
        put(cloud, {{2 * 24 * kHour, "third"}});
        cloud.advance(Duration{2 * 24 * kHour});
        cloud.result("logs.DeleteRetentionPolicy", R"({"logGroupName": "g"})");
        CHECK(messages_in(cloud.result("logs.GetLogEvents", stream_request(""))).empty());
        CHECK(rows() == 0);
    }
}

TEST_CASE("PutLogEvents", "[logs]") {
    LogsCloud cloud;

    SECTION("answers a sequence token") {
        const auto applied = put(cloud, {{-1, "a"}, {0, "b"}});
        const auto& result = std::get<Outcome>(applied.answer).result;
        CHECK(result.at("nextSequenceToken").as_string().size() == 56);
        CHECK_FALSE(result.contains("rejectedLogEventsInfo"));
    }

    SECTION("leaves out events that are too old, expired or too new, and says which") {
        constexpr std::int64_t kHour = 3'600'000;
        const auto rejected = [](const Applied& applied) {
            return std::get<Outcome>(applied.answer).result.at("rejectedLogEventsInfo");
        };
        CHECK(rejected(put(cloud, {{-337 * kHour, "old"}, {-336 * kHour, "edge"}})) ==
              json(R"({"tooOldLogEventEndIndex": 1})"));
        CHECK(rejected(put(cloud, {{2 * kHour, "edge"}, {2 * kHour + 1, "new"}})) ==
              json(R"({"tooNewLogEventStartIndex": 1})"));
        cloud.result("logs.PutRetentionPolicy", R"({"logGroupName": "g", "retentionInDays": 1})");
        CHECK(rejected(put(cloud, {{-25 * kHour, "gone"}, {-24 * kHour, "kept"}})) ==
              json(R"({"expiredLogEventEndIndex": 1})"));
        // The first edge was within two weeks, but is not within a day.
        CHECK(messages_in(cloud.result("logs.GetLogEvents", stream_request(""))) == "kept edge");
    }

    SECTION("refuses") {
        CHECK(error_of(put(cloud, {{1, "a"}, {0, "b"}})) ==
              "InvalidParameterException: Log events in a single PutLogEvents request must be in "
              "chronological order.");
        CHECK(error_of(put(cloud, {{-86'400'001, "a"}, {0, "b"}})) ==
              "InvalidParameterException: The batch of log events in a single PutLogEvents request "
              "cannot span more than 24 hours.");
        CHECK(
            error_of(put(cloud, {{0, std::string(1'048'576 - 25, 'x')}})) ==
            "InvalidParameterException: Upload too large: 1048577 bytes exceeds limit of 1048576");
        CHECK(error_of(put(cloud, {{0, std::string(1'048'576 - 26, 'x')}})) == "none");
        CHECK(error_of(put(cloud, {{0, "a"}}, "none")) ==
              "ResourceNotFoundException: The specified log stream does not exist.");
        CHECK(error_of(cloud.call("logs.PutLogEvents", R"({"logGroupName": "none",
                  "logStreamName": "s", "logEvents": [{"timestamp": 1488326400000, "message": "a"}]})")) ==
              "ResourceNotFoundException: The specified log group does not exist.");
    }
}

TEST_CASE("GetLogEvents", "[logs]") {
    LogsCloud cloud;
    put(cloud, {{-40, "a"}, {-30, "b"}, {-20, "c"}});
    put(cloud, {{-30, "later-b"}, {-10, "d"}});

    SECTION("sorts by time, then arrival") {
        const auto all = cloud.result("logs.GetLogEvents", stream_request(""));
        CHECK(messages_in(all) == "a b later-b c d");
        CHECK(all.at("events").at(0) == json(R"({"timestamp": 1488326399960, "message": "a",
                       "ingestionTime": 1488326400000})"));
    }

    SECTION("gives the newest page, or the oldest") {
        CHECK(messages_in(cloud.result("logs.GetLogEvents", stream_request(R"("limit": 2)"))) ==
              "c d");
        CHECK(messages_in(cloud.result("logs.GetLogEvents",
                                       stream_request(R"("limit": 2, "startFromHead": true)"))) ==
              "a b");
    }

    SECTION("includes the start time and excludes the end time") {
        CHECK(messages_in(
                  cloud.result("logs.GetLogEvents", stream_request(R"("startTime": 1488326399970,
                                                         "endTime": 1488326399980)"))) ==
              "b later-b");
    }

    SECTION("goes forward to the end and stays there, seeing what is new") {
        const auto first = cloud.result("logs.GetLogEvents",
                                        stream_request(R"("limit": 3, "startFromHead": true)"));
        const auto second = cloud.result("logs.GetLogEvents",
                                         stream_request(token_member(first, "nextForwardToken")));
        CHECK(messages_in(second) == "c d");
        const auto end = cloud.result("logs.GetLogEvents",
                                      stream_request(token_member(second, "nextForwardToken")));
        CHECK(messages_in(end).empty());
        CHECK(end.at("nextForwardToken") == second.at("nextForwardToken"));
        put(cloud, {{-5, "e"}});
        CHECK(messages_in(cloud.result("logs.GetLogEvents", stream_request(token_member(
                                                                end, "nextForwardToken")))) == "e");
        CHECK(messages_in(cloud.result(
                  "logs.GetLogEvents",
                  stream_request(R"("limit": 2, )" + token_member(end, "nextBackwardToken")))) ==
              "c d");
    }

    SECTION("goes backward to the beginning and stays there") {
        const auto last = cloud.result("logs.GetLogEvents", stream_request(R"("limit": 3)"));
        CHECK(messages_in(last) == "later-b c d");
        const auto before = cloud.result("logs.GetLogEvents",
                                         stream_request(token_member(last, "nextBackwardToken")));
        CHECK(messages_in(before) == "a b");
        const auto end = cloud.result("logs.GetLogEvents",
                                      stream_request(token_member(before, "nextBackwardToken")));
        CHECK(messages_in(end).empty());
        CHECK(end.at("nextBackwardToken") == before.at("nextBackwardToken"));
    }

    SECTION("follows a stream from before its first event") {
        const auto empty = cloud.result("logs.GetLogEvents", stream_request("", "t"));
        CHECK(messages_in(empty).empty());
        put(cloud, {{-50, "first"}}, "t");
        CHECK(messages_in(cloud.result(
                  "logs.GetLogEvents",
                  stream_request(token_member(empty, "nextForwardToken"), "t"))) == "first");
    }

    SECTION("refuses tokens that are none") {
        auto token = GENERATE("x", "f/123/s", "b/",
                              "f/" /* 56 digits */
                              "9999999999999999999999999999999999999999"
                              "999999999999999x");
        CHECK(
            error_of(cloud.call("logs.GetLogEvents",
                                stream_request(R"("nextToken": ")" + std::string(token) + "\""))) ==
            "InvalidParameterException: The specified nextToken is invalid.");
    }
}

TEST_CASE("FilterLogEvents", "[logs]") {
    LogsCloud cloud;

    SECTION("searches all streams in order of time") {
        put(cloud, {{-40, "a"}, {-20, "c"}}, "s");
        put(cloud, {{-30, "b"}, {-10, "d"}}, "t");
        const auto all = cloud.result("logs.FilterLogEvents", R"({"logGroupName": "g"})");
        CHECK(messages_in(all) == "a b c d");
        CHECK(all.at("searchedLogStreams") == json("[]"));
        CHECK_FALSE(all.as_object().contains("nextToken"));
        const auto& event = all.at("events").at(1).as_object();
        CHECK(event.at("logStreamName") == "t");
        CHECK(event.at("timestamp") == kNow - 30);
        CHECK(event.at("ingestionTime") == kNow);
        // The time is in the id: 2^144 times 1488326399970, and the order of arrival.
        CHECK(event.at("eventId") == "33190787817977345274042627353898882797914960170602987523");
    }

    SECTION("selects by stream and time, the end time included") {
        put(cloud, {{-40, "a"}, {-20, "c"}}, "s");
        put(cloud, {{-30, "b"}, {-10, "d"}}, "t");
        auto [members, messages] = GENERATE(table<std::string, std::string>({
            {R"("logStreamNames": ["s"])", "a c"},
            {R"("logStreamNames": ["s", "t"])", "a b c d"},
            {R"("logStreamNamePrefix": "t")", "b d"},
            {R"("startTime": 1488326399970, "endTime": 1488326399980)", "b c"},
        }));
        CHECK(messages_in(cloud.result("logs.FilterLogEvents",
                                       R"({"logGroupName": "g", )" + members + "}")) == messages);
    }

    SECTION("pages") {
        put(cloud, {{-40, "a1"}, {-30, "x"}, {-20, "a2"}, {-20, "a3"}, {-10, "x"}});
        const std::string request = R"("logGroupName": "g", "filterPattern": "a1 ")";
        CHECK_FALSE(cloud.result("logs.FilterLogEvents", "{" + request + R"(, "limit": 1})")
                        .as_object()
                        .contains("nextToken"));
        const std::string any =
            R"("logGroupName": "g", "filterPattern": "?a1 ?a2 ?a3", "limit": 2)";
        const auto first = cloud.result("logs.FilterLogEvents", "{" + any + "}");
        CHECK(messages_in(first) == "a1 a2");
        const auto second = cloud.result("logs.FilterLogEvents",
                                         "{" + any + ", " + token_member(first, "nextToken") + "}");
        CHECK(messages_in(second) == "a3");
        CHECK_FALSE(second.as_object().contains("nextToken"));
    }

    SECTION("understands patterns") {
        // Examples of AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.
        put(cloud, {{-4, "[ERROR 400] BAD REQUEST"},
                    {-3, "[ERROR 401] UNAUTHORIZED REQUEST"},
                    {-2, "[ERROR 419] MISSING ARGUMENTS"},
                    {-1, "INTERNAL SERVER ERROR"}});
        auto [pattern, count] = GENERATE(table<std::string, std::size_t>({
            {"", 4},
            {"ERROR", 4},
            {"error", 0},
            {"ERROR REQUEST", 2},
            {"?BAD ?MISSING", 2},
            {"ERROR -ARGUMENTS", 3},
            {"-ERROR", 0},
            {R"(\"INTERNAL SERVER\")", 1},
            {R"(-\"ERROR 4\")", 1},
            {R"(?\"ERROR 400\" ?SERVER)", 2},
            {"?BAD ERROR", 4},  // with another term, ?terms do not count
        }));
        INFO("with " << pattern);
        CHECK(cloud
                  .result("logs.FilterLogEvents",
                          R"({"logGroupName": "g", "filterPattern": ")" + pattern + "\"}")
                  .at("events")
                  .as_array()
                  .size() == count);
    }

    SECTION("refuses") {
        auto [members, error] = GENERATE(table<std::string, std::string>({
            {R"("nextToken": "unknown")",
             "InvalidParameterException: The specified nextToken is invalid."},
            {R"("logStreamNames": ["none"])",
             "ResourceNotFoundException: The specified log stream does not exist."},
            {R"("filterPattern": "a-b")",
             "InvalidParameterException: Invalid character(s) in term 'a-b'"},
            {R"("filterPattern": "\"open")", "InvalidParameterException: Invalid filter pattern"},
            {R"("filterPattern": "{ $.a = 1 }")",
             "NotImplemented: sbemu does not implement filter patterns for JSON ({ $.member = "
             "value "
             "}) yet."},
            {R"("filterPattern": "[a, b]")",
             "NotImplemented: sbemu does not implement filter patterns for space-delimited events "
             "([a, b]) yet."},
            {R"("filterPattern": "%a%")",
             "NotImplemented: sbemu does not implement filter patterns with regular expressions "
             "(%...%) yet."},
        }));
        CHECK(error_of(cloud.call("logs.FilterLogEvents",
                                  R"({"logGroupName": "g", )" + members + "}")) == error);
    }
}

}  // namespace sbemu
