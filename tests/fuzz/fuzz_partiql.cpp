// A statement, with as many parameters as it has question marks, on a table with two items: alone,
// in a batch and in a transaction.
#include <boost/json.hpp>
#include <string>

#include "fakes/dynamodb/partiql/parser.h"
#include "tests/fuzz/fuzzed_request.h"
#include "tests/fuzz/fuzzed_tables.h"

namespace sbemu::dynamodb {

namespace {

boost::json::array only(const boost::json::object& statement) {
    boost::json::array statements;
    statements.push_back(statement);
    return statements;
}

boost::json::array parameters_for(std::size_t count) {
    static const boost::json::array kValues = sbemu::parse_json(R"([{"S": "k"}, {"N": "1"},
        {"L": [{"N": "1"}]}, {"SS": ["x", "y"]}, {"B": "AA=="}, {"M": {"a": {"NULL": true}}},
        {"BOOL": true}])")
                                                  .as_array();
    boost::json::array parameters;
    for (std::size_t i = 0; i < count; ++i) parameters.push_back(kValues[i % kValues.size()]);
    return parameters;
}

// A request's text is UTF-8 once the wire has read it.
bool is_text(std::string_view bytes) {
    boost::system::error_code error;
    sbemu::parse_json(boost::json::serialize(boost::json::string(bytes)), error);
    return !error;
}

void put_items(FuzzedTables& tables) {
    for (const char* item : {R"({"p": {"S": "k"}, "s": {"N": "1"}, "a": {"S": "x"},
                "n": {"N": "2"}, "l": {"L": [{"N": "1"}, {"S": "x"}]}, "ss": {"SS": ["x", "y"]}})",
                             R"({"p": {"S": "k"}, "s": {"N": "2"}, "b": {"B": "AA=="},
                "m": {"M": {"a": {"L": [{"NULL": true}]}}}, "h": {"S": "h"}, "n": {"N": "3"}})"}) {
        tables.call("PutItem", {{"TableName", "tab"}, {"Item", sbemu::parse_json(item)}});
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static FuzzedTables tables;
    const std::string_view text = text_of_fuzzer(data, size);
    if (!is_text(text)) return 0;
    return refusing([&] {
        const std::size_t count = partiql::parse_statement(text).parameters;
        boost::json::object statement{{"Statement", text}};
        if (count > 0) statement["Parameters"] = parameters_for(count);
        put_items(tables);
        tables.call("ExecuteStatement", statement);
        tables.call("BatchExecuteStatement", {{"Statements", only(statement)}});
        boost::json::object first_page = statement;
        first_page["Limit"] = 1;
        const auto page = tables.call("ExecuteStatement", first_page);
        if (page && page->contains("NextToken")) {
            first_page["NextToken"] = page->at("NextToken");
            if (!tables.call("ExecuteStatement", first_page)) found("its own token is refused");
        }
        tables.call("ExecuteTransaction", {{"TransactStatements", only(statement)}});
        tables.check_rows();
        tables.forget();
    });
}

}  // namespace sbemu::dynamodb
