// UpdateItem. Texts: facts/dynamodb-kinesis.md 1.4 to 1.9.
#include <catch2/catch.hpp>

#include "tests/test_cloud.h"

namespace sbemu {

namespace {

const std::string kOne = "1 validation error detected: ";
const std::string kUpdate = kOne + "Invalid UpdateExpression: ";

// Table "things", key: p S.
struct Tables : TestCloud {
    Tables() {
        result("dynamodb.CreateTable", R"({"TableName": "things", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}]})");
        settle();
    }
    static std::string request(const std::string& expression, const std::string& more) {
        return R"({"TableName": "things", "Key": {"p": {"S": "a"}})" +
               (expression.empty() ? "" : R"(, "UpdateExpression": ")" + expression + "\"") + more +
               "}";
    }
    boost::json::value update(const std::string& expression, const std::string& more = "") {
        return result("dynamodb.UpdateItem", request(expression, more));
    }
    std::string error(const std::string& expression, const std::string& more = "") {
        return error_of(call("dynamodb.UpdateItem", request(expression, more)));
    }
    void put(const std::string& item) {
        result("dynamodb.PutItem", R"({"TableName": "things", "Item": )" + item + "}");
    }
    boost::json::value get() {
        return result("dynamodb.GetItem", R"({"TableName": "things", "Key": {"p": {"S": "a"}}})");
    }
};

std::string values(const std::string& members) {
    return R"(, "ExpressionAttributeValues": {)" + members + "}";
}

}  // namespace

TEST_CASE("UpdateItem refuses", "[dynamodb][update-item]") {
    Tables cloud;

    SECTION("expressions that are none, before it looks for anything") {
        const auto [expression, more, message] =
            GENERATE(table<std::string, std::string, std::string>({
                {"SET", "", "Syntax error; token: \"<EOF>\", near: \"SET\""},
                {"a = b", "", "Syntax error; token: \"a\", near: \"a =\""},
                {"SET a = b c", "", "Syntax error; token: \"c\", near: \"b c\""},
                {"SET a = b + c + d", "", "Syntax error; token: \"+\", near: \"c + d\""},
                {"ADD a b", "", "Syntax error; token: \"b\", near: \"a b\""},
                {"SET a = :x", "",
                 "An expression attribute value used in expression is not defined; attribute "
                 "value: :x"},
                {"REMOVE #x", "",
                 "An expression attribute name used in the document path is not defined; attribute "
                 "name: #x"},
                {"REMOVE name", "", "Attribute name is a reserved keyword; reserved keyword: name"},
                {"SET a = f(b, c)", "", "Invalid function name; function: f"},
                {"SET a = list_append(list_append(b, c), d)", "",
                 "The function is not allowed to be used this way in an expression; function: "
                 "list_append"},
                {"SET a = size(b)", "",
                 "The function is not allowed in an update expression; function: size"},
                {"REMOVE a REMOVE b", "",
                 "The \\\"REMOVE\\\" section can only be used once in an update expression;"},
                {"REMOVE a, a.b", "",
                 "Two document paths overlap with each other; must remove or rewrite one of these "
                 "paths; path one: [a], path two: [a, b]"},
                {"REMOVE a.b, a[0]", "",
                 "Two document paths conflict with each other; must remove or rewrite one of these "
                 "paths; path one: [a, b], path two: [a, [0]]"},
                {"SET a = list_append(b)", "",
                 "Incorrect number of operands for operator or function; operator or function: "
                 "list_append, number of operands: 1"},
                {"SET a = if_not_exists(:v, :v)", values(R"(":v": {"N": "1"})"),
                 "Operator or function requires a document path; operator or function: "
                 "if_not_exists"},
                {"SET a = b + :v", values(R"(":v": {"S": "x"})"),
                 "Incorrect operand type for operator or function; operator or function: +, "
                 "operand type: S"},
                {"SET a = list_append(b, :v)", values(R"(":v": {"N": "1"})"),
                 "Incorrect operand type for operator or function; operator or function: "
                 "list_append, operand type: N"},
                {"ADD a :v", values(R"(":v": {"S": "x"})"),
                 "Incorrect operand type for operator or function; operator: ADD, operand type: "
                 "STRING, typeSet: ALLOWED_FOR_ADD_OPERAND"},
                {"ADD a :v", values(R"(":v": {"BOOL": true})"),
                 "Incorrect operand type for operator or function; operator: ADD, operand type: "
                 "BOOL, typeSet: ALLOWED_FOR_ADD_OPERAND"},
                {"DELETE a :v", values(R"(":v": {"N": "1"})"),
                 "Incorrect operand type for operator or function; operator: DELETE, operand type: "
                 "NUMBER, typeSet: ALLOWED_FOR_ADD_OPERAND"},
            }));
        CAPTURE(expression);
        std::string text = message;
        for (auto at = text.find("\\\""); at != std::string::npos; at = text.find("\\\"")) {
            text.erase(at, 1);
        }
        CHECK(cloud.error(expression, more) == "ValidationException: " + kUpdate + text);
    }

    SECTION("values that are not used") {
        CHECK(cloud.error("REMOVE a", values(R"(":v": {"N": "1"})")) ==
              "ValidationException: " + kOne +
                  "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}");
        CHECK(cloud.error("", values(R"(":v": {"N": "1"})")) ==
              "ValidationException: " + kOne +
                  "ExpressionAttributeValues can only be specified when using expressions");
    }

    SECTION("what the item does not allow") {
        cloud.put(R"({"p": {"S": "a"}, "s": {"S": "x"}, "n": {"N": "1"}, "l": {"L": []},
                      "big": {"N": "99999999999999999999999999999999999999"}})");
        const std::string wrong_type =
            "An operand in the update expression has an incorrect data type";
        const std::string wrong_path =
            "The document path provided in the update expression is invalid for update";
        const auto [expression, more, message] =
            GENERATE_COPY(table<std::string, std::string, std::string>({
                {"SET s = s + :v", values(R"(":v": {"N": "1"})"), wrong_type},
                {"SET l = list_append(l, s)", "", wrong_type},
                {"ADD s :v", values(R"(":v": {"N": "1"})"), wrong_type},
                {"ADD n :v", values(R"(":v": {"SS": ["1"]})"), wrong_type},
                {"DELETE n :v", values(R"(":v": {"SS": ["1"]})"), wrong_type},
                {"SET a = b", "",
                 "The provided expression refers to an attribute that does not exist in the item"},
                {"SET a.b = :v", values(R"(":v": {"N": "1"})"), wrong_path},
                {"SET s.b = :v", values(R"(":v": {"N": "1"})"), wrong_path},
                {"SET n[0] = :v", values(R"(":v": {"N": "1"})"), wrong_path},
                {"REMOVE a.b", "", wrong_path},
                {"ADD big :v", values(R"(":v": {"N": "0.1"})"),
                 "Attempting to store more than 38 significant digits in a Number"},
                {"SET p = :v", values(R"(":v": {"S": "b"})"),
                 "One or more parameter values were invalid: Cannot update attribute p. This "
                 "attribute is part of the key"},
                {"SET p.b = :v", values(R"(":v": {"S": "b"})"),
                 "Key attributes must be scalars; list random access '[]' and map lookup '.' are "
                 "not allowed: Key: p"},
            }));
        CAPTURE(expression);
        const auto before = cloud.get();
        CHECK(cloud.error(expression, more) == "ValidationException: " + message);
        CHECK(cloud.get() == before);
    }

    SECTION("but not a place past the end of a list") {
        // They follow in the order of the indexes (Alternator's
        // test_nested_attribute_update_array_out_of_bounds).
        cloud.put(R"({"p": {"S": "a"}, "a": {"L": [{"S": "0"}]}})");
        CHECK(cloud.error("SET a[84] = :a, a[37] = :b, a[1] = :c, a[50] = :d",
                          values(R"(":a": {"S": "84"}, ":b": {"S": "37"}, ":c": {"S": "1"},
                                    ":d": {"S": "50"})")) == "none");
        CHECK(cloud.get().at_pointer("/Item/a") ==
              json(R"({"L": [{"S": "0"}, {"S": "1"}, {"S": "37"}, {"S": "50"}, {"S": "84"}]})"));
    }

    SECTION("an item that nests too deeply") {
        std::string deep = R"({"S": "x"})";
        for (int i = 0; i < 31; ++i) deep = R"({"M": {"m": )" + deep + "}}";
        CHECK(cloud.error("SET a = :v", values(R"(":v": )" + deep)) == "none");
        CHECK(cloud.error("SET a.b = :v", values(R"(":v": )" + deep)) ==
              "ValidationException: Nesting Levels have exceeded supported limits: Attributes in "
              "the item have nested levels beyond supported limit");
    }

    SECTION("an item that grows too large") {
        cloud.put(R"({"p": {"S": "a"}, "b": {"S": ")" + std::string(409'590, 'x') + R"("}})");
        CHECK(cloud.error("SET c = :v", values(R"(":v": {"S": "0123456789"})")) ==
              "ValidationException: Item size to update has exceeded the maximum allowed size");
    }

    SECTION("when the condition does not hold, and tells the item if asked to") {
        cloud.put(R"({"p": {"S": "a"}, "n": {"N": "1"}})");
        const std::string condition =
            R"(, "ConditionExpression": "n = :two")" + values(R"(":two": {"N": "2"})");
        CHECK(cloud.error("REMOVE n", condition) ==
              "ConditionalCheckFailedException: The conditional request failed");
        const Applied applied = cloud.call(
            "dynamodb.UpdateItem",
            Tables::request("REMOVE n",
                            condition + R"(, "ReturnValuesOnConditionCheckFailure": "ALL_OLD")"));
        CHECK(std::get<ApiError>(applied.answer).fields.at("Item") ==
              json(R"({"p": {"S": "a"}, "n": {"N": "1"}})"));
    }
}

TEST_CASE("UpdateItem changes", "[dynamodb][update-item]") {
    Tables cloud;

    SECTION("an item in every way") {
        const auto [before, expression, more, after] =
            GENERATE(table<std::string, std::string, std::string, std::string>({
                {R"("n": {"N": "1"})", "SET n = n + :v, m = n - :v", values(R"(":v": {"N": "3"})"),
                 R"("n": {"N": "4"}, "m": {"N": "-2"})"},
                {R"("n": {"N": "1"})", "SET n = (n + (:v))", values(R"(":v": {"N": "0.5"})"),
                 R"("n": {"N": "1.5"})"},
                {R"("a": {"S": "x"}, "b": {"S": "y"})", "SET a = b, b = a", "",
                 R"("a": {"S": "y"}, "b": {"S": "x"})"},
                {R"("a": {"S": "x"})", "SET a = if_not_exists(a, :v), b = if_not_exists(b, :v)",
                 values(R"(":v": {"S": "d"})"), R"("a": {"S": "x"}, "b": {"S": "d"})"},
                {R"("l": {"L": [{"S": "b"}]})", "SET l = list_append(:v, l)",
                 values(R"(":v": {"L": [{"S": "a"}]})"), R"("l": {"L": [{"S": "a"}, {"S": "b"}]})"},
                {R"("l": {"L": [{"S": "a"}]})", "SET l[7] = :v", values(R"(":v": {"S": "b"})"),
                 R"("l": {"L": [{"S": "a"}, {"S": "b"}]})"},
                {R"("m": {"M": {"a": {"L": [{"M": {}}]}}})", "SET m.a[0].#x = :v",
                 R"(, "ExpressionAttributeNames": {"#x": "name"})" + values(R"(":v": {"N": "1"})"),
                 R"("m": {"M": {"a": {"L": [{"M": {"name": {"N": "1"}}}]}}})"},
                {R"("l": {"L": [{"N": "0"}, {"N": "1"}, {"N": "2"}, {"N": "3"}]})",
                 "REMOVE l[0], l[2], l[9]", "", R"("l": {"L": [{"N": "1"}, {"N": "3"}]})"},
                {R"("l": {"L": [{"N": "0"}, {"M": {"a": {"N": "1"}, "b": {"N": "2"}}}]})",
                 "REMOVE l[0], l[1].a", "", R"("l": {"L": [{"M": {"b": {"N": "2"}}}]})"},
                {R"("a": {"S": "x"})", "REMOVE a, b", "", ""},
                {R"("n": {"N": "1"}, "s": {"SS": ["b"]})", "ADD n :n, s :s, k :n",
                 values(R"(":n": {"N": "2"}, ":s": {"SS": ["c", "a", "b"]})"),
                 R"("n": {"N": "3"}, "s": {"SS": ["a", "b", "c"]}, "k": {"N": "2"})"},
                {R"("s": {"NS": ["1", "2"]}, "t": {"NS": ["1"]})", "DELETE s :s, t :s, u :s",
                 values(R"(":s": {"NS": ["1", "9"]})"), R"("s": {"NS": ["2"]})"},
                {R"("a": {"S": "x"})", "REMOVE a SET b = :v ADD c :n",
                 values(R"(":v": {"S": "y"}, ":n": {"N": "1"})"),
                 R"("b": {"S": "y"}, "c": {"N": "1"})"},
            }));
        CAPTURE(expression);
        cloud.put(R"({"p": {"S": "a"}, )" + before + "}");
        CHECK(cloud.update(expression, more) == json("{}"));
        CHECK(cloud.get() ==
              json(R"({"Item": {"p": {"S": "a"})" + (after.empty() ? "" : ", " + after) + "}}"));
    }

    SECTION("nothing into an item, where it gives one") {
        CHECK(cloud.update("") == json("{}"));
        CHECK(cloud.get() == json(R"({"Item": {"p": {"S": "a"}}})"));
    }
    SECTION("but not where it only takes away") {
        CHECK(
            cloud.update("REMOVE a DELETE b :v",
                         values(R"(":v": {"SS": ["x"]})") +
                             R"(, "ReturnValues": "ALL_NEW", "ReturnConsumedCapacity": "TOTAL")") ==
            json(R"({"ConsumedCapacity": {"TableName": "things", "CapacityUnits": 1}})"));
        CHECK(cloud.get() == json("{}"));
    }

    SECTION("and returns what is asked for") {
        const auto [wanted, attributes] = GENERATE(table<std::string, std::string>({
            {"NONE", ""},
            {"ALL_OLD", R"({"p": {"S": "a"}, "n": {"N": "1"}, "k": {"S": "k"},
                "m": {"M": {"x": {"N": "1"}, "y": {"N": "2"}}}})"},
            {"UPDATED_OLD", R"({"n": {"N": "1"}, "m": {"M": {"x": {"N": "1"}}}})"},
            {"ALL_NEW", R"({"p": {"S": "a"}, "n": {"N": "2"}, "k": {"S": "k"},
                "m": {"M": {"x": {"N": "2"}, "y": {"N": "2"}}}})"},
            {"UPDATED_NEW", R"({"n": {"N": "2"}, "m": {"M": {"x": {"N": "2"}}}})"},
        }));
        cloud.put(R"({"p": {"S": "a"}, "n": {"N": "1"}, "k": {"S": "k"},
            "m": {"M": {"x": {"N": "1"}, "y": {"N": "2"}}}})");
        CHECK(cloud.update("SET n = :v, m.x = :v", values(R"(":v": {"N": "2"})") +
                                                       R"(, "ReturnValues": ")" + wanted + "\"") ==
              json(attributes.empty() ? "{}" : R"({"Attributes": )" + attributes + "}"));
    }
    SECTION("and returns nothing where nothing is left") {
        cloud.put(R"({"p": {"S": "a"}, "n": {"N": "1"}})");
        CHECK(cloud.update("REMOVE n", R"(, "ReturnValues": "UPDATED_NEW")") == json("{}"));
    }
}

}  // namespace sbemu
