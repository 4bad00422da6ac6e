// What a request costs grows with the request and with what it reads, not faster: each of these
// once took the emulator minutes, gigabytes or its stack (under sanitizers, the last).
#include <catch2/catch.hpp>
#include <chrono>
#include <functional>
#include <string>

#include "tests/dynamodb_read_tables.h"

namespace sbemu {

namespace {

// "first,second,...": what `one` gives for 0, 1, ... joined.
std::string joined(int count, const std::function<std::string(int)>& one) {
    std::string text;
    for (int i = 0; i < count; ++i) text += (i == 0 ? "" : ",") + one(i);
    return text;
}

std::string quoted(const std::string& text) { return '"' + text + '"'; }

struct Costs : ReadTables {
    // The error of a request, which must not take long: the slowest takes a second in a build with
    // sanitizers.
    std::string error(const std::string& operation, const std::string& more,
                      const std::string& table = "hash") {
        const auto start = std::chrono::steady_clock::now();
        const std::string text = error_of(
            call("dynamodb." + operation, R"({"TableName": )" + quoted(table) + ", " + more + "}"));
        CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(15));
        return text;
    }
    std::string update_error(const std::string& expression, const std::string& more = "") {
        return error("UpdateItem", R"("Key": {"a": {"S": "k"}}, "UpdateExpression": )" +
                                       quoted(expression) + more);
    }
    // Item k with the list x of 60,000 numbers.
    void put_long_list() {
        put("hash", R"({"a": {"S": "k"}, "x": {"L": [)" +
                        joined(60'000, [](int) { return R"({"N": "1"})"; }) + "]}}");
    }
};

const std::string kTooLarge =
    "ValidationException: Item size to update has exceeded the maximum allowed size";

}  // namespace

TEST_CASE("Conditions of the old kind may be many", "[dynamodb][cost]") {
    Costs cloud;
    const std::string absent = joined(
        100'000, [](int i) { return quoted("x" + std::to_string(i)) + R"(:{"Exists":false})"; });
    CHECK(cloud.error("PutItem", R"("Item": {"a": {"S": "k"}}, "Expected": {)" + absent + "}") ==
          "none");
    const std::string present = joined(100'000, [](int i) {
        return quoted("x" + std::to_string(i)) + R"(:{"ComparisonOperator":"NOT_NULL"})";
    });
    CHECK(cloud.error("Scan", R"("ConditionalOperator": "OR", "ScanFilter": {)" + present + "}") ==
          "none");
}

TEST_CASE("Names of attributes may be many", "[dynamodb][cost]") {
    Costs cloud;
    const std::string names =
        joined(100'000, [](int i) { return quoted("x" + std::to_string(i)); });
    CHECK(cloud.error("GetItem",
                      R"("Key": {"a": {"S": "k"}}, "AttributesToGet": [)" + names + "]") == "none");
    CHECK(cloud.error("GetItem",
                      R"("Key": {"a": {"S": "k"}}, "AttributesToGet": ["x7",)" + names + "]") ==
          "ValidationException: One or more parameter values were invalid: Duplicate value in "
          "attribute name: x7");
    cloud.put("hash", R"({"a": {"S": "k"}, )" + joined(30'000, [](int i) {
                          return quoted("x" + std::to_string(i)) + R"(: {"S": ""})";
                      }) + "}");
    CHECK(cloud.error("Scan", R"("AttributesToGet": [)" + names + "]") == "none");
    const std::string error =
        cloud.error("Scan", R"("IndexName": "c-d", "AttributesToGet": [)" + names + "]", "range");
    CHECK(
        error.starts_with("ValidationException: One or more parameter values were invalid: "
                          "Global secondary index c-d does not project [x0, x1, x2, "));
    const std::string references =
        joined(200'000, [](int i) { return quoted("#x" + std::to_string(i)) + R"(: "a")"; });
    std::string uses = "REMOVE #y";
    for (int i = 0; i < 500; ++i) uses += ",#x" + std::to_string(i);
    CHECK(cloud.update_error(uses, R"(, "ExpressionAttributeNames": {)" + references + "}")
              .ends_with("is not defined; attribute name: #y"));
}

TEST_CASE("Paths of an expression may be many", "[dynamodb][cost]") {
    Costs cloud;
    CHECK(cloud.update_error("REMOVE " +
                             joined(700, [](int i) { return "x" + std::to_string(i); })) == "none");
    CHECK(cloud.update_error("REMOVE " + joined(2'000, [](int) { return "x"; }))
              .ends_with("path one: [x], path two: [x]"));
}

TEST_CASE("What an update copies is not larger than an item", "[dynamodb][cost]") {
    Costs cloud;
    cloud.put_long_list();
    CHECK(cloud.update_error("SET " + joined(400, [](int i) {
                                 return "y" + std::to_string(i) + " = x";
                             })) == kTooLarge);
    std::string lists = "x";
    for (int i = 0; i < 200; ++i) lists = "list_append(" + lists + ", x)";
    // Functions nest no more than this (Alternator's test_update_expression_function_nesting).
    CHECK(cloud.update_error("SET y = " + lists)
              .ends_with("The function is not allowed to be used this way in an expression; "
                         "function: list_append"));
}

TEST_CASE("Sets may be large", "[dynamodb][cost]") {
    Costs cloud;
    const auto numbers = [](int first) {
        return R"({"NS": [)" +
               joined(60'000, [first](int i) { return quoted(std::to_string(first + i)); }) + "]}";
    };
    cloud.put("hash", R"({"a": {"S": "k"}, "ns": )" + numbers(100'000) + "}");
    const std::string values =
        R"(, "ExpressionAttributeValues": {":ns": )" + numbers(130'000) + "}";
    CHECK(cloud.update_error("ADD ns :ns", values) == "none");
    CHECK(cloud.update_error("DELETE ns :ns", values) == "none");
    CHECK(cloud.result("dynamodb.Scan", R"({"TableName": "hash"})")
              .at_pointer("/Items/0/ns/NS")
              .as_array()
              .size() == 30'000);
}

TEST_CASE("Parentheses and functions may be deep", "[dynamodb][cost]") {
    Costs cloud;
    const auto repeated = [](int count, const std::string& text) {
        std::string result;
        for (int i = 0; i < count; ++i) result += text;
        return result;
    };
    const auto error_of_condition = [&](const std::string& condition) {
        return cloud.error("DeleteItem", R"("Key": {"a": {"S": "k"}}, "ConditionExpression": )" +
                                             quoted(condition));
    };
    const std::string redundant = "The expression has redundant parentheses;";
    CHECK(error_of_condition(repeated(4'000, "(")).ends_with(redundant));
    CHECK(error_of_condition(repeated(2'000, "(") + "x=y" + repeated(2'000, ")"))
              .ends_with(redundant));
    CHECK(error_of_condition("x = " + repeated(4'000, "(")).ends_with(redundant));
    CHECK(error_of_condition(repeated(200, "(x = y AND ") + "x = y" + repeated(200, ")"))
              .ends_with("operator count: 401"));
    CHECK(error_of_condition(repeated(1'000, "NOT ") + "x=y").ends_with("operator count: 1001"));
    CHECK(error_of_condition(repeated(800, "size(")).ends_with("near: \"(\""));
    CHECK(cloud.update_error("SET x = " + repeated(4'000, "(")).ends_with(redundant));
    CHECK(cloud.update_error("SET x = " + repeated(300, "list_append(")).ends_with("near: \"(\""));
    const std::string unreadable =
        "ValidationException: Statement wasn't well formed, can't be processed: ";
    for (const std::string& statement :
         {repeated(1'600, "FROM "), repeated(580, "SELECT * FROM "), repeated(4'000, "(")}) {
        CHECK(error_of(cloud.call("dynamodb.ExecuteStatement",
                                  R"({"Statement": )" + quoted(statement) + "}"))
                  .starts_with(unreadable));
    }
}

}  // namespace sbemu
