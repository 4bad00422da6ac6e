// BatchExecuteStatement. Texts and answers: facts/dynamodb-kinesis.md 1.13 and the recordings of
// AWS that fakes/dynamodb/partiql/problems.h names.
#include <catch2/catch.hpp>

#include "tests/dynamodb_partiql_tables.h"

namespace sbemu {

namespace {

const std::string kKeyOnly =
    "Select statements within BatchExecuteStatement must specify the primary key in the where "
    "clause.";

struct Batches : PartiqlTables {
    Batches() {
        put("hash", R"({"pk": {"S": "a"}, "v": {"S": "one"}})");
        put("hash", R"({"pk": {"S": "b"}, "v": {"S": "two"}})");
        put("pair", R"({"pk": {"S": "p"}, "sk": {"S": "1"}, "v": {"S": "three"}})");
    }
    // Each statement with members of its own: {"UPDATE ...", R"("Parameters": [...])"}.
    using Entries = std::vector<std::pair<std::string, std::string>>;
    static std::string batch(const Entries& entries, const std::string& more = "") {
        std::string text;
        for (const auto& [statement, members] : entries) {
            text += (text.empty() ? "" : ", ") + request(statement, members);
        }
        return R"({"Statements": [)" + text + "]" + more + "}";
    }
    boost::json::value run_batch(const Entries& entries, const std::string& more = "") {
        return result("dynamodb.BatchExecuteStatement", batch(entries, more));
    }
    // The one entry's answer.
    boost::json::value answer(const std::string& statement, const std::string& members = "") {
        return run_batch({{statement, members}}).at("Responses").at(0);
    }
    static boost::json::value failed(const std::string& code, const std::string& message) {
        return boost::json::object{{"Error", {{"Code", code}, {"Message", message}}}};
    }
};

}  // namespace

TEST_CASE("BatchExecuteStatement", "[dynamodb][partiql][batch-execute-statement]") {
    Batches cloud;

    SECTION("refuses requests") {
        const auto refusal = [&](const std::string& request) {
            return error_of(cloud.call("dynamodb.BatchExecuteStatement", request));
        };
        CHECK(refusal(R"({"Statements": []})") ==
              "ValidationException: 1 validation error detected: Value '[]' at 'statements' failed "
              "to satisfy constraint: Member must have length greater than or equal to 1");
        CHECK(refusal(cloud.batch({{"SELECT * FROM hash WHERE pk = 'a'", ""},
                                   {"DELETE FROM hash WHERE pk = 'a'", ""}})) ==
              "ValidationException: BatchExecuteStatement API does not support both read and write "
              "operations in the same request.");
        CHECK_FALSE(cloud.stored("a").is_null());
    }

    SECTION("refuses statements, each for itself") {
        const auto [statement, members, text] =
            GENERATE(table<std::string, std::string, std::string>({
                {"SLECT * FROM hash", "",
                 "Statement wasn't well formed, can't be processed: Expected data manipulation"},
                {"SELECT * FROM hash WHERE", "",
                 "Statement wasn't well formed, can't be processed: Unexpected term"},
                {"SELECT * FROM hash", "", kKeyOnly},
                {"SELECT * FROM hash WHERE v = 'one'", "", kKeyOnly},
                {"SELECT * FROM hash WHERE pk = 'a' AND v = 'one'", "", kKeyOnly},
                {"SELECT * FROM hash WHERE pk = 'a' AND attribute_exists(v)", "", kKeyOnly},
                {"SELECT * FROM pair WHERE pk = 'p'", "", kKeyOnly},
                {"SELECT * FROM pair WHERE pk = 'p' AND sk = '1' AND pk = 'q'", "", kKeyOnly},
                {"SELECT * FROM pair WHERE pk = 'p' AND sk > '0'", "", kKeyOnly},
                {"SELECT * FROM indexed.\"gsi-all\" WHERE gsiPk = 'x'", "", kKeyOnly},
                {"SELECT * FROM indexed.\"gsi-all\" WHERE pk = 'p' AND sk = '1' AND gsiPk = 'x'",
                 "", kKeyOnly},
                {"SELECT * FROM hash WHERE pk = ?", R"("Parameters": [{"N": "1e99999999999"}])",
                 "The parameter cannot be converted to a numeric value: 1e99999999999"},
                {"UPDATE hash SET v = 1 WHERE v = 'one'", "",
                 "Where clause does not contain a mandatory equality on all key attributes"},
                {"DELETE FROM hash WHERE pk = 'a' RETURNING MODIFIED OLD *", "",
                 "Invalid returning clause: RETURNING MODIFIED OLD *. Only RETURNING ALL OLD * is "
                 "allowed in DELETE statements."},
                {"EXISTS(SELECT * FROM hash WHERE pk = 'a' AND v IS MISSING)", "",
                 "EXISTS can only be used in ExecuteTransaction write requests."},
            }));
        INFO(statement);
        CHECK(cloud.answer(statement, members) == cloud.failed("ValidationError", text));
        CHECK(cloud.answer("SELECT * FROM none WHERE pk = 'x'") ==
              cloud.failed("ResourceNotFound", "Requested resource not found"));
    }

    SECTION("tells the table of statements that ran and failed") {
        const auto with_table = [](boost::json::value answer) {
            answer.as_object()["TableName"] = "hash";
            return answer;
        };
        CHECK(cloud.answer("UPDATE hash SET t = 1 WHERE pk = 'a' AND v = 'wrong'") ==
              with_table(cloud.failed("ConditionalCheckFailed", "The conditional request failed")));
        CHECK(cloud.answer("INSERT INTO hash VALUE {'pk': 'a'}") ==
              with_table(cloud.failed("DuplicateItem", "Duplicate primary key exists in table")));
    }

    SECTION("reads items in order, and goes on where a statement fails") {
        CHECK(cloud.run_batch({{"SELECT v FROM hash WHERE pk = 'b'", ""},
                               {"SELECT * FROM hash WHERE v = 'nope'", ""},
                               {"SELECT * FROM hash WHERE pk = 'none'", ""},
                               {"SELECT sk FROM pair WHERE sk = '1' AND pk IN ['p']", ""}}) ==
              boost::json::object{
                  {"Responses",
                   {json(R"({"TableName": "hash", "Item": {"v": {"S": "two"}}})"),
                    cloud.failed("ValidationError", kKeyOnly), json(R"({"TableName": "hash"})"),
                    json(R"({"TableName": "pair", "Item": {"sk": {"S": "1"}}})")}}});
    }

    SECTION("writes items, and answers what they return") {
        CHECK(
            cloud.run_batch({{"INSERT INTO hash VALUE {'pk': 'c'}", ""},
                             {"UPDATE hash SET v = 'new' WHERE pk = 'a' RETURNING ALL NEW *", ""},
                             {"FROM hash WHERE pk = ? SET w = 1", R"("Parameters": [{"S": "c"}])"},
                             {"UPDATE hash REMOVE v WHERE pk = 'a' RETURNING MODIFIED NEW *", ""},
                             {"DELETE FROM hash WHERE pk = 'b' RETURNING ALL OLD *", ""}}) ==
            json(R"({"Responses": [{"TableName": "hash"},
                  {"TableName": "hash", "Item": {"pk": {"S": "a"}, "v": {"S": "new"}}},
                  {"TableName": "hash"}, {"TableName": "hash"},
                  {"TableName": "hash", "Item": {"pk": {"S": "b"}, "v": {"S": "two"}}}]})"));
        CHECK(cloud.stored("a") == json(R"({"pk": {"S": "a"}})"));
        CHECK(cloud.stored("b").is_null());
        CHECK(cloud.stored("c") == json(R"({"pk": {"S": "c"}, "w": {"N": "1"}})"));
    }

    SECTION("adds up what each table consumes") {
        const std::string total = R"(, "ReturnConsumedCapacity": "TOTAL")";
        const std::string consistent = R"("ConsistentRead": true)";
        CHECK(cloud
                  .run_batch({{"SELECT * FROM hash WHERE pk = 'a'", consistent},
                              {"SELECT * FROM hash WHERE pk = 'b'", ""},
                              {"SELECT * FROM pair WHERE pk = 'p' AND sk = '1'", ""}},
                             total)
                  .at("ConsumedCapacity") == json(R"([{"TableName": "hash", "CapacityUnits": 1.5},
                       {"TableName": "pair", "CapacityUnits": 0.5}])"));
    }
}

}  // namespace sbemu
