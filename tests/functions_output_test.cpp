// How what a function writes becomes log events.
#include <catch2/catch.hpp>

#include "emulator/host/functions/function_output.h"

namespace sbemu {

namespace {

const Time kNow{std::chrono::milliseconds(1000)};

std::string frame(const std::string& message) {
    std::string head("\xa5\x5a\x00\x03\x00\x00\x00\x00\x00\x05\xb0\x01\x02\x03\x04\x05", 16);
    head[6] = static_cast<char>(message.size() >> 8);
    head[7] = static_cast<char>(message.size() & 0xff);
    return head + message;
}

std::vector<std::string> messages(FunctionOutput& output) {
    std::vector<std::string> result;
    for (const LogEvent& event : output.take()) result.push_back(event.message);
    return result;
}

using Messages = std::vector<std::string>;

}  // namespace

TEST_CASE("FunctionOutput", "[functions][output]") {
    FunctionOutput output;
    SECTION("makes an event of each line, with the time it came") {
        output.receive("one\ntw", kNow);
        output.receive("o\n", kNow + Duration(5));
        const auto events = output.take();
        REQUIRE(events.size() == 2);
        CHECK(events[0].message == "one\n");
        CHECK(events[0].timestamp == kNow);
        CHECK(events[1].message == "two\n");
        CHECK(events[1].timestamp == kNow + Duration(5));
        CHECK(output.take().empty());
    }
    SECTION("ends a begun line when told to") {
        output.receive("no newline", kNow);
        CHECK(messages(output).empty());
        output.finish_line(kNow);
        CHECK(messages(output) == Messages{"no newline\n"});
    }
    SECTION("reads carriage returns as line breaks within one event") {
        output.receive("Error\r  at a\r  at b\nwindows\r\n", kNow);
        CHECK(messages(output) == Messages{"Error\n  at a\n  at b\n", "windows\n"});
    }
    SECTION("reads frames between lines, however they are cut") {
        const std::string bytes = "first\n" + frame("a\nb\n") + frame("c\n") + "last\n";
        const std::size_t cut = GENERATE(range(std::size_t{0}, std::size_t{50}));
        output.receive(std::string_view(bytes).substr(0, cut), kNow);
        if (cut < bytes.size()) output.receive(std::string_view(bytes).substr(cut), kNow);
        CHECK(messages(output) == Messages{"first\n", "a\nb\n", "c\n", "last\n"});
    }
    SECTION("cuts a line of more than 256 KB") {
        output.receive(std::string(300 * 1024, 'x') + "\n", kNow);
        const auto lines = messages(output);
        REQUIRE(lines.size() == 2);
        CHECK(lines[0].size() == 256 * 1024 + 1);
        CHECK(lines[1].size() == 44 * 1024 + 1);
    }
    SECTION("says so when it leaves something out") {
        const std::string line = std::string(255 * 1024, 'x') + "\n";
        for (int i = 0; i < 100; ++i) output.receive(line, kNow);
        const auto lines = messages(output);
        CHECK(lines.size() == 65);
        CHECK(lines.back() == "sbemu: the function logged more than 16 MB; the rest is left out\n");
        output.receive("next\n", kNow);
        CHECK(messages(output) == Messages{"next\n"});
    }
}

TEST_CASE("valid_utf8", "[functions][output]") {
    const auto [given, expected] = GENERATE(table<std::string, std::string>({
        {"plain", "plain"},
        {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
        {"a\xff!", "a\xEF\xBF\xBD!"},
        {"\xc0\xaf", "\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"cut \xe2\x82", "cut \xEF\xBF\xBD\xEF\xBF\xBD"},
        {"\xed\xa0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
    }));
    CHECK(valid_utf8(given) == expected);
}

}  // namespace sbemu
