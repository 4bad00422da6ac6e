// ExecuteStatement with SELECT. Texts and answers: facts/dynamodb-kinesis.md 1.13 and the
// recordings of AWS that fakes/dynamodb/partiql/problems.h names.
#include <catch2/catch.hpp>

#include "tests/dynamodb_partiql_tables.h"

namespace sbemu {

namespace {

const std::string kOverlapping =
    "Overlapping conditions with range keys are not supported in where clause";
const std::string kMismatch =
    "Key attribute's data type should match its data type in table's schema: Key ";

// "pair" has o/1 o/2 o/3 p/1 p/2 p/3; "indexed" what the recordings of index reads have.
struct Filled : PartiqlTables {
    Filled() {
        for (const std::string pk : {"o", "p"}) {
            for (const std::string sk : {"1", "2", "3"}) {
                put("pair", R"({"pk": {"S": ")" + pk + R"("}, "sk": {"S": ")" + sk +
                                R"("}, "at": {"S": ")" + pk + sk + R"("}})");
            }
        }
        put("hash", R"({"pk": {"S": "h"}, "n": {"N": "5"}, "m": {"M": {"nested": {"S": "deep"},
            "k": {"L": [{"S": "zero"}, {"S": "one"}]}}}, "l": {"L": [{"S": "first"}]}})");
        indexed("p", "s1", R"("gsiPk": {"S": "x"}, "gsiPk2": {"S": "y"}, "lsiSk": {"S": "l1"},
            "projattr": {"S": "proj1"}, "nonproj": {"S": "np1"})");
        indexed("p", "s2", R"("gsiPk": {"S": "z"}, "gsiPk2": {"S": "y"}, "lsiSk": {"S": "l2"},
            "projattr": {"S": "proj2"}, "nonproj": {"S": "np2"})");
        indexed("p", "s3", R"("nonproj": {"S": "np3"})");
        indexed("p", "s4", R"("gsiPk": {"S": "x"}, "gsiPk2": {"S": "y"}, "lsiSk": {"S": "l4"},
            "projattr": {"S": "proj4"}, "nonproj": {"S": "np4"})");
        indexed("q", "s5", R"("gsiPk2": {"S": "y2"}, "projattr": {"S": "proj5"},
            "nonproj": {"S": "np5"})");
    }
    void indexed(const std::string& pk, const std::string& sk, const std::string& rest) {
        put("indexed",
            R"({"pk": {"S": ")" + pk + R"("}, "sk": {"S": ")" + sk + R"("}, )" + rest + "}");
    }
    // The places of the items of "pair" that the condition chooses.
    std::string at(const std::string& where, const std::string& more = "") {
        return column("at", "SELECT \"at\" FROM pair WHERE " + where, more);
    }
    std::string pair_refusal(const std::string& where) {
        return refusal("SELECT \"at\" FROM pair WHERE " + where);
    }
    std::string sk(const std::string& index, const std::string& where) {
        return column("sk", "SELECT sk FROM indexed.\"" + index + "\"" + where);
    }
    std::string index_refusal(const std::string& columns, const std::string& index,
                              const std::string& where = "", const std::string& more = "") {
        return refusal("SELECT " + columns + " FROM indexed.\"" + index + "\"" + where, more);
    }
};

std::string values(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) {
        text += (i == 0 ? "'v" : ", 'v") + std::to_string(i) + "'";
    }
    return text;
}

}  // namespace

TEST_CASE("SELECT answers errors", "[dynamodb][partiql][execute-statement]") {
    Filled cloud;

    SECTION("of the model") {
        CHECK(cloud.refusal("SELECT * FROM hash", R"("Parameters": [])") ==
              "1 validation error detected: Value '[]' at 'parameters' failed to satisfy "
              "constraint: Member must have length greater than or equal to 1");
    }

    SECTION("of the table, after those of the syntax") {
        CHECK(cloud.error("SELECT * FROM none WHERE pk = 'x'") ==
              "ResourceNotFoundException: Requested resource not found");
        CHECK(cloud.refusal("SELECT * FROM none WHERE pk = 'x' AND v < ?",
                            R"("Parameters": [{"BOOL": true}])") ==
              "Incorrect operand type for operator or function; operator or function: <, operand "
              "type: BOOL");
        CHECK(cloud.refusal("SELECT * FROM none WHERE") ==
              "Statement wasn't well formed, can't be processed: Unexpected term");
    }

    SECTION("of values that no key can have (assumed: as in Query)") {
        const std::string invalid = "One or more parameter values were invalid: ";
        CHECK(cloud.refusal("SELECT * FROM pair WHERE pk = '" + std::string(2049, 'x') + "'") ==
              invalid + "Size of hashkey has exceeded the maximum size limit of2048 bytes");
        CHECK(cloud.refusal("SELECT * FROM pair WHERE pk = 'x' AND sk > '" +
                            std::string(1025, 'x') + "'") ==
              invalid +
                  "Aggregated size of all range keys has exceeded the size limit of 1024 bytes");
    }

    SECTION("of the columns and clauses") {
        const auto [statement, text] = GENERATE(table<std::string, std::string>({
            {"SELECT attribute_exists(ss) FROM hash", "Unexpected path component at 1:8:16"},
            {"SELECT COUNT(*) FROM hash", "Unexpected path component at 1:8:5"},
            {"SELECT l[-1] FROM hash",
             "List index is not within the allowable range; index: [-1] at 1:11:1"},
            {"SELECT s, m.s FROM hash", "Duplicate identifiers in select clause: s"},
            {"SELECT id FROM hash LIMIT 5", "Unsupported clause: LIMIT at 1:27:1"},
            {"SELECT pk FROM pair ORDER BY sk",
             "Must have WHERE clause in the statement when using ORDER BY clause."},
            {"SELECT pk FROM pair WHERE pk = 'o' ORDER BY Total DESC",
             "Attribute Total in ORDER BY clause must be part of the primary key"},
            {"SELECT pk FROM pair WHERE pk > 'a' ORDER BY sk",
             "Must have at least one non-optional hash key condition in WHERE clause when using "
             "ORDER BY clause."},
            {"SELECT pk FROM pair WHERE pk IN ['o', 'p'] ORDER BY sk DESC",
             "Must have hash key in ORDER BY clause when more than one hash key condition "
             "specified in WHERE clause."},
            {"EXISTS(SELECT * FROM hash WHERE pk = 'x' AND a IS MISSING)",
             "EXISTS can only be used in ExecuteTransaction write requests."},
        }));
        INFO(statement);
        CHECK(cloud.refusal(statement) == text);
    }

    SECTION("of the keys in the condition") {
        const auto [where, text] = GENERATE(table<std::string, std::string>({
            {"pk IN ['o', 'o']", kOverlapping},
            {"pk = 'o' OR pk = 'o'", kOverlapping},
            {"pk = 'o' AND (sk > '0' OR sk < '5')", kOverlapping},
            {"pk = 'o' AND (sk = '1' OR at2 = 'two')", kOverlapping},
            {"(pk = 'o' AND a = 'one') OR (pk = 'o' AND a = 'two')", kOverlapping},
            {"pk = 'o' AND x = '1' OR pk = 'o' AND sk = '2'", kOverlapping},
            {"pk = 'o' AND x <> '1' OR pk = 'o' AND sk = '2'", kOverlapping},
            {"pk = 1 OR pk = 'o'", kMismatch + "pk"},
            {"pk = 'o' AND sk IN ['1', 2]", kMismatch + "sk"},
            {"pk = 'o' AND 1 < sk", kMismatch + "sk"},
            {"pk IN [" + values(51) + "]",
             "Too many decomposed read operations for a given query."},
            {"pk IN [" + values(26) + "] AND sk IN ['1', '2']",
             "Too many decomposed read operations for a given query."},
            {"pk = 'o' AND a IN [" + values(101) + "]",
             "The IN operator is provided with too many operands; number of operands: 101"},
            {"pk.a = 'o'", "none"},
        }));
        INFO(where);
        CHECK(cloud.pair_refusal(where) == text);
    }

    SECTION("of indexes") {
        const std::string filters = "One or more parameter values were invalid: Secondary index ";
        const std::string lacks = " does not project one or more filter attributes: ";
        const std::string keyed = " WHERE gsiPk2 = 'y' AND ";
        CHECK(cloud.index_refusal("*", "none") == "The table does not have the specified index");
        CHECK(cloud.index_refusal("*", "none", "", R"("ConsistentRead": true)") ==
              "The table does not have the specified index");
        CHECK(cloud.index_refusal("*", "gsi-all", "", R"("ConsistentRead": true)") ==
              "Strongly consistent read is not supported on Global Secondary Indexes");
        CHECK(cloud.index_refusal("alternate, mymap.a, pk", "gsi-inc") ==
              "One or more parameter values were invalid: Global secondary index gsi-inc does not "
              "project [alternate, mymap]");
        CHECK(cloud.index_refusal("pk", "gsi-inc", keyed + "nonproj = 'np1'") ==
              filters + "gsi-inc" + lacks + "[nonproj]");
        CHECK(cloud.index_refusal("pk", "lsi-keys", " WHERE pk = 'p' AND nonproj = 'np1'") ==
              filters + "lsi-keys" + lacks + "[nonproj]");
        CHECK(
            cloud.index_refusal("pk", "gsi-inc", keyed + "NOT (nonproj = '1' OR projattr = 'x')") ==
            filters + "gsi-inc" + lacks + "[nonproj]");
        CHECK(cloud.index_refusal("pk", "gsi-inc",
                                  keyed + "b = '1' AND (a = '2' OR projattr = '3')") ==
              filters + "gsi-inc" + lacks + "[a, b]");
        CHECK(cloud.index_refusal("pk", "gsi-inc", keyed + "(zz = '1' OR aa = '2' OR mm = '3')") ==
              filters + "gsi-inc" + lacks + "[zz, aa, mm]");
        CHECK(cloud.index_refusal("pk", "gsi-inc", " WHERE gsiPk2 IN ['y', 'z'] AND zz = '1'") ==
              filters + "gsi-inc" + lacks + "[zz]");
        CHECK(cloud.index_refusal(
                  "pk", "gsi-inc",
                  " WHERE (gsiPk2 = 'b' AND u1 = '1') OR (gsiPk2 = 'q' AND u2 = '1')") ==
              filters + "gsi-inc" + lacks + "[u2]");
    }

    SECTION("of tokens") {
        CHECK(cloud.refusal("SELECT * FROM pair", R"("NextToken": "garbage")") ==
              "Invalid NextToken");
        CHECK(cloud.refusal("SELECT * FROM pair", R"("NextToken": "eyJyZWFkIjp0cnVlfQ==")") ==
              "Invalid NextToken");
        const auto first = cloud.run("SELECT * FROM pair", R"("Limit": 1)");
        const std::string token =
            R"("NextToken": )" + boost::json::serialize(first.at("NextToken"));
        CHECK(cloud.refusal("SELECT sk FROM pair", token) == "NextToken does not match request");
        CHECK(cloud.refusal("SELECT * FROM pair", token) == "none");
    }
}

TEST_CASE("SELECT reads tables", "[dynamodb][partiql][execute-statement]") {
    Filled cloud;

    SECTION("columns by the last name of their path") {
        CHECK(cloud.run("SELECT m.nested, m.k[1], l[-0], m['k'][0], \"m.nested\", gone, n FROM hash"
                        " WHERE pk = 'h'") ==
              json(R"({"Items": [{"nested": {"S": "deep"}, "k[1]": {"S": "one"},
                  "l[0]": {"S": "first"}, "k[0]": {"S": "zero"}, "n": {"N": "5"}}]})"));
        CHECK(cloud.run("SELECT gone FROM hash") == json(R"({"Items": [{}]})"));
    }

    SECTION("by keys and ranges of keys") {
        CHECK(cloud.at("pk = 'o'") == "o1 o2 o3");
        CHECK(cloud.at("'o' = pk AND '1' < sk") == "o2 o3");
        CHECK(cloud.at("pk = 'o' AND sk BETWEEN '1' AND '2'") == "o1 o2");
        CHECK(cloud.at("pk = 'o' AND begins_with(sk, '2')") == "o2");
        CHECK(cloud.at("pk = 'o' AND sk IN ['3', '1']") == "o3 o1");
        CHECK(cloud.at("pk = 'o' AND sk = '1' AND sk > '0'") == "o1");
        CHECK(cloud.at("pk = 'o' AND sk > '0' AND sk <> '1'") == "o2 o3");
        CHECK(cloud.at("pk = 'o' AND NOT sk = '1'") == "o2 o3");
        CHECK(cloud.at("pk = 'o' AND (sk < '2' OR sk > '2' OR sk = '2')") == "o1 o3 o2");
        CHECK(cloud.at("pk = 'o' AND NOT sk = '1' OR pk = 'o' AND sk = '2'") == "o2 o3");
        CHECK(cloud.at("pk = 'o' OR pk = 'o' AND NOT sk = '1'") == "o1 o2 o3");
        CHECK(cloud.at("pk = 'o' AND pk = 'p'") == "");
        CHECK(cloud.at("pk = 'none'") == "");
        CHECK(cloud.at("pk = ? AND sk = ?", R"("Parameters": [{"S": "p"}, {"S": "3"}])") == "p3");
    }

    SECTION("by scans") {
        CHECK(cloud.run("SELECT * FROM pair").at("Items").as_array().size() == 6);
        CHECK(cloud.at("sk = '1' AND pk > 'o'") == "p1");
        CHECK(cloud.at("\"at\" = 'p2' OR pk = 'x'") == "p2");
        CHECK(cloud.at("pk IN [" + values(51) + "] OR \"at\" = 'o3'") == "o3");
        CHECK(cloud.at("pk > 1") == "");
    }

    SECTION("in the order of the keys") {
        CHECK(cloud.at("pk = 'o' ORDER BY sk DESC") == "o3 o2 o1");
        CHECK(cloud.at("pk = 'o' ORDER BY sk") == "o1 o2 o3");
        CHECK(cloud.at("pk = 'o' AND sk IN ['1', '3', '2'] ORDER BY sk DESC") == "o3 o2 o1");
        CHECK(cloud.at("pk = 'o' ORDER BY pk ASC") == "o3 o2 o1");
        CHECK(cloud.at("pk IN ['o', 'p'] ORDER BY pk DESC, sk ASC") == "p1 p2 p3 o1 o2 o3");
    }

    SECTION("page by page") {
        const std::string statement =
            "SELECT \"at\" FROM pair WHERE pk IN ['o', 'p'] ORDER BY pk DESC";
        auto page = cloud.run(statement, R"("Limit": 2)");
        CHECK(cloud.column_of(page, "at") == "p3 p2");
        CHECK(page.at("LastEvaluatedKey") == json(R"({"pk": {"S": "p"}, "sk": {"S": "2"}})"));
        const auto next = [&] {
            return R"("Limit": 2, "NextToken": )" + boost::json::serialize(page.at("NextToken"));
        };
        page = cloud.run(statement, next());
        CHECK(cloud.column_of(page, "at") == "p1 o3");
        page = cloud.run(statement, next());
        CHECK(cloud.column_of(page, "at") == "o2 o1");
        page = cloud.run(statement, next());
        CHECK(page == json(R"({"Items": []})"));
    }

    SECTION("evaluating as many items as the limit, whatever the filter keeps") {
        const auto page = cloud.run("SELECT * FROM pair WHERE nope = 1", R"("Limit": 4)");
        CHECK(page.at("Items").as_array().empty());
        CHECK(page.as_object().contains("NextToken"));
        // One item by its key leaves nothing to go on with.
        const auto point = cloud.run("SELECT * FROM hash WHERE pk = 'h'", R"("Limit": 1)");
        CHECK_FALSE(point.as_object().contains("NextToken"));
    }

    SECTION("in pages of 1 MB") {
        const std::string text(200 * 1024, 'x');
        for (int i = 0; i < 7; ++i) {
            cloud.put("pair", R"({"pk": {"S": "big"}, "sk": {"S": ")" + std::to_string(i) +
                                  R"("}, "text": {"S": ")" + text + R"("}})");
        }
        const std::string statement = "SELECT sk FROM pair WHERE pk = 'big'";
        const auto page = cloud.run(statement, R"("ReturnConsumedCapacity": "TOTAL")");
        CHECK(cloud.column_of(page, "sk") == "0 1 2 3 4 5");
        CHECK(page.at("ConsumedCapacity").at("CapacityUnits") == json("150.5"));
        CHECK(cloud.column("sk", statement,
                           R"("NextToken": )" + boost::json::serialize(page.at("NextToken"))) ==
              "6");
    }

    SECTION("for what they consume") {
        const auto units = [&](const std::string& statement, const std::string& more = "") {
            return cloud.run(statement, R"("ReturnConsumedCapacity": "TOTAL")" + more)
                .at("ConsumedCapacity");
        };
        CHECK(units("SELECT * FROM hash WHERE pk = 'h'") ==
              json(R"({"TableName": "hash", "CapacityUnits": 0.5})"));
        CHECK(units("SELECT * FROM hash WHERE pk = 'h'", R"(, "ConsistentRead": true)") ==
              json(R"({"TableName": "hash", "CapacityUnits": 1})"));
        CHECK(units("SELECT * FROM hash WHERE pk = 'none'") ==
              json(R"({"TableName": "hash", "CapacityUnits": 0.5})"));
    }
}

TEST_CASE("SELECT reads indexes", "[dynamodb][partiql][execute-statement]") {
    Filled cloud;

    SECTION("what they have") {
        CHECK(cloud.sk("gsi-all", " WHERE gsiPk = 'x'") == "s1 s4");
        CHECK(cloud.run("SELECT * FROM indexed.\"gsi-keys\" WHERE gsiPk2 = 'y2'") ==
              json(R"({"Items": [{"pk": {"S": "q"}, "sk": {"S": "s5"}, "gsiPk2": {"S": "y2"}}]})"));
        CHECK(cloud.run("SELECT * FROM indexed.\"gsi-inc\" WHERE gsiPk2 = 'y2'") ==
              json(R"({"Items": [{"pk": {"S": "q"}, "sk": {"S": "s5"}, "gsiPk2": {"S": "y2"},
                  "projattr": {"S": "proj5"}}]})"));
        CHECK(cloud.sk("lsi-keys", " WHERE pk = 'p' AND lsiSk > 'l1'") == "s2 s4");
        CHECK(cloud.sk("lsi-keys", " WHERE pk = 'p' ORDER BY lsiSk DESC") == "s4 s2 s1");
        CHECK(cloud.sk("gsi-inc", " WHERE gsiPk2 = 'y' AND projattr = 'proj1'") == "s1");
    }

    SECTION("as if what they lack were missing") {
        CHECK(cloud.sk("gsi-inc", " WHERE nonproj = 'np1'") == "");
        CHECK(cloud.sk("lsi-keys", " WHERE nonproj = 'np1'") == "");
        CHECK(cloud.sk("gsi-inc", " WHERE NOT nonproj = 'np1' AND pk = 'q'") == "s5");
        CHECK(cloud.sk("gsi-inc", " WHERE (gsiPk2 = 'y' AND nonproj = 'np1') OR (gsiPk2 = 'y2')") ==
              "s5");
        for (const std::string where :
             {"gsiPk2 > 'a' AND zz = '1'", "gsiPk2 = 'y' AND (gsiPk2 = 'z' OR zz = '1')",
              "(gsiPk2 = 'y' AND zz = '1') OR aa = '1'",
              "(gsiPk2 = 'y' AND projattr = '1') OR (gsiPk2 = 'z' AND aa = '1')"}) {
            INFO(where);
            CHECK(cloud.sk("gsi-inc", " WHERE " + where) == "");
        }
    }

    SECTION("and local ones reach the item") {
        CHECK(cloud.column("nonproj", "SELECT nonproj FROM indexed.\"lsi-keys\" WHERE pk = 'p'") ==
              "np1 np2 np4");
    }

    SECTION("page by page") {
        const std::string statement = "SELECT sk FROM indexed.\"gsi-all\" WHERE gsiPk = 'x'";
        const auto page = cloud.run(statement, R"("Limit": 1)");
        CHECK(cloud.column_of(page, "sk") == "s1");
        CHECK(page.at("LastEvaluatedKey") ==
              json(R"({"pk": {"S": "p"}, "sk": {"S": "s1"}, "gsiPk": {"S": "x"}})"));
        const std::string token = R"("NextToken": )" + boost::json::serialize(page.at("NextToken"));
        CHECK(cloud.column("sk", statement, token) == "s4");
        CHECK(cloud.refusal("SELECT sk FROM indexed.\"gsi-inc\" WHERE gsiPk2 = 'y'", token) ==
              "NextToken does not match request");
    }

    SECTION("for what they consume") {
        const auto consumed = [&](const std::string& columns, const std::string& from,
                                  const std::string& more = "") {
            return cloud
                .run("SELECT " + columns + " FROM indexed." + from,
                     R"("ReturnConsumedCapacity": "INDEXES")" + more)
                .at("ConsumedCapacity");
        };
        CHECK(consumed("pk", "\"gsi-all\" WHERE gsiPk = 'x'") ==
              json(R"({"TableName": "indexed", "CapacityUnits": 0.5, "Table": {"CapacityUnits": 0},
                  "GlobalSecondaryIndexes": {"gsi-all": {"CapacityUnits": 0.5}}})"));
        CHECK(consumed("nonproj", "\"lsi-keys\" WHERE pk = 'p'", R"(, "ConsistentRead": true)") ==
              json(R"({"TableName": "indexed", "CapacityUnits": 4, "Table": {"CapacityUnits": 3},
                  "LocalSecondaryIndexes": {"lsi-keys": {"CapacityUnits": 1}}})"));
    }
}

}  // namespace sbemu
