// The expression languages of DynamoDB. Texts: facts/dynamodb-kinesis.md 1.5, 1.7.
#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "emulator/core/error.h"
#include "fakes/dynamodb/expressions/condition.h"
#include "fakes/dynamodb/expressions/projection.h"

namespace sbemu::dynamodb {

namespace {

boost::json::object object(const std::string& text) { return boost::json::parse(text).as_object(); }

const char* const kAttributes = R"({
    "ExpressionAttributeNames": {"#a": "a", "#size": "size"},
    "ExpressionAttributeValues": {
        ":s": {"S": "b"}, ":t": {"S": "c"}, ":n": {"N": "2"}, ":m": {"N": "10"}, ":y": {"S": "N"},
        ":three": {"N": "3"}, ":six": {"N": "6"},
        ":f": {"BOOL": false}, ":set": {"SS": ["x", "b"]}, ":bin": {"B": "YWI="},
        ":l": {"L": [{"N": "1"}]}, ":null": {"NULL": true}}})";

const char* const kItem = R"({
    "a": {"S": "abc"}, "n": {"N": "5"}, "f": {"BOOL": false}, "null": {"NULL": true},
    "words": {"SS": ["b", "x"]}, "nums": {"NS": ["1", "2"]}, "bin": {"B": "YWJj"},
    "pets": {"L": [{"N": "2"}, {"S": "b"}, {"M": {"k": {"N": "10"}}}]},
    "tree": {"M": {"k": {"S": "b"}, "deep": {"M": {"z": {"N": "1"}}}}},
    "size": {"N": "1"}, "note": {"S": "\u00e9\ud834\udd1e"}})";

std::string error_of_condition(const std::string& source) {
    ExpressionAttributes attributes(object(kAttributes));
    try {
        parse_condition("ConditionExpression", source, attributes);
    } catch (const ApiError& error) {
        return error.what();
    }
    return "none";
}

std::string error_of_projection(const std::string& source) {
    ExpressionAttributes attributes(object(kAttributes));
    try {
        parse_projection(source, attributes);
    } catch (const ApiError& error) {
        return error.what();
    }
    return "none";
}

}  // namespace

TEST_CASE("Names and values for expressions are checked", "[dynamodb][expression]") {
    const std::string mebibyte(1024 * 1024, 'x');
    const std::string half = mebibyte.substr(mebibyte.size() / 2);
    const auto values = [](const std::string& value) {
        return R"("ExpressionAttributeValues": {":v": {"S": ")" + value + R"("}})";
    };
    const std::string many_names = [] {
        std::string names;
        for (int i = 0; i < 40; ++i) {
            names += (i ? ", \"#" : "\"#") + std::to_string(i) + "\": \"" +
                     std::string(60'000, 'n') + "\"";
        }
        return R"("ExpressionAttributeNames": {)" + names + "}";
    }();
    const auto [request, message] = GENERATE_COPY(table<std::string, std::string>({
        {R"("ExpressionAttributeNames": {"#a": ""})",
         "ExpressionAttributeNames contains invalid value: Empty attribute name for key #a"},
        {R"("ExpressionAttributeNames": {"#)" + std::string(254, 'a') + R"(": "a"})", "none"},
        {R"("ExpressionAttributeNames": {"#)" + std::string(255, 'a') + R"(": "a"})",
         "ExpressionAttributeNames contains invalid key: The expression attribute map contains a "
         "key that is too long"},
        {values(mebibyte + mebibyte.substr(2)), "none"},
        {values(mebibyte + mebibyte), "ExpressionAttributeValues exceeds max size"},
        {many_names, "ExpressionAttributeNames exceeds max size"},
        {values(mebibyte + half + half.substr(2)) + R"(, "ExpressionAttributeNames": {"#a": "a"})",
         "Combined size of ExpressionAttributeNames and ExpressionAttributeValues exceeds max "
         "size"},
    }));
    std::string seen = "none";
    try {
        ExpressionAttributes attributes(object("{" + request + "}"));
    } catch (const ApiError& error) {
        seen = error.what();
    }
    INFO(request.substr(0, 100));
    CHECK(seen == message);
}

TEST_CASE("A condition holds or does not", "[dynamodb][expression]") {
    const auto [source, wanted] = GENERATE(table<std::string, bool>({
        {"n = :n", false},
        {"n > :n", true},
        {"n < :m", true},
        {":n<n", true},
        {"n<>:n", true},
        {"absent = :n", false},
        {"absent <> :n", true},
        {"n <> :s", true},
        {"n < :s", false},
        {"f = :f", true},
        {"#a > :s", false},
        {"words = :set", true},
        {"n BETWEEN :n AND :m", true},
        {"n between :n and :n", false},
        {"tree.k IN (:t, :s)", true},
        {"tree.k IN (:t)", false},
        {"pets[0] = :n", true},
        {"pets[2].k = :m", true},
        {"pets[9] = :n", false},
        {"attribute_exists(tree.deep.z)", true},
        {"attribute_exists(tree.deep.y)", false},
        {"attribute_not_exists(absent)", true},
        {"attribute_type(n, :y)", true},
        {"attribute_type(#a, :y)", false},
        {"begins_with(bin, :bin)", true},
        {"begins_with(#a, :t)", false},
        {"contains(#a, :s)", true},
        {"contains(words, :s)", true},
        {"contains(nums, :n)", true},
        {"contains(nums, :s)", false},
        {"contains(pets, :s)", true},
        {"contains(n, :n)", false},
        {"size(#a) > :n", true},
        {"size(bin) > :n", true},
        {"size(pets) > :n", true},
        // UTF-16 units, not bytes (paritysuite query/expressions).
        {"size(note) = :three", true},
        {"size(note) = :six", false},
        {"size(absent) = :n", false},
        {"size(n) = :n", false},
        {"#size < :n", true},
        {"NOT n = :n", true},
        {"not (n = :n) and f = :f", true},
        {"n = :n OR f = :f AND n = :n", false},
        {"(n = :n OR f = :f) AND n > :n", true},
        {"f = :f or n = :n and n = :n", true},
        {"(n) > :n", true},
        {"NOT attribute_exists(absent) AND NOT n = :n", true},
        {"((n = :n) OR (f = :f))", true},
        {"f = absent", false},
    }));
    INFO(source);
    ExpressionAttributes attributes(object(kAttributes));
    const Node condition = parse_condition("ConditionExpression", source, attributes);
    CHECK(holds(condition, normalize_item(object(kItem))) == wanted);
}

TEST_CASE("A condition is refused", "[dynamodb][expression]") {
    const auto [source, error] = GENERATE(table<std::string, std::string>({
        {"", "The expression can not be empty;"},
        {"  ", "The expression can not be empty;"},
        {"a = = b", R"(Syntax error; token: "=", near: "= = b")"},
        {"!!! INVALID", R"(Syntax error; token: "!", near: "!!")"},
        {"attribute_not_exists(", R"(Syntax error; token: "<EOF>", near: "(")"},
        {"_a = :s", R"(Syntax error; token: "_", near: "_a")"},
        {"x = :s :t", R"(Syntax error; token: ":t", near: ":s :t")"},
        {"x", R"(Syntax error; token: "<EOF>", near: "x")"},
        {"x AND y", R"(Syntax error; token: "AND", near: "x AND y")"},
        {"(x) AND y = :s", R"(Syntax error; token: "AND", near: ") AND y")"},
        {"x[a] = :s", R"(Syntax error; token: "a", near: "[a]")"},
        {"x BETWEEN :s OR :t", R"(Syntax error; token: "OR", near: ":s OR :t")"},
        {"size = :n", "Attribute name is a reserved keyword; reserved keyword: size"},
        {"x.Name = :n", "Attribute name is a reserved keyword; reserved keyword: Name"},
        {"frobnicate(x)", "Invalid function name; function: frobnicate"},
        // Alternator's test_update_condition_other_funcs.
        {"if_not_exists(x, :s) = :s",
         "The function is not allowed in a condition expression; function: if_not_exists"},
        {"list_append(x, y) = :s",
         "The function is not allowed in a condition expression; function: list_append"},
        // Alternator's test_update_condition_attribute_type_second_arg.
        {"attribute_type(x, y)",
         "Incorrect operand type for operator or function; operator or function: attribute_type, "
         "operand type: {NS,SS,L,BS,N,M,B,BOOL,NULL,S}"},
        {"Contains(x, :s)", "Invalid function name; function: Contains"},
        {"size(x)",
         "The function is not allowed to be used this way in an expression; function: size"},
        {"attribute_exists(x) = :f",
         "The function is not allowed to be used this way in an expression; function: "
         "attribute_exists"},
        {"#b = :s",
         "An expression attribute name used in the document path is not defined; attribute name: "
         "#b"},
        {"x = :zz",
         "An expression attribute value used in expression is not defined; attribute value: :zz"},
        {"((x = :s))", "The expression has redundant parentheses;"},
        {"((x = :s)) AND size(y)", "The expression has redundant parentheses;"},
        {"frobnicate(size) AND size(y)", "Invalid function name; function: frobnicate"},
        {"size(y) AND size = :s",
         "The function is not allowed to be used this way in an expression; function: size"},
        {"x < :f",
         "Incorrect operand type for operator or function; operator or function: <, operand type: "
         "BOOL"},
        {"x BETWEEN :f AND :f",
         "Incorrect operand type for operator or function; operator or function: BETWEEN, operand "
         "type: BOOL"},
        {"begins_with(x, :n)",
         "Incorrect operand type for operator or function; operator or function: begins_with, "
         "operand type: N"},
        {"size(:n) = :n",
         "Incorrect operand type for operator or function; operator or function: size, operand "
         "type: N"},
        {"attribute_exists(x, y)",
         "Incorrect number of operands for operator or function; operator or function: "
         "attribute_exists, number of operands: 2"},
        {"attribute_exists(:s)",
         "Operator or function requires a document path; operator or function: attribute_exists"},
        {"attribute_type(x, :s)",
         "Invalid attribute type name found; type: b, valid types: "
         "{B,NULL,SS,BOOL,L,BS,N,NS,S,M}"},
        {"attribute_type(x, :n)",
         "Incorrect operand type for operator or function; operator or function: attribute_type, "
         "operand type: N"},
        {"contains(x, x)",
         "The first operand must be distinct from the remaining operands for this operator or "
         "function; operator: contains, first operand: [x]"},
        {"x[0].y = x[0].y",
         "The first operand must be distinct from the remaining operands for this operator or "
         "function; operator: =, first operand: [x, [0], y]"},
        {"x BETWEEN :n AND :s",
         "The BETWEEN operator requires same data type for lower and upper bounds; lower bound "
         "operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {S:b}"},
        {"x BETWEEN :t AND :s",
         "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
         "lower bound operand: AttributeValue: {S:c}, upper bound operand: AttributeValue: "
         "{S:b}"},
        {"x[99999999999999] = :s",
         "List index is not within the allowable range; index: [99999999999999]"},
    }));
    INFO(source);
    CHECK(error_of_condition(source) == "Invalid ConditionExpression: " + error);
}

TEST_CASE("A condition has limits", "[dynamodb][expression]") {
    SECTION("of 4096 bytes") {
        CHECK(error_of_condition("x = :s" + std::string(4090, ' ')) == "none");
        CHECK(error_of_condition("x = :s" + std::string(4091, ' ')) ==
              "Invalid ConditionExpression: Expression size has exceeded the maximum allowed size; "
              "expression size: 4097");
    }
    SECTION("of 300 operators") {
        const auto nots = [](std::size_t count) {
            std::string source;
            for (std::size_t i = 0; i < count; ++i) source += "NOT ";
            return source + "x = :s";
        };
        CHECK(error_of_condition(nots(298)) == "none");
        CHECK(error_of_condition(nots(300)) ==
              "Invalid ConditionExpression: The expression contains too many operators; operator "
              "count: 301");
    }
    SECTION("of 32 levels in a path") {
        std::string source = "x";
        for (int i = 0; i < 32; ++i) source += "[0]";
        CHECK(error_of_condition(source + " = :s") ==
              "Invalid ConditionExpression: The document path has too many nesting levels; nesting "
              "levels: 33");
    }
}

TEST_CASE("A projection keeps what it names", "[dynamodb][expression]") {
    const auto [source, wanted] = GENERATE(table<std::string, std::string>({
        {"n", R"({"n": {"N": "5"}})"},
        {"#a, absent", R"({"a": {"S": "abc"}})"},
        {"tree.deep.z, tree.k",
         R"({"tree": {"M": {"k": {"S": "b"}, "deep": {"M": {"z": {"N": "1"}}}}}})"},
        {"pets[2], pets[0]", R"({"pets": {"L": [{"N": "2"}, {"M": {"k": {"N": "10"}}}]}})"},
        {"pets[2].k", R"({"pets": {"L": [{"M": {"k": {"N": "10"}}}]}})"},
        {"pets[9], tree.nothing, n.x", "{}"},
        {"#size", R"({"size": {"N": "1"}})"},
    }));
    INFO(source);
    ExpressionAttributes attributes(object(kAttributes));
    CHECK(project(parse_projection(source, attributes), object(kItem)) == object(wanted));
}

TEST_CASE("A projection is refused", "[dynamodb][expression]") {
    const auto [source, error] = GENERATE(table<std::string, std::string>({
        {"", "The expression can not be empty;"},
        {"a,", R"(Syntax error; token: "<EOF>", near: ",")"},
        {"a b", R"(Syntax error; token: "b", near: "a b")"},
        {"a..b", R"(Syntax error; token: ".", near: "..b")"},
        {"a, size", "Attribute name is a reserved keyword; reserved keyword: size"},
        {"#x",
         "An expression attribute name used in the document path is not defined; attribute name: "
         "#x"},
        {"b.c, #a, a.d[1]",
         "Two document paths overlap with each other; must remove or rewrite one of these paths; "
         "path one: [a], path two: [a, d, [1]]"},
        {"a[0], #a",
         "Two document paths overlap with each other; must remove or rewrite one of these paths; "
         "path one: [a, [0]], path two: [a]"},
        {"a.b, a[0]",
         "Two document paths conflict with each other; must remove or rewrite one of these paths; "
         "path one: [a, b], path two: [a, [0]]"},
    }));
    INFO(source);
    CHECK(error_of_projection(source) == "Invalid ProjectionExpression: " + error);
}

}  // namespace sbemu::dynamodb
