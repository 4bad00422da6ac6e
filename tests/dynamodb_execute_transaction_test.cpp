// ExecuteTransaction. Texts and answers: facts/dynamodb-kinesis.md 1.13 and the recordings of AWS
// that fakes/dynamodb/partiql/problems.h names.
#include <catch2/catch.hpp>

#include "tests/dynamodb_partiql_tables.h"

namespace sbemu {

namespace {

const std::string kInFirst = "ValidationException: Validation failed in TransactStatements[0]: ";
const std::string kInSecond = "ValidationException: Validation failed in TransactStatements[1]: ";
const std::string kKeyOnly =
    "Select statements within ExecuteTransaction must specify the primary key in the where clause.";
const std::string kCancelled =
    "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for "
    "specific reasons ";

struct Transactions : PartiqlTables {
    Transactions() {
        put("hash", R"({"pk": {"S": "a"}, "n": {"N": "1"}})");
        put("pair", R"({"pk": {"S": "p"}, "sk": {"S": "1"}, "flag": {"S": "right"}})");
    }
    static std::string transaction(const std::vector<std::string>& statements,
                                   const std::string& more = "") {
        std::string text;
        for (const std::string& statement : statements) {
            text += (text.empty() ? "" : ", ") + request(statement);
        }
        return R"({"TransactStatements": [)" + text + "]" + more + "}";
    }
    boost::json::value run_all(const std::vector<std::string>& statements,
                               const std::string& more = "") {
        return result("dynamodb.ExecuteTransaction", transaction(statements, more));
    }
    std::string refusal_of(const std::vector<std::string>& statements) {
        return error_of(call("dynamodb.ExecuteTransaction", transaction(statements)));
    }
    boost::json::value reasons(const std::vector<std::string>& statements) {
        const Applied applied = call("dynamodb.ExecuteTransaction", transaction(statements));
        return std::get<ApiError>(applied.answer).fields.at("CancellationReasons");
    }
};

}  // namespace

TEST_CASE("ExecuteTransaction", "[dynamodb][partiql][execute-transaction]") {
    Transactions cloud;

    SECTION("refuses what its statements alone tell") {
        const auto [statement, text] = GENERATE(table<std::string, std::string>({
            {"SELECT * FROM hash WHERE",
             "Statement wasn't well formed, can't be processed: Unexpected term"},
            {"UPDATE hash SET n = 2 WHERE pk = 'a' RETURNING ALL NEW *",
             "RETURNING clause is not supported in ExecuteTransaction."},
            {"SELECT * FROM indexed.\"gsi-all\" WHERE gsiPk = 'x'",
             "Reads on indices are not supported within transactions."},
            {"SELECT * FROM hash WHERE pk = 'a' AND attribute_exists(n)", kKeyOnly},
            {"SELECT * FROM pair WHERE pk = 'p'", kKeyOnly},
            {"SELECT * FROM pair WHERE pk = 'p' AND sk = '1' AND flag = 'right'", kKeyOnly},
            {"SELECT * FROM pair WHERE pk = 'p' AND sk = '1' AND pk = 'q'", kKeyOnly},
            {"SELECT * FROM pair WHERE pk IN ['q'] AND pk = 'p' AND sk = '1'", kKeyOnly},
            {"SELECT * FROM pair WHERE pk IN ['p', 'p'] AND sk = '1'",
             "Overlapping conditions with range keys are not supported in where clause"},
            {"EXISTS(SELECT * FROM hash WHERE pk = 'a')",
             "EXISTS() must contain a single item read with additional condition"},
            {"EXISTS(SELECT * FROM pair WHERE pk IN ['p'] AND sk = '1' AND flag = 'right')",
             "EXISTS() must contain a single item read with additional condition"},
            {"UPDATE hash SET n = n + [1] WHERE pk = 'a'",
             "Incorrect operand type for operator or function; operator or function: +, operand "
             "type: L"},
            {"INSERT INTO hash VALUE {'pk': 'x', 'x': [<<'a', 'a'>>]}",
             "One or more parameter values were invalid: Input collection [a, a] contains "
             "duplicates."},
        }));
        INFO(statement);
        CHECK(cloud.refusal_of({statement}) == kInFirst + text);
    }

    SECTION("refuses requests") {
        const std::string read = "SELECT * FROM hash WHERE pk = 'a'";
        const std::string write = "UPDATE hash SET n = 2 WHERE pk = 'a'";
        CHECK(
            error_of(cloud.call("dynamodb.ExecuteTransaction", R"({"TransactStatements": []})")) ==
            "ValidationException: 1 validation error detected: Value '[]' at "
            "'transactStatements' failed to satisfy constraint: Member must have length greater "
            "than or equal to 1");
        CHECK(cloud.refusal_of({read, write}) ==
              "ValidationException: ExecuteTransaction API does not support both read and write "
              "operations in the same request.");
        const std::string twice =
            "ValidationException: Transaction request cannot include multiple operations on one "
            "item";
        CHECK(cloud.refusal_of({read, "SELECT n FROM hash WHERE pk IN ['a']"}) == twice);
        CHECK(cloud.refusal_of({write, "DELETE FROM hash WHERE pk = 'a'"}) == twice);
        // Parameters come first, and their errors name no statement.
        CHECK(error_of(cloud.call("dynamodb.ExecuteTransaction",
                                  R"({"TransactStatements": [{"Statement": "SELECT"},
                     {"Statement": "x", "Parameters": [{"N": "1e99999999999"}]}]})")) ==
              "ValidationException: The parameter cannot be converted to a numeric value: "
              "1e99999999999");
    }

    SECTION("is cancelled for tables that are not there") {
        const std::string missing = "UPDATE none SET a = 1 WHERE pk = 'x'";
        CHECK(cloud.refusal_of(
                  {missing + " RETURNING ALL NEW *", "UPDATE hash SET n = 2 WHERE pk = 'a'"}) ==
              kCancelled + "[ResourceNotFound, None]");
        CHECK(cloud.reasons({missing, "UPDATE hash SET n = 2 WHERE pk = 'a'"}) ==
              json(R"([{"Code": "ResourceNotFound", "Message": "Requested resource not found"},
                       {"Code": "None"}])"));
        CHECK(cloud.refusal_of(
                  {missing, "UPDATE hash SET n = 2 WHERE pk = 'a' RETURNING ALL NEW *"}) ==
              kInSecond + "RETURNING clause is not supported in ExecuteTransaction.");
        CHECK(cloud.refusal_of(
                  {"SELECT * FROM hash WHERE pk = 'a'", "SELECT * FROM none.idx WHERE pk = 'x'"}) ==
              kCancelled + "[None, ResourceNotFound]");
    }

    SECTION("is cancelled where a statement names not one item") {
        const std::string update = "UPDATE pair SET a = 1 WHERE ";
        const std::string mismatch = "The provided key element does not match the schema";
        const auto reasons = cloud.reasons(
            {update + "pk = 'p'", update + "pk IN ['p'] AND sk = '1'",
             update + "pk = 'p' AND sk = '1' AND pk = 'q'", update + "pk = 'p' AND sk = 1",
             update + "pk = 'p' AND sk = '1'", "INSERT INTO pair VALUE {'pk': 'p'}"});
        for (std::size_t i = 0; i < 4; ++i) {
            CHECK(reasons.at(i) ==
                  json(R"({"Code": "ValidationError", "Message": ")" + mismatch + R"("})"));
        }
        CHECK(reasons.at(4) == json(R"({"Code": "None"})"));
        CHECK(reasons.at(5).at("Message") ==
              "One or more parameter values were invalid: Missing the key sk in the item");
        const std::string read = "SELECT * FROM pair WHERE pk = 'p' AND sk = '1'";
        CHECK(cloud.refusal_of({read, read, "SELECT * FROM pair WHERE pk = 1 AND sk = '1'"}) ==
              kCancelled + "[None, None, ValidationError]");
    }

    SECTION("is cancelled by conditions, all of which it tells") {
        const auto request = cloud.transaction(
            {"EXISTS(SELECT * FROM pair WHERE pk = 'p' AND sk = '1' AND flag IS MISSING)",
             "INSERT INTO hash VALUE {'pk': 'a'}", "INSERT INTO hash VALUE {'pk': 'new'}",
             "UPDATE hash SET n = 1 WHERE pk = 'none'"});
        const Applied applied = cloud.call("dynamodb.ExecuteTransaction", request);
        CHECK(error_of(applied) ==
              kCancelled + "[ConditionalCheckFailed, DuplicateItem, None, ConditionalCheckFailed]");
        CHECK(std::get<ApiError>(applied.answer).fields.at("CancellationReasons") ==
              json(R"([{"Code": "ConditionalCheckFailed",
                        "Message": "The conditional request failed"},
                       {"Code": "DuplicateItem",
                        "Message": "Duplicate primary key exists in table"},
                       {"Code": "None"},
                       {"Code": "ConditionalCheckFailed",
                        "Message": "The conditional request failed"}])"));
        CHECK(cloud.stored("new").is_null());
        CHECK(cloud.refusal_of({"EXISTS(SELECT * FROM pair WHERE pk = 'p' AND sk = '1'"
                                " AND pk = 'q' AND flag = 'right')",
                                "DELETE FROM hash WHERE pk = 'a'"}) ==
              kCancelled + "[ConditionalCheckFailed, None]");
        CHECK_FALSE(cloud.stored("a").is_null());
    }

    SECTION("reads items in order") {
        CHECK(
            cloud.run_all({"SELECT * FROM hash WHERE pk = 'a'", "SELECT n FROM hash WHERE pk = 'x'",
                           "SELECT flag FROM pair WHERE (sk = '1') AND pk = 'p' AND pk = 'p'"},
                          R"(, "ReturnConsumedCapacity": "TOTAL")") ==
            json(R"({"Responses": [{"Item": {"pk": {"S": "a"}, "n": {"N": "1"}}}, {},
                  {"Item": {"flag": {"S": "right"}}}],
                  "ConsumedCapacity": [
                      {"TableName": "hash", "CapacityUnits": 4, "ReadCapacityUnits": 4},
                      {"TableName": "pair", "CapacityUnits": 2, "ReadCapacityUnits": 2}]})"));
    }

    SECTION("writes all items, once for a token") {
        const std::vector<std::string> statements{
            "EXISTS(SELECT * FROM pair WHERE pk = 'p' AND sk = '1' AND flag = 'right')",
            "UPDATE hash SET n = n + 1 WHERE pk = 'a' AND attribute_exists(n)",
            "INSERT INTO hash VALUE {'pk': 'new'}", "DELETE FROM hash WHERE pk = 'gone'"};
        const std::string token =
            R"(, "ClientRequestToken": "token", "ReturnConsumedCapacity": "TOTAL")";
        CHECK(cloud.run_all(statements, token) == json(R"({"Responses": [], "ConsumedCapacity": [
            {"TableName": "hash", "CapacityUnits": 6, "WriteCapacityUnits": 6},
            {"TableName": "pair", "CapacityUnits": 2, "WriteCapacityUnits": 2}]})"));
        CHECK(cloud.stored("a") == json(R"({"pk": {"S": "a"}, "n": {"N": "2"}})"));
        CHECK(cloud.stored("new") == json(R"({"pk": {"S": "new"}})"));

        const auto again = cloud.run_all(statements, token);
        CHECK(again.at("Responses") == json("[]"));
        CHECK(again.at("ConsumedCapacity").at(1).at("ReadCapacityUnits") == 2);
        CHECK(cloud.stored("a").at("n").at("N") == "2");
        CHECK(error_of(cloud.call("dynamodb.ExecuteTransaction",
                                  cloud.transaction({"DELETE FROM hash WHERE pk = 'a'"}, token)))
                  .starts_with("IdempotentParameterMismatchException"));
    }
}

}  // namespace sbemu
