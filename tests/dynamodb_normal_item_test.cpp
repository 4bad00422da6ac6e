// Items of requests that need not be changed.
#include <catch2/catch.hpp>

#include "fakes/dynamodb/values/normal_item.h"
#include "tests/test_cloud.h"

namespace sbemu {

TEST_CASE("An item that is normal is not copied", "[dynamodb][put-item]") {
    using dynamodb::NormalItem;
    const auto is_copied = [](const std::string& text) {
        const boost::json::value value = json(text);
        const NormalItem normal = NormalItem::in(value.as_object());
        CHECK(normal.item() == dynamodb::normalize_item(value.as_object()));
        return &normal.item() != &value.as_object();
    };
    std::string nested = R"({"S": "x"})";  // in 31 maps
    for (int i = 0; i < 31; ++i) nested = R"({"M": {"a": )" + nested + "}}";

    CHECK_FALSE(is_copied("{}"));
    CHECK_FALSE(is_copied(R"({"a": {"S": ""}, "b": {"N": "-1.5"}, "c": {"B": "YQ=="}})"));
    CHECK_FALSE(is_copied(R"({"a": {"BOOL": false}, "b": {"NULL": true}, "c": {"L": []}})"));
    CHECK_FALSE(is_copied(R"({"m": {"M": {"": {"L": [{"S": "x"}, {"N": "0"}]}}}})"));
    CHECK_FALSE(is_copied(R"({"a": )" + nested + "}"));
    CHECK(is_copied(R"({"a": {"N": "1.0"}})"));
    CHECK(is_copied(R"({"m": {"M": {"l": {"L": [{"N": "1e1"}]}}}})"));
    CHECK(is_copied(R"({"a": {"SS": ["b", "a"]}})"));
    CHECK(is_copied(R"({"a": {"S": "x", "N": null}})"));

    const auto error_of_item = [](const std::string& text) {
        const boost::json::value value = json(text);
        try {
            NormalItem::in(value.as_object());
        } catch (const ApiError& error) {
            return error.code + ": " + error.what();
        }
        return std::string("none");
    };
    CHECK(error_of_item(R"({"": {"S": "x"}})") == "ValidationException: Empty attribute name");
    CHECK(error_of_item(R"({"a": {"B": "?"}})").starts_with("SerializationException: "));
    for (const char* faulty : {R"({"a": {"S": null}})", R"({"a": {"NULL": false}})", R"({"a": {}})",
                               R"({"a": {"N": "x"}})", R"({"a": {"X": "x"}})", R"({"a": null})"}) {
        INFO(faulty);
        CHECK(error_of_item(faulty).starts_with("ValidationException: "));
    }
    CHECK(error_of_item(R"({"a": {"M": {"a": )" + nested + "}}}")
              .starts_with("ValidationException: Nesting Levels have exceeded"));
}

}  // namespace sbemu
