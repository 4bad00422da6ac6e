// KeyConditionExpression: what it says, and on which keys. Texts: facts/dynamodb-kinesis.md 1.5,
// 1.7.
#include <algorithm>
#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "emulator/core/error.h"
#include "emulator/core/random.h"
#include "fakes/dynamodb/expressions/key_condition.h"
#include "fakes/dynamodb/keys.h"
#include "fakes/dynamodb/query_range.h"

namespace sbemu::dynamodb {

namespace {

boost::json::object object(const std::string& text) { return boost::json::parse(text).as_object(); }

const char* const kValues = R"({
    "ExpressionAttributeNames": {"#a": "a", "#n": "name"},
    "ExpressionAttributeValues": {":a": {"S": "a"}, ":b": {"S": "b"}, ":n": {"N": "1"},
        ":m": {"N": "2"}, ":bool": {"BOOL": true}, ":bin": {"B": "/w=="}}})";

std::vector<KeyCondition> parse(const std::string& source) {
    ExpressionAttributes attributes(object(kValues));
    return key_conditions_of(parse_condition("KeyConditionExpression", source, attributes));
}

template <class Action>
std::string error_of(Action action) {
    try {
        action();
    } catch (const ApiError& error) {
        return error.what();
    }
    return "none";
}

// "a = S:a", one line for each condition.
std::string print(const std::vector<KeyCondition>& conditions) {
    constexpr const char* kNames[] = {"=", "<", "<=", ">", ">=", "BETWEEN", "begins_with", "?"};
    std::string text;
    for (const KeyCondition& condition : conditions) {
        text += condition.attribute + " " + kNames[static_cast<int>(condition.comparison)];
        for (const auto& value : condition.values) {
            text += " " + std::string(type_of(value)) + ":" + std::string(text_of(value));
        }
        text += "\n";
    }
    return text;
}

const KeySchema kHash{{{"h", "S"}}, {}};
const KeySchema kHashAndRange{{{"h", "S"}}, {{"r", "N"}}};
const KeySchema kTexts{{{"h", "S"}}, {{"r", "S"}}};
const KeySchema kSeveral{{{"h", "S"}, {"g", "N"}}, {{"r", "S"}, {"s", "N"}, {"t", "S"}}};

}  // namespace

TEST_CASE("A key condition is read", "[dynamodb][key-condition]") {
    const auto [source, wanted] = GENERATE(table<std::string, std::string>({
        {"h = :a", "h = S:a\n"},
        {":a = h", "h = S:a\n"},
        {"(h = :a)", "h = S:a\n"},
        {"h = :a AND r < :n", "h = S:a\nr < N:1\n"},
        {"r <= :n and h = :a", "r <= N:1\nh = S:a\n"},
        {"h = :a AND r > :n", "h = S:a\nr > N:1\n"},
        {"h = :a AND r >= :n", "h = S:a\nr >= N:1\n"},
        {"h = :a AND :n < r", "h = S:a\nr > N:1\n"},
        {"h = :a AND :n <= r", "h = S:a\nr >= N:1\n"},
        {"h = :a AND :n > r", "h = S:a\nr < N:1\n"},
        {"h = :a AND :n >= r", "h = S:a\nr <= N:1\n"},
        {"(h = :a) AND (r BETWEEN :n AND :m)", "h = S:a\nr BETWEEN N:1 N:2\n"},
        {"(h = :a AND (begins_with(r, :b)))", "h = S:a\nr begins_with S:b\n"},
        {"#n = :a AND #a = :b", "name = S:a\na = S:b\n"},
        {"h = :a AND (g = :n AND r = :b)", "h = S:a\ng = N:1\nr = S:b\n"},
    }));
    INFO(source);
    CHECK(print(parse(source)) == wanted);
}

TEST_CASE("A key condition is refused", "[dynamodb][key-condition]") {
    const std::string expression = "Invalid KeyConditionExpression: ";
    const std::string operators = "Invalid operator used in KeyConditionExpression: ";
    const std::string condition = "Invalid condition in KeyConditionExpression: ";
    const std::string operand =
        "Incorrect operand type for operator or function; operator or function: ";
    const std::string several = condition + "Multiple attribute names used in one condition";
    const std::string nested =
        expression + "KeyConditionExpressions cannot contain nested operations";
    const auto [source, error] = GENERATE_COPY(table<std::string, std::string>({
        {"", expression + "The expression can not be empty;"},
        {"h = ", expression + R"(Syntax error; token: "<EOF>", near: "=")"},
        {"name = :a", expression + "Attribute name is a reserved keyword; reserved keyword: name"},
        {"((h = :a))", expression + "The expression has redundant parentheses;"},
        {"starts(h, :a)", expression + "Invalid function name; function: starts"},
        // in the order written, whatever the kind
        {"h = :missing AND begins_with(r, :n)",
         expression +
             "An expression attribute value used in expression is not defined; attribute value: "
             ":missing"},
        {"begins_with(r, :n) AND h = :missing",
         expression + operand + "begins_with, operand type: N"},
        {"h = :a AND begins_with(r, :n) AND r = :missing",
         expression + operand + "begins_with, operand type: N"},
        {"#x = :missing", expression +
                              "An expression attribute name used in the document path is not "
                              "defined; attribute name: #x"},
        {"h = :a AND r < :bool", expression + operand + "<, operand type: BOOL"},
        {"h = :a AND :bool >= r", expression + operand + ">=, operand type: BOOL"},
        {"r BETWEEN :bool AND :bool", expression + operand + "BETWEEN, operand type: BOOL"},
        {"r BETWEEN :n AND :a",
         expression +
             "The BETWEEN operator requires same data type for lower and upper bounds; lower bound "
             "operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:a}"},
        {"r BETWEEN :b AND :a",
         expression +
             "The BETWEEN operator requires upper bound to be greater than or equal to lower "
             "bound; lower bound operand: AttributeValue: {S:b}, upper bound operand: "
             "AttributeValue: {S:a}"},
        {"a > b and size(b) > c or a > c", operators + "OR"},
        {"not a > b", operators + "NOT"},
        {"a in (b, size(c), d)", operators + "IN"},
        {"a <> b", operators + "<>"},
        {"attribute_exists(a)", operators + "attribute_exists"},
        {"attribute_not_exists(a)", operators + "attribute_not_exists"},
        {"attribute_type(a, :a2)", expression +
                                       "An expression attribute value used in expression is not "
                                       "defined; attribute value: :a2"},
        {"contains(a.d, b)", operators + "contains"},
        {":a between size(b) and size(a) and b > :b",
         condition + "BETWEEN operator must have the key attribute as its first operand"},
        {"begins_with(:a, b) and a > :b",
         condition + "begins_with operator must have the key attribute as its first operand"},
        {"size(b) > a AND a.b > b AND b > c", nested},
        {"a > size(b.d)", nested},
        {"a between size(b) and size(a)", nested},
        {"b > a.b", several},
        {"b between c[1] and d", several},
        {"a between b and size(a)", several},
        {"begins_with(a, b)", several},
        {"b.d = :a",
         expression + "KeyConditionExpressions cannot have conditions on nested attributes"},
        {"b[0] > a",
         expression + "KeyConditionExpressions cannot have conditions on nested attributes"},
        {":b > :a AND a < :b", condition + "No key attribute specified"},
        {"b > :a AND b < :a and c = :a",
         expression + "KeyConditionExpressions must only contain one condition per key"},
    }));
    INFO(source);
    CHECK(error_of([&, text = source] { parse(text); }) == error);
}

TEST_CASE("Key conditions have to fit the keys", "[dynamodb][key-condition]") {
    const std::string missed = "Query condition missed key schema element: ";
    // Alternator's test_gsi_composite_query_missing_one_hk and _hk_inequality; partly assumed.
    const std::string not_equal = "HASH key attributes ";
    const std::string mismatch =
        "One or more parameter values were invalid: Condition parameter type does not match schema "
        "type";
    const auto gap = [](const std::string& before, const std::string& on) {
        return "RANGE key attributes " + before +
               " must have equality conditions specified in the query because a condition is "
               "present on key attribute " +
               on;
    };
    const auto [schema, source,
                error] = GENERATE_REF(table<const KeySchema*, std::string, std::string>({
        {&kHash, "h = :a", "none"},
        {&kHash, "x = :a", missed + "h"},
        {&kHash, "h = :n", mismatch},
        {&kHash, ":n > h", mismatch},
        {&kHash, "h > :a", "Query key condition not supported"},
        {&kHash, "begins_with(h, :a)", "Query key condition not supported"},
        {&kHash, "h = :a AND x = :a",
         "The number of query conditions (2) exceeds the number of key attributes defined in "
         "the schema (1)"},
        {&kHashAndRange, "r = :n", missed + "h"},
        {&kHashAndRange, "h = :a AND x = :n", missed + "r"},
        {&kHashAndRange, "h = :a AND r = :a", mismatch},
        {&kHashAndRange, "h = :a AND r = :bool", mismatch},
        {&kHashAndRange, "h = :a AND begins_with(r, :a)", mismatch},
        {&kHashAndRange, "h = :a AND r > :n AND x = :n",
         "The number of query conditions (3) exceeds the number of key attributes defined in "
         "the schema (2)"},
        {&kSeveral, "h = :a", not_equal + "g must have equality conditions specified in the query"},
        {&kSeveral, "h = :a AND g > :n",
         not_equal + "g must have equality conditions specified in the query"},
        {&kSeveral, "h = :a AND g = :n AND x = :a", missed + "r"},
        {&kSeveral, "h = :a AND g = :n AND r = :a AND t > :a", gap("s", "t")},
        {&kSeveral, "h = :a AND g = :n AND r > :a AND s = :n", gap("r", "s")},
        {&kSeveral, "h = :a AND g = :n AND t = :a", gap("r, s", "t")},
        {&kSeveral, "t = :a AND h = :a AND s = :n AND g = :n AND r = :b", "none"},
    }));
    INFO(source);
    const auto conditions = parse(source);
    CHECK(error_of([&, keys = schema] {
              partition_of(*keys, conditions);
              sort_range_of(*keys, conditions);
          }) == error);
}

TEST_CASE("An empty value is no key", "[dynamodb][key-condition]") {
    const std::vector<KeyCondition> conditions{
        {"h", KeyCondition::Operator::equal, {object(R"({"S": "a"})")}},
        {"r", KeyCondition::Operator::begins_with, {object(R"({"S": ""})")}}};
    CHECK(error_of([&] { sort_range_of(kTexts, conditions); }) ==
          "One or more parameter values are not valid. The AttributeValue for a key attribute "
          "cannot contain an empty string value. Key: r");
}

// Random items of an index with three sort attributes and of one with a single one: the range of
// encoded keys holds exactly those for which the conditions themselves hold.
TEST_CASE("The range of a key condition is what it says", "[dynamodb][key-condition]") {
    Random random(7);
    const auto text = [&] {
        // Bytes that encodings could mistake: 0, 1 and 255 beside letters.
        static const std::string kBytes("\0\1a\xff", 4);
        std::string bytes;
        for (std::uint64_t i = random.below(3) + 1; i > 0; --i) bytes += kBytes[random.below(4)];
        return bytes;
    };
    const auto base64 = [](const std::string& bytes) {
        constexpr const char* kDigits =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        std::string result;
        for (std::size_t i = 0; i < bytes.size(); i += 3) {
            std::uint32_t group = 0;
            for (std::size_t j = 0; j < 3; ++j) {
                group = group << 8 |
                        (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
            }
            for (std::size_t j = 0; j < 4; ++j) {
                const bool is_padding = i + j > bytes.size();
                result += is_padding ? '=' : kDigits[group >> (18 - 6 * j) & 63];
            }
        }
        return result;
    };
    const auto value = [&](const KeyAttribute& attribute) {
        if (attribute.type == "B") return boost::json::object{{"B", base64(text())}};
        return boost::json::object{
            {"N", std::to_string(static_cast<std::int64_t>(random.below(5)) - 2)}};
    };
    const KeySchema several{{{"h", "B"}}, {{"r", "B"}, {"s", "N"}, {"t", "B"}}};
    const KeySchema single{{{"h", "B"}}, {{"r", "B"}}};
    using Operator = KeyCondition::Operator;

    int inside = 0;
    for (int i = 0; i < 20000; ++i) {
        const KeySchema& schema = i % 2 ? several : single;
        Item item;
        for (const KeyAttribute& attribute : schema.sort) item[attribute.name] = value(attribute);
        std::vector<KeyCondition> conditions{{"h", Operator::equal, {value(schema.partition[0])}}};
        bool holds = true;
        const std::size_t count = random.below(schema.sort.size()) + 1;
        for (std::size_t j = 0; j < count; ++j) {
            const KeyAttribute& attribute = schema.sort[j];
            const boost::json::object& has = item[attribute.name].as_object();
            // Equal ones mostly with the item's own value, so that some ranges hold it.
            KeyCondition condition{attribute.name, Operator::equal, {}};
            condition.values.push_back(random.below(4) ? has : value(attribute));
            if (j + 1 == count) {
                condition.comparison =
                    static_cast<Operator>(random.below(attribute.type == "B" ? 7 : 6));
                if (random.below(3)) condition.values[0] = value(attribute);
            }
            if (condition.comparison == Operator::between) {
                condition.values.push_back(value(attribute));
                if (compare(condition.values[0], condition.values[1]) > 0) {
                    std::swap(condition.values[0], condition.values[1]);
                }
            }
            const int order = compare(has, condition.values[0]);
            switch (condition.comparison) {
                case Operator::equal:
                    holds = holds && order == 0;
                    break;
                case Operator::less:
                    holds = holds && order < 0;
                    break;
                case Operator::less_or_equal:
                    holds = holds && order <= 0;
                    break;
                case Operator::greater:
                    holds = holds && order > 0;
                    break;
                case Operator::greater_or_equal:
                    holds = holds && order >= 0;
                    break;
                case Operator::between:
                    holds = holds && order >= 0 && compare(has, condition.values[1]) <= 0;
                    break;
                default:
                    holds = holds &&
                            sortable_bytes(has).starts_with(sortable_bytes(condition.values[0]));
            }
            conditions.push_back(std::move(condition));
        }
        partition_of(schema, conditions);
        const auto range = sort_range_of(schema, conditions);
        REQUIRE(range);
        INFO(boost::json::serialize(item) << "\n" << print(conditions));
        REQUIRE(contains(*range, encode_values(schema.sort, item)) == holds);
        inside += holds;
    }
    CHECK(inside > 2000);
}

}  // namespace sbemu::dynamodb
