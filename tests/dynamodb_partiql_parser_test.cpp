// PartiQL statements: what is read, and what is refused with which text. Texts and answers:
// facts/dynamodb-kinesis.md 1.13 and recordings of AWS named there.
#include <catch2/catch.hpp>

#include "fakes/dynamodb/partiql/conditions.h"
#include "fakes/dynamodb/partiql/paths.h"
#include "fakes/dynamodb/partiql/prepared.h"
#include "fakes/dynamodb/partiql/updates.h"
#include "tests/test_cloud.h"

namespace sbemu::dynamodb {

namespace {

const std::string kNotWellFormed = "Statement wasn't well formed, can't be processed: ";

partiql::Parameters parameters_of(const std::string& parameters) {
    if (parameters.empty()) return {};
    return partiql::read_parameters(json(R"({"Parameters": )" + parameters + "}").as_object());
}

partiql::Prepared prepare(const std::string& statement, const std::string& parameters = "") {
    return partiql::prepare(statement, parameters_of(parameters));
}

Node where(const std::string& condition, const std::string& parameters = "") {
    const partiql::Prepared prepared = prepare("SELECT * FROM t WHERE " + condition, parameters);
    return partiql::condition_of(*prepared.statement.select->where, prepared.parameters);
}

template <class Read>
std::string refusal(Read read) {
    try {
        read();
    } catch (const ApiError& error) {
        return error.what();
    }
    return "none";
}

std::string refusal_of(const std::string& statement) {
    return refusal([&] { prepare(statement); });
}

std::string refusal_of_condition(const std::string& condition, const std::string& parameters = "") {
    return refusal([&] { where(condition, parameters); });
}

boost::json::value value(const std::string& literal) {
    const partiql::Prepared prepared = prepare("SELECT * FROM t WHERE a = " + literal);
    return partiql::value_of(prepared.statement.select->where->children[1], {});
}

std::string refusal_of_value(const std::string& literal) {
    return refusal([&] { value(literal); });
}

Item item(const std::string& text) { return json(text).as_object(); }

std::string repeated(const std::string& text, int times) {
    std::string result;
    for (int i = 0; i < times; ++i) result += text;
    return result;
}

}  // namespace

TEST_CASE("PartiQL statements are read", "[dynamodb][partiql]") {
    SECTION("with keywords in any case, comments and a last semicolon") {
        const auto statement = GENERATE(
            as<std::string>(), "SELECT a FROM t WHERE b = 1", "select a from t where b = 1;",
            "SELECT/**/a FROM t -- x\n WHERE b/* c */=1 --",
            "-- first\nSELECT \"a\" FROM \"t\" WHERE \"b\" = 1 /* last */; -- done");
        INFO(statement);
        const auto prepared = prepare(statement);
        CHECK(prepared.table == "t");
        CHECK_FALSE(prepared.index);
        REQUIRE(prepared.statement.select);
        CHECK(prepared.statement.select->columns.size() == 1);
        CHECK(prepared.statement.select->where);
        CHECK(prepared.is_read());
    }

    SECTION("with an index, an order and paths") {
        const auto prepared = prepare(
            R"(SELECT a.b[0], c['d'].e FROM "my.table"."i-1" WHERE a = 1 ORDER BY a DESC, b)");
        CHECK(prepared.table == "my.table");
        CHECK(prepared.index == "i-1");
        const partiql::Select& select = *prepared.statement.select;
        CHECK(partiql::path_of(select.columns[0]).text() == "[a, b, [0]]");
        CHECK(partiql::column_of(partiql::path_of(select.columns[0])) == "b[0]");
        CHECK(partiql::path_of(select.columns[1]).text() == "[c, d, e]");
        CHECK(partiql::column_of(partiql::path_of(select.columns[1])) == "e");
        REQUIRE(select.order.size() == 2);
        CHECK(select.order[0].descending);
        CHECK_FALSE(select.order[1].descending);
    }

    SECTION("UPDATE in both orders, DELETE, INSERT, EXISTS") {
        const auto update = prepare(
            "UPDATE t SET a = 1, b.c = a + 1 REMOVE d[0] SET e = ? WHERE k = 'x' "
            "RETURNING ALL NEW *",
            R"([{"S": "v"}])");
        REQUIRE(update.statement.change);
        CHECK(update.statement.change->assignments.size() == 4);
        CHECK_FALSE(update.statement.change->assignments[2].value);
        CHECK(update.statement.change->returning == "ALL NEW *");
        const auto from_first = prepare("FROM t WHERE k = 'x' SET a = 1 REMOVE b");
        CHECK(from_first.statement.change->assignments.size() == 2);
        CHECK(from_first.statement.change->where);
        const auto remove = prepare("delete from t where k = 'x' returning all old *");
        CHECK(remove.statement.change->deletes);
        CHECK(remove.statement.change->returning == "ALL OLD *");
        CHECK(prepare("INSERT INTO t VALUE {'k': 'x'}").statement.insert);
        const auto exists = prepare("EXISTS(SELECT * FROM t WHERE k = 'x' AND a IS MISSING)");
        CHECK(exists.is_condition_check);
        CHECK_FALSE(exists.is_read());
        CHECK(exists.table == "t");
    }
}

TEST_CASE("PartiQL statements are refused", "[dynamodb][partiql]") {
    SECTION("if they are not well formed") {
        const auto [statement, detail] = GENERATE(table<std::string, std::string>({
            {"SELECT * FROM t WHERE pk = 1 foo", "Unexpected token after expression"},
            {"SELECT * FROM t WHERE pk = 1 e5", "Unexpected token after expression"},
            {"SELECT * FROM t WHERE pk = 1)", "Unexpected token after expression"},
            {"INSERT INTO t VALUE {'pk': 1} foo", "Unexpected token after expression"},
            {"INSERT INTO t u VALUE {'pk': 'x'}", "Unexpected token after expression"},
            {"UPDATE t SET a = 9 WHERE pk = 1 foo", "Unexpected token after expression"},
            {"DELETE FROM t WHERE pk = 1 ORDER BY pk", "Unexpected token after expression"},
            {"SELECT * FROM t ORDER BY pk WHERE pk = 1", "Unexpected token after expression"},
            {"FROM t SET c = 1 WHERE pk = 'x'", "Unexpected token after expression"},
            {"FROM t SET c = 1 WHERE pk = 'x' SET d = 2", "Unexpected token after expression"},
            {"SELECTT * FROMM t", "Unexpected token after expression"},
            {"SELECT a FROM t; SELECT b FROM t", "Unexpected token after expression"},
            {"SELECT * FROM t WHERE pk = 1e2147483648", ""},
            {"SELECT * FROM t WHERE pk = 1e99999999999", ""},
            {"SELECT * FROM t WHERE pk = 1.5e-2147483647", ""},
            {"SELECT * FROM t WHERE pk = 1 # note", ""},
            {"SELECT * FROM t WHERE pk = 1 /* note", ""},
            {"SELECT * FROM t WHERE pk = 'open", ""},
            {"SELECT * FROM t WHERE", "Unexpected term"},
            {"SELECT * FROM t WHERE;", "Unexpected term"},
            {"UPDATE t SET a = 1 WHERE", "Unexpected term"},
            {"DELETE FROM t WHERE", "Unexpected term"},
            {"SELECT * FROM t WHERE NOT", "Unexpected term"},
            {"SELECT * FROM t WHERE (", "Unexpected term"},
            {"SELECT * FROM", "Unexpected term"},
            {"SELECT * FROM t WHERE pk = 'a' AND",
             "Missing right-hand side expression of infix operator"},
            {"SELECT * FROM t WHERE pk = 'a' OR",
             "Missing right-hand side expression of infix operator"},
            {"SELECT * FROM t WHERE ORDER BY pk", "Unexpected keyword"},
            {"SELECT * FROM t WHERE IS NULL", "Unexpected operator"},
            {"SELECT * FROM t WHERE pk = LIKE", "Unexpected operator"},
            {"SELECT * FROM t WHERE pk = 'a' AND x IS FOO", "Expected type name"},
            {"SELECT * FROM t WHERE a.inner = 1", "Invalid path dot component"},
            {"SELECT * FROM t WHERE (a = 1", "Expected RIGHT_PAREN"},
            {"DELETE FROM", "Expected identifier for simple path"},
            {"DELETE FROM;", "Expected identifier for simple path"},
            {"DELETE FROM WHERE pk = 'a'", "Expected identifier for simple path"},
            {"SLECT * FROM t WHERE pk = 'a'", "Expected data manipulation"},
            {"SELEC * FROM t", "Expected data manipulation"},
        }));
        INFO(statement);
        CHECK(refusal_of(statement) == kNotWellFormed + detail);
    }

    SECTION("if they are no statement for one table") {
        const auto [statement, text] = GENERATE(table<std::string, std::string>({
            {"x IS INT4", "Unsupported operation: IsType"},
            {"x IS DOUBLE PRECISION", "Unsupported operation: IsType"},
            {"x IS NOT CHARACTER VARYING", "Unsupported operation: NOT"},
            {"SELECT * FROM t u WHERE pk = 'x'", "Aliasing is not supported"},
            {"SELECT * FROM t AS u WHERE pk = 'x'", "Aliasing is not supported"},
            {"SELECT s AS x FROM t WHERE pk = 'x'", "Aliasing is not supported"},
            {"UPDATE t u SET a = 3 WHERE pk = 'x'", "Aliasing is not supported"},
            {"DELETE FROM t u WHERE pk = 'x'", "Aliasing is not supported"},
            {"SELECT * FROM a.b.c", "A path may contain at most 2 components in the FROM clause"},
            {R"(SELECT * FROM t."")", "Path component cannot be an empty string"},
            {"INSERT INTO t.i VALUE {'pk': 'x'}",
             "FROM clause may only contain a single table name in data manipulation statements"},
            {"SELECT * FROM t WHERE pk = ?",
             "Number of parameters in request and statement don't match."},
        }));
        INFO(statement);
        CHECK(refusal_of(statement) == text);
    }

    SECTION("if they nest without end") {
        CHECK(refusal_of("SELECT * FROM t WHERE a = " + repeated("(", 4000)) == kNotWellFormed);
        CHECK(refusal_of("SELECT * FROM t WHERE a = " + repeated("- ", 4000)) == kNotWellFormed);
        CHECK(refusal_of("SELECT * FROM t WHERE " + repeated("NOT ", 2000) + "a = 1") ==
              kNotWellFormed);
    }
}

TEST_CASE("PartiQL literals are attribute values", "[dynamodb][partiql]") {
    SECTION("of every type but binary") {
        CHECK(value("'it''s'") == json(R"({"S": "it's"})"));
        CHECK(value("7.31E+6") == json(R"({"N": "7310000"})"));
        CHECK(value(".73e1") == json(R"({"N": "7.3"})"));
        CHECK(value("-.73e1") == json(R"({"N": "-7.3"})"));
        CHECK(value("- - 1") == json(R"({"N": "1"})"));
        CHECK(value("-/* c */+5") == json(R"({"N": "-5"})"));
        CHECK(value("TRUE") == json(R"({"BOOL": true})"));
        CHECK(value("null") == json(R"({"NULL": true})"));
        CHECK(value("<<'b', 'a'>>") == json(R"({"SS": ["a", "b"]})"));
        CHECK(value("<<1, 4.5, -2>>") == json(R"({"NS": ["-2", "1", "4.5"]})"));
        CHECK(value("{'m': {'l': [1, 'x', []]}, 'n': {}}") ==
              json(R"({"M": {"m": {"M": {"l": {"L": [{"N": "1"}, {"S": "x"}, {"L": []}]}}},
                             "n": {"M": {}}}})"));
    }

    SECTION("within DynamoDB's limits") {
        const std::string overflow =
            "Number overflow. Attempting to store a number with magnitude larger than supported "
            "range under root";
        CHECK(refusal_of_value("1e126") == overflow);
        CHECK(refusal_of_value("{'x': 1e126}") == overflow + ".x");
        CHECK(refusal_of_value("[1, 1e126]") == overflow + "[1]");
        CHECK(refusal_of_value("1e-131") ==
              "Number underflow. Attempting to store a number with magnitude smaller than "
              "supported range under root");
        CHECK(refusal_of_value("123456789012345678901234567890123456789") ==
              "Attempting to store more than 38 significant digits in a Number under root");
        CHECK(refusal_of_value("<<>>") == "Empty bags are not supported");
        CHECK(refusal_of_value("<<1, 'a'>>") ==
              "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in "
              "bags");
        CHECK(refusal_of_value("<<'a', 'a'>>") ==
              "One or more parameter values were invalid: Input collection [a, a] contains "
              "duplicates.");
        CHECK(refusal_of_value("<<2, 2.0>>") ==
              "One or more parameter values were invalid: Input collection [2, 2.0] contains "
              "duplicates! under root");
        CHECK(refusal_of_value(repeated("{'a':", 32) + "1" + repeated("}", 32)) ==
              "Nesting Levels have exceeded supported limits under root" + repeated(".a", 32));
        CHECK(refusal_of_value(repeated("{'a':", 31) + "1" + repeated("}", 31)) == "none");
        CHECK(refusal([] {
                  const auto prepared = prepare("SELECT * FROM t WHERE x = [?]", R"([{"S": "v"}])");
                  partiql::value_of(prepared.statement.select->where->children[1],
                                    prepared.parameters);
              }) == "Unsupported data type: Parameter under key root[0] at 1:28:1");
    }

    SECTION("and so are parameters, read before the statement") {
        const std::string unconvertible = "The parameter cannot be converted to a numeric value";
        const std::string nested =
            "Nesting Levels have exceeded supported limits: Attributes in the item have nested "
            "levels beyond supported limit";
        const std::string deep =
            repeated(R"({"M": {"n": )", 40) + R"({"S": "leaf"})" + repeated("}}", 40);
        const auto [parameters, text] = GENERATE_COPY(table<std::string, std::string>({
            {R"([{"N": "1e99999999999"}])", unconvertible + ": 1e99999999999"},
            {R"([{"N": "1e-2147483648"}])", unconvertible + ": 1e-2147483648"},
            {R"([{"NS": ["1", "1e2147483648"]}])", unconvertible + ": 1e2147483648"},
            {R"([{"L": [{"N": "1"}, {"N": "abc"}]}])", unconvertible + ": abc"},
            {R"([{"N": ""}])", unconvertible},
            {R"([{"N": "1e2147483647"}])",
             "Number underflow. Attempting to store a number with magnitude smaller than "
             "supported range"},
            {"[" + deep + R"(, {"N": "abc"}])", nested},
            {R"([{"N": "abc"}, )" + deep + "]", unconvertible + ": abc"},
            {R"([{"M": {"bad": {"N": "abc"}, "d": )" + deep + "}}]", unconvertible + ": abc"},
            {R"([{"SS": ["a", "a"]}])",
             "One or more parameter values were invalid: Input collection [a, a] contains "
             "duplicates."},
            {R"([{"NULL": false}])",
             "One or more parameter values were invalid: Null attribute value types must have the "
             "value of true"},
        }));
        INFO(parameters);
        CHECK(refusal([&, given = parameters] { parameters_of(given); }) == text);
    }
}

TEST_CASE("PartiQL conditions", "[dynamodb][partiql]") {
    const Item stored = item(R"({"pk": {"S": "k"}, "s": {"S": "str"}, "n": {"N": "5"},
        "ss": {"SS": ["a", "b"]}, "m": {"M": {"sub": {"L": [{"N": "1"}]}}}, "nul": {"NULL": true},
        "flag": {"BOOL": true}})");

    SECTION("hold") {
        const auto condition = GENERATE(
            as<std::string>(), "n = 5", "5 = n", "n != 4", "n <> 4", "n BETWEEN - 2 AND +5",
            "n NOT BETWEEN 6 AND 7", "n IN [1, 5]", "n IN (5)", "n IN (1, 5)", "n NOT IN [1]",
            "NOT n = 4 AND s = 'str'", "n = 4 OR s = 'str' AND n > 4", "(n = 4 OR n = 5)",
            "attribute_exists(ss)", "ATTRIBUTE_NOT_EXISTS (nope)", "attribute_exists(m.sub[0])",
            "attribute_exists(\"m\"['sub'])", "NOT attribute_exists(m.nope)",
            "attribute_type(ss, 'SS')", "begins_with(s, 'st')", "contains(ss, 'a')", "size(s) = 3",
            "nul IS NULL", "s IS NOT NULL", "nope IS NOT NULL", "nope IS MISSING",
            "s IS NOT MISSING", "flag IS BOOL", "s IS STRING", "n IS NUMERIC", "m IS STRUCT",
            "ss = <<'b', 'a'>>", "m.sub = [1]", "attribute_exists(nope) = false",
            "true = attribute_exists(n)", "attribute_exists(n) <> 1", "(n BETWEEN 0 AND 5) = true",
            "(n = 4 OR s = 'x') = false", "attribute_exists(nope) IN [true, false]",
            "attribute_exists(n) = attribute_exists(s)", "attribute_exists(n) = flag");
        INFO(condition);
        CHECK(holds(where(condition), stored));
    }

    SECTION("do not hold") {
        const auto condition = GENERATE(
            as<std::string>(), "n = '5'", "nope = 1", "n > 5", "s IS BOOL", "nope IS NULL",
            "attribute_exists(nope)", "attribute_exists(n) = 1", "NOT attribute_exists(n) = true",
            "(attribute_exists(n) = true) = false", "attribute_exists(n) = s");
        INFO(condition);
        CHECK_FALSE(holds(where(condition), stored));
    }

    SECTION("take parameters in their order") {
        CHECK(holds(where("n = ? AND s IN [?, 'x']", R"([{"N": "5.0"}, {"S": "str"}])"), stored));
    }

    SECTION("are refused") {
        const std::string type =
            "Incorrect operand type for operator or function; operator or function: ";
        const std::string document =
            "Operator or function requires a document path; operator or function: ";
        const std::string number =
            "Incorrect number of operands for operator or function; operator or function: ";
        const auto [condition, text] = GENERATE_COPY(table<std::string, std::string>({
            {"n < true", type + "<, operand type: BOOL"},
            {"n >= null", type + ">=, operand type: NULL"},
            {"n BETWEEN true AND false", type + "BETWEEN, operand type: BOOL"},
            {"attribute_exists(n) > false", type + ">, operand type: BOOL"},
            {"attribute_type(l, 1)", type + "attribute_type, operand type: N"},
            {"attribute_type(l, 'X')",
             "Invalid attribute type name found; type: X, valid types: "
             "{N,BS,L,B,NULL,M,S,SS,NS,BOOL}"},
            {"attribute_exists('ss')", document + "attribute_exists"},
            {"attribute_exists()", number + "attribute_exists, number of operands: 0"},
            {"attribute_exists(a, b)", number + "attribute_exists, number of operands: 2"},
            {"EXISTS(ss)", "Unrecognized function: exists at 1:23:6"},
            {"set_add(ss, <<'x'>>) = ss", "Unrecognized function: set_add at 1:23:7"},
            {"n > -n", "Unsupported operator in Condition Expression. Operator: -"},
            {"a[-1] = 1", "List index is not within the allowable range; index: [-1] at 1:26:1"},
            {"a[2147483648] = 1",
             "List index is not within the allowable range; index: [2147483648] at 1:25:10"},
            {"x IS INT",
             "Unsupported data type for IS operator: int. Supported data types are "
             "[MISSING, NULL, BOOLEAN, BLOB, STRING, NUMERIC, STRUCT, TUPLE, LIST]"},
            {"n IN [1" + repeated(", 1", 100) + "]",
             "The IN operator is provided with too many operands; number of operands: 101"},
        }));
        INFO(condition);
        CHECK(refusal_of_condition(condition) == text);
    }
}

// Whatever is wrong with a statement has an answer: no crash, no other exception.
TEST_CASE("PartiQL statements with anything missing", "[dynamodb][partiql]") {
    const auto statement = GENERATE(
        as<std::string>(),
        R"(SELECT a.b[0], "c"['d'] FROM "t"."i" WHERE a BETWEEN -1 AND +2.5e1 AND b NOT IN )"
        R"(['x', 'it''s'] OR NOT (c IS NOT MISSING AND size(d) >= 3) ORDER BY a DESC LIMIT 1;)",
        R"(INSERT INTO t VALUE {'k': 'x', 'm': {'a': [1, <<'s'>>, true, null]}, 'n': <<-1, .5>>})",
        R"(UPDATE t SET a = list_append(a, [1]), b.c = b.c - - 1 REMOVE d[2] SET e = )"
        R"(set_add(e, <<1>>) WHERE k = 'x' AND attribute_type(z, 'S') RETURNING MODIFIED OLD *)",
        R"(EXISTS(SELECT * FROM t WHERE k = 'x' AND a IS DOUBLE PRECISION))",
        R"(FROM t WHERE begins_with(k, 'x') /* c */ SET a = `ion` -- end)");
    const auto attempt = [](const std::string& text) {
        try {
            const auto prepared = prepare(text);
            if (prepared.statement.select && prepared.statement.select->where) {
                partiql::condition_of(*prepared.statement.select->where, {});
            }
            if (prepared.statement.change) {
                partiql::update_of(prepared.statement.change->assignments, {});
            }
        } catch (const ApiError& error) {
            CHECK(error.code == "ValidationException");
        }
    };
    for (std::size_t i = 0; i < statement.size(); ++i) {
        attempt(statement.substr(0, i));
        attempt(statement.substr(i));
        for (const std::size_t size : {1U, 3U, 9U}) attempt(std::string(statement).erase(i, size));
        for (const char* inserted : {"(", "]", "'", "\"", ",", " not ", "*", ".", "?", "\xff"}) {
            attempt(std::string(statement).insert(i, inserted));
        }
    }
}

}  // namespace sbemu::dynamodb
