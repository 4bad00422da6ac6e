// ExecuteStatement with INSERT, UPDATE and DELETE. Texts and answers: facts/dynamodb-kinesis.md
// 1.13 and the recordings of AWS that fakes/dynamodb/partiql/problems.h names.
#include <catch2/catch.hpp>

#include "tests/dynamodb_partiql_tables.h"

namespace sbemu {

namespace {

const std::string kMandatory =
    "Where clause does not contain a mandatory equality on all key attributes";
const std::string kFailed = "ConditionalCheckFailedException: The conditional request failed";
const auto kNoItems = json(R"({"Items": []})");

}  // namespace

TEST_CASE("INSERT", "[dynamodb][partiql][execute-statement]") {
    PartiqlTables cloud;

    SECTION("is refused") {
        const auto [statement, text] = GENERATE(table<std::string, std::string>({
            {"INSERT INTO hash VALUE {'pk': 'x', 'ss': set_add(<<'a'>>, <<'b'>>)}",
             "Unsupported data type: set_add under key root at 1:42:7"},
            {"INSERT INTO numbers VALUE {'pk': 1e126}",
             "Number overflow. Attempting to store a number with magnitude larger than supported "
             "range under root"},
            {"INSERT INTO hash VALUE {'pk': 'x', 's': <<>>}", "Empty bags are not supported"},
            {"INSERT INTO hash VALUE {'n': 1}",
             "One or more parameter values were invalid: Missing the key pk in the item"},
            {"INSERT INTO hash VALUE {'pk': ''}",
             "One or more parameter values are not valid. The AttributeValue for a key attribute "
             "cannot contain an empty string value. Key: pk"},
            {"INSERT INTO indexed.\"gsi-all\" VALUE {'pk': 'w', 'sk': 'w'}",
             "FROM clause may only contain a single table name in data manipulation statements"},
        }));
        INFO(statement);
        CHECK(cloud.refusal(statement) == text);
    }

    SECTION("refuses items above 400 KB") {
        CHECK(cloud.refusal("INSERT INTO hash VALUE {'pk': 'x', 't': ?}",
                            R"("Parameters": [{"S": ")" + std::string(409600, 'x') + R"("}])") ==
              "Item size has exceeded the maximum allowed size");
    }

    SECTION("stores an item, once") {
        CHECK(cloud.run("INSERT INTO \"hash\" value {'pk': 'x', 'n': 1, 'm': {'a': [1, 'b', true]},"
                        " 's': <<'b', 'a'>>, 'z': null, 'q': 'it''s', 'p': ?}",
                        R"("Parameters": [{"B": "AA=="}])") == kNoItems);
        const auto item = json(R"({"pk": {"S": "x"}, "n": {"N": "1"},
            "m": {"M": {"a": {"L": [{"N": "1"}, {"S": "b"}, {"BOOL": true}]}}},
            "s": {"SS": ["a", "b"]}, "z": {"NULL": true}, "q": {"S": "it's"}, "p": {"B": "AA=="}})");
        CHECK(cloud.stored("x") == item);
        CHECK(cloud.error("INSERT INTO hash VALUE {'pk': 'x'}") ==
              "DuplicateItemException: Duplicate primary key exists in table");
        CHECK(cloud.stored("x") == item);
    }
}

TEST_CASE("UPDATE", "[dynamodb][partiql][execute-statement]") {
    PartiqlTables cloud;
    cloud.put("hash", R"({"pk": {"S": "x"}, "n": {"N": "5"}, "s": {"S": "str"},
        "ss": {"SS": ["a", "b", "c"]}, "l": {"L": [{"S": "a"}, {"S": "b"}, {"S": "c"}]},
        "m": {"M": {"sub": {"S": "old"}, "sib": {"S": "keep"}}}})");
    const auto update = [&](const std::string& change, const std::string& rest = "") {
        return cloud.run("UPDATE hash " + change + " WHERE pk = 'x'" + rest);
    };
    const auto refusal = [&](const std::string& change, const std::string& rest = "") {
        return cloud.refusal("UPDATE hash " + change + " WHERE pk = 'x'" + rest);
    };

    SECTION("is refused without the key of one item") {
        const auto [statement, text] = GENERATE(table<std::string, std::string>({
            {"UPDATE hash SET a = 1", kMandatory},
            {"UPDATE hash SET a = 1 WHERE n = 5", kMandatory},
            {"UPDATE hash SET a = 1 WHERE pk IN ['x']", kMandatory},
            {"UPDATE hash SET a = 1 WHERE pk = 'x' OR n = 5", kMandatory},
            {"UPDATE pair SET a = 1 WHERE pk = 'x'", kMandatory},
            {"FROM hash SET c = 1", kMandatory},
            {"FROM hash REMOVE c", kMandatory},
            {"FROM hash WHERE a = 1 SET c = 1", kMandatory},
            {"UPDATE hash SET a = 1 WHERE pk = 'x' AND pk = 'y'",
             "Multiple conditions on same key pk. Only single item Update/Insert/Delete are "
             "supported"},
            {"UPDATE indexed.\"gsi-all\" SET a = 1 WHERE pk = 'p' AND sk = 's1'",
             "This operation is not supported on an index"},
            {"UPDATE none SET a = 1 WHERE pk = 'x'",
             "ResourceNotFoundException: Requested resource not found"},
        }));
        INFO(statement);
        CHECK(cloud.refusal(statement) == text);
    }

    SECTION("is refused for what it sets") {
        const std::string type =
            "Incorrect operand type for operator or function; operator or function: ";
        const std::string first =
            "The first argument to SET_ADD must equal the assignment value at ";
        const std::string second =
            "The second argument to SET_ADD must be a value with type SET at ";
        const std::string wrong = "An operand in the update expression has an incorrect data type";
        const auto [change, text] = GENERATE_COPY(table<std::string, std::string>({
            {"SET t = set_add(ss, <<'x'>>)", first + "1:21:7"},
            {"SET ss = set_add(<<'a'>>, <<'b'>>)", first + "1:22:7"},
            {"SET ss = set_add(ss, 'x')", second + "1:30:2"},
            {"SET ss = set_add(ss, ['x'])", second + "1:30:2"},
            {"\nSET ss = set_add(\"ss\", 'x')", second + "2:18:4"},
            {"SET ss = set_add(ss)", "SET_ADD must have exactly two arguments at 1:22:7"},
            {"SET ss = set_add(ss, <<'x'>>, <<'y'>>)",
             "SET_ADD must have exactly two arguments at 1:22:7"},
            {"SET ss = set_add(ss, <<1>>)", wrong},
            {"SET s = set_add(s, <<'x'>>)", wrong},
            {"SET ss = set_add(ss, <<'x', 'x'>>)",
             "One or more parameter values were invalid: Input collection [x, x] contains "
             "duplicates."},
            {"SET ss = set_add(ss, <<>>)", "Empty bags are not supported"},
            {"SET t = set_delete(ss, <<'a'>>)",
             "The first argument to SET_DELETE must equal the assignment value at 1:21:10"},
            {"SET n = 'a' + 1", type + "+, operand type: S"},
            {"SET n = n - null", type + "-, operand type: NULL"},
            {"SET n = n + [1]", type + "+, operand type: L"},
            {"SET l = list_append(gone, [1])",
             "The provided expression refers to an attribute that does not exist in the item"},
            {"SET newlist[0] = 'x'",
             "The document path provided in the update expression is invalid for update"},
            {"SET n = sqrt(n)", "Unrecognized function: sqrt at 1:21:4"},
            {"SET pk = 'y'",
             "One or more parameter values were invalid: Cannot update attribute pk. This "
             "attribute is part of the key"},
            {R"(SET "" = 1)", "Empty attribute name"},  // assumed: as in INSERT
            {"SET a = 1 SET a = 2",
             "Two document paths overlap with each other; must remove or rewrite one of these "
             "paths; path one: [a], path two: [a]"},
        }));
        INFO(change);
        CHECK(refusal(change) == text);
    }

    SECTION("is refused where the item would nest too deeply") {
        std::string deep = R"({"S": "x"})";
        for (int i = 0; i < 31; ++i) deep = R"({"M": {"a": )" + deep + "}}";
        CHECK(cloud.refusal("UPDATE hash SET m.deep = ? WHERE pk = 'x'",
                            R"("Parameters": [)" + deep + "]") ==
              "Nesting Levels have exceeded supported limits");
    }

    SECTION("needs the item, and what else its WHERE says") {
        const auto before = cloud.stored("x");
        CHECK(cloud.error("UPDATE hash SET a = 1 WHERE pk = 'none'") == kFailed);
        CHECK(cloud.error("UPDATE hash SET a = 1 WHERE pk = 'none' AND attribute_not_exists(pk)") ==
              kFailed);
        CHECK(cloud.error("FROM hash WHERE pk = 'none' SET a = 1") == kFailed);
        CHECK(cloud.error("UPDATE hash SET a = 1 WHERE pk = 'x' AND n = 6") == kFailed);
        CHECK(cloud.error("UPDATE hash SET a = 1 WHERE pk = 'x' AND attribute_exists(gone)") ==
              kFailed);
        CHECK(cloud.stored("none").is_null());
        CHECK(cloud.stored("x") == before);

        const auto failed =
            cloud.call("dynamodb.ExecuteStatement",
                       cloud.request("UPDATE hash SET a = 1 WHERE pk = 'x' AND n = 6",
                                     R"("ReturnValuesOnConditionCheckFailure": "ALL_OLD")"));
        CHECK(std::get<ApiError>(failed.answer).fields.at("Item") == before);
    }

    SECTION("sets and removes") {
        CHECK(update("SET n = n + 100 SET m.added = [2020, 'x', 2.4]"
                     " SET l = LIST_APPEND(l, [4, <<'s'>>]) SET ss = SET_ADD(ss, <<'d'>>)"
                     " REMOVE s",
                     " AND n = 5 AND (s = 'str' OR gone = 1)") == kNoItems);
        CHECK(cloud.stored("x") == json(R"({"pk": {"S": "x"}, "n": {"N": "105"},
            "ss": {"SS": ["a", "b", "c", "d"]},
            "l": {"L": [{"S": "a"}, {"S": "b"}, {"S": "c"}, {"N": "4"}, {"SS": ["s"]}]},
            "m": {"M": {"sub": {"S": "old"}, "sib": {"S": "keep"},
                "added": {"L": [{"N": "2020"}, {"S": "x"}, {"N": "2.4"}]}}}})"));
        update(
            "SET n = n-1, ss = set_delete(ss, <<'a', 'b', 'c', 'd'>>) REMOVE l[0] REMOVE m"
            " SET fresh = set_add(fresh, <<1>>) SET gone = set_delete(gone, <<'a'>>)");
        CHECK(cloud.stored("x") == json(R"({"pk": {"S": "x"}, "n": {"N": "104"},
            "l": {"L": [{"S": "b"}, {"S": "c"}, {"N": "4"}, {"SS": ["s"]}]},
            "fresh": {"NS": ["1"]}})"));
        cloud.run("FROM hash WHERE pk = ? AND n = 104 SET n = n - - 2 REMOVE l",
                  R"("Parameters": [{"S": "x"}])");
        CHECK(cloud.stored("x") ==
              json(R"({"pk": {"S": "x"}, "n": {"N": "106"}, "fresh": {"NS": ["1"]}})"));
    }

    SECTION("answers what it touched") {
        const auto before = cloud.stored("x");
        CHECK(update("SET s = 'new'", " RETURNING MODIFIED OLD *") ==
              json(R"({"Items": [{"s": {"S": "str"}}]})"));
        CHECK(update("SET s = 'str'", " RETURNING MODIFIED NEW *") ==
              json(R"({"Items": [{"s": {"S": "str"}}]})"));
        CHECK(update("SET s = 'str'", " RETURNING ALL OLD *").at("Items").at(0) == before);
        CHECK(update("SET s = 'str'", " returning all new *").at("Items").at(0) == before);
        CHECK(update("SET m.sub = 'new'", " RETURNING MODIFIED NEW *") ==
              json(R"({"Items": [{"m": {"M": {"sub": {"S": "new"}}}}]})"));
        CHECK(update("SET l[2] = 'y', l[0] = 'x'", " RETURNING MODIFIED NEW *") ==
              json(R"({"Items": [{"l": {"L": [{"S": "x"}, {"S": "y"}]}}]})"));
        CHECK(update("SET l[7] = 'z'", " RETURNING MODIFIED NEW *") == kNoItems);
        CHECK(update("REMOVE l[1]", " RETURNING MODIFIED NEW *") ==
              json(R"({"Items": [{"l": {"L": [{"S": "y"}]}}]})"));
        CHECK(update("REMOVE s", " RETURNING MODIFIED NEW *") == kNoItems);
        CHECK(update("SET s = 'new'", " RETURNING MODIFIED OLD *") == kNoItems);
    }

    SECTION("reports what it consumes") {
        CHECK(cloud.run("UPDATE hash SET a = 1 WHERE pk = 'x'",
                        R"("ReturnConsumedCapacity": "TOTAL")") ==
              json(R"({"Items": [], "ConsumedCapacity": {"TableName": "hash",
                  "CapacityUnits": 1}})"));
    }
}

TEST_CASE("DELETE", "[dynamodb][partiql][execute-statement]") {
    PartiqlTables cloud;
    cloud.put("hash", R"({"pk": {"S": "x"}, "name": {"S": "alpha"}})");

    SECTION("is refused") {
        const auto [statement, text] = GENERATE(table<std::string, std::string>({
            {"DELETE FROM hash", kMandatory},
            {"DELETE FROM hash WHERE \"name\" = 'alpha'", kMandatory},
            {"DELETE FROM indexed.\"gsi-all\" WHERE pk = 'p' AND sk = 's1'",
             "This operation is not supported on an index"},
            {"DELETE FROM hash WHERE pk = 'x' RETURNING MODIFIED OLD *",
             "Invalid returning clause: RETURNING MODIFIED OLD *. Only RETURNING ALL OLD * is "
             "allowed in DELETE statements."},
            {"DELETE FROM hash WHERE pk = 'x' RETURNING ALL NEW *",
             "Invalid returning clause: RETURNING ALL NEW *. Only RETURNING ALL OLD * is allowed "
             "in DELETE statements."},
        }));
        INFO(statement);
        CHECK(cloud.refusal(statement) == text);
        CHECK_FALSE(cloud.stored("x").is_null());
    }

    SECTION("fails where the item is not as it says") {
        CHECK(cloud.error("DELETE FROM hash WHERE pk = 'x' AND \"name\" = 'beta'") == kFailed);
        CHECK(cloud.error("DELETE FROM hash WHERE pk = 'x' AND NOT begins_with(\"name\", 'al')") ==
              kFailed);
        CHECK_FALSE(cloud.stored("x").is_null());
    }

    SECTION("takes no token") {
        CHECK(cloud.refusal("DELETE FROM hash WHERE pk = 'x'", R"("NextToken": "token")") ==
              "NextToken does not match request");  // assumed
    }

    SECTION("takes the item away, or nothing") {
        CHECK(cloud.run("DELETE FROM hash WHERE pk = 'none'") == kNoItems);
        CHECK(cloud.run("DELETE FROM hash WHERE pk = 'none' AND \"name\" = 'x'") == kNoItems);
        CHECK(cloud.run("DELETE FROM hash WHERE pk = 'none' RETURNING ALL OLD *") == kNoItems);
        CHECK(cloud.run("DELETE FROM hash WHERE pk = 'x' AND \"name\" = 'alpha'"
                        " RETURNING ALL OLD *") ==
              json(R"({"Items": [{"pk": {"S": "x"}, "name": {"S": "alpha"}}]})"));
        CHECK(cloud.stored("x").is_null());
    }
}

}  // namespace sbemu
