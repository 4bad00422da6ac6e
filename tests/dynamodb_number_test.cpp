// DynamoDB's numbers. Texts and limits: facts/dynamodb-kinesis.md 1.6.
#include <catch2/catch.hpp>

#include "emulator/core/error.h"
#include "fakes/dynamodb/values/number.h"

namespace sbemu {

using dynamodb::parse_number;

namespace {

struct Ordered {
    const char* written;
    const char* text;
};
struct Sum {
    const char* left;
    const char* right;
    const char* sum;
};
#include "tests/dynamodb_number_vectors.inc"

std::string error_of_number(const std::string& text) {
    try {
        return "none: " + parse_number(text).text();
    } catch (const ApiError& error) {
        return error.what();
    }
}

}  // namespace

TEST_CASE("Numbers are read and printed as Python's decimal does", "[dynamodb][number]") {
    for (const auto& [written, text] : kOrdered) {
        INFO(written);
        CHECK(parse_number(written).text() == text);
        CHECK(parse_number(text) == parse_number(written));
    }
}

TEST_CASE("Numbers that are taken for normal are written as they are printed",
          "[dynamodb][number]") {
    for (const auto& [written, text] : kOrdered) {
        INFO(written);
        CHECK((!dynamodb::is_normal_number(written) || std::string_view(written) == text));
    }
    for (const char* text : {"0", "7", "-7", "10", "0.5", "-0.05", "1.25", "1234567890123456789"}) {
        INFO(text);
        CHECK(dynamodb::is_normal_number(text));
        CHECK(parse_number(text).text() == text);
    }
    // All texts of up to five of these characters.
    const std::string_view characters = "0 1-.e+";
    std::vector<std::string> texts{""};
    for (std::size_t i = 0; texts[i].size() < 5; ++i) {
        for (const char c : characters) texts.push_back(texts[i] + c);
    }
    std::size_t taken = 0;
    for (const std::string& text : texts) {
        if (!dynamodb::is_normal_number(text)) continue;
        ++taken;
        if (error_of_number(text) != "none: " + text) FAIL(text << " is " << error_of_number(text));
    }
    CHECK(taken > 50);
    CHECK_FALSE(dynamodb::is_normal_number(std::string(39, '1')));
}

TEST_CASE("Numbers are ordered by value, and so are their sortable bytes", "[dynamodb][number]") {
    for (const Ordered& left : kOrdered) {
        const auto left_number = parse_number(left.text);
        const std::string left_bytes = dynamodb::sortable_bytes(left_number);
        for (const Ordered& right : kOrdered) {
            const int wanted = (&left > &right) - (&left < &right);
            const auto right_number = parse_number(right.text);
            const int bytes = left_bytes.compare(dynamodb::sortable_bytes(right_number));
            if (compare(left_number, right_number) == wanted &&
                (bytes > 0) - (bytes < 0) == wanted) {
                continue;
            }
            FAIL(left.text << " against " << right.text);
        }
    }
    SUCCEED();
}

TEST_CASE("Numbers are added exactly", "[dynamodb][number]") {
    for (const auto& [left, right, sum] : kSums) {
        INFO(left << " + " << right);
        CHECK(add(parse_number(left), parse_number(right)).text() == sum);
    }
    CHECK_THROWS_WITH(add(parse_number("1e37"), parse_number("0.1")),
                      "Attempting to store more than 38 significant digits in a Number");
}

TEST_CASE("Numbers have limits", "[dynamodb][number]") {
    const std::string nothing = "The parameter cannot be converted to a numeric value";
    const std::string over =
        "Number overflow. Attempting to store a number with magnitude larger than supported range";
    const std::string under =
        "Number underflow. Attempting to store a number with magnitude smaller than supported "
        "range";
    const auto [text, error] = GENERATE_COPY(table<std::string, std::string>({
        {"", nothing + ": "},
        {"abc", nothing + ": abc"},
        {" 1", nothing + ":  1"},
        {"1 ", nothing + ": 1 "},
        {"0x10", nothing + ": 0x10"},
        {"1e", nothing + ": 1e"},
        {"NaN", nothing + ": NaN"},
        {"Infinity", nothing + ": Infinity"},
        {"1+2", nothing + ": 1+2"},
        {"--1", nothing + ": --1"},
        {"1.2.3", nothing + ": 1.2.3"},
        {".", nothing + ": ."},
        {"1e99999999999", over},
        {"1e2147483647", over},
        {"1e99999999999999999999", nothing},
        {"1e126", over},
        {"-1e126", over},
        {"0e126", over},
        {"0e125", "none: 0"},
        {"1e-131", under},
        {"0e-131", under},
        {"1e-130", "none: 0." + std::string(129, '0') + "1"},
        {"9.9e125", "none: 99" + std::string(124, '0')},
        {"123456789012345678901234567890123456789",
         "Attempting to store more than 38 significant digits in a Number"},
        {"12345678901234567890123456789012345678000",
         "none: 12345678901234567890123456789012345678000"},
        {"-0", "none: 0"},
        {"+5", "none: 5"},
        {".5", "none: 0.5"},
        {"5.", "none: 5"},
        {"1.e5", "none: 100000"},
        {"0042.1200", "none: 42.12"},
    }));
    INFO(text);
    CHECK(error_of_number(text) == error);
}

TEST_CASE("Numbers cost what AWS was measured to charge", "[dynamodb][number]") {
    const auto [text, size] = GENERATE(table<std::string, std::size_t>({
        {"0", 1},
        {"1", 2},
        {"12", 2},
        {"123", 3},
        {"1234", 3},
        {"100", 2},
        {"1010", 3},
        {"1E125", 2},
        {"1.5", 3},
        {"15", 2},
        {"1.234", 4},
        {"3.14159", 5},
        {"123456", 4},
        {"-1", 3},
        {"1E-100", 2},
        {"0.0000001", 2},
        {"12345678901234567890123456789012345678", 20},
    }));
    INFO(text);
    CHECK(dynamodb::size_of(parse_number(text)) == size);
}

}  // namespace sbemu
