// The parameters that expressions replaced: Expected, AttributeUpdates, KeyConditions, QueryFilter,
// ScanFilter, ConditionalOperator, AttributesToGet. The text is an object of them; each operation
// gets those that it has.
#include <boost/json.hpp>
#include <initializer_list>

#include "tests/fuzz/fuzzed_request.h"
#include "tests/fuzz/fuzzed_tables.h"

namespace sbemu::dynamodb {

namespace {

void send(FuzzedTables& tables, std::string_view operation, std::string_view request,
          const boost::json::object& given, std::initializer_list<std::string_view> members) {
    boost::json::object full = sbemu::parse_json(request).as_object();
    for (const std::string_view member : members) {
        if (const auto* value = given.if_contains(member)) full[member] = *value;
    }
    tables.call(operation, full);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static FuzzedTables tables;
    boost::system::error_code error;
    const boost::json::value text = sbemu::parse_json(text_of_fuzzer(data, size), error);
    if (error || !text.is_object()) return 0;
    const boost::json::object& given = text.as_object();
    send(tables, "PutItem", R"({"TableName": "tab", "Item": {"p": {"S": "k"}, "s": {"N": "1"},
        "a": {"S": "x"}, "n": {"N": "2"}, "l": {"L": [{"N": "1"}]}, "ss": {"SS": ["x", "y"]},
        "b": {"B": "AA=="}, "m": {"M": {"a": {"NULL": true}}}}})",
         {}, {});
    const char* one = R"({"TableName": "tab", "Key": {"p": {"S": "k"}, "s": {"N": "1"}}})";
    send(tables, "UpdateItem", one, given,
         {"AttributeUpdates", "Expected", "ConditionalOperator", "ReturnValues"});
    send(tables, "UpdateItem",
         R"({"TableName": "tab", "Key": {"p": {"S": "new"}, "s": {"N": "1"}}})", given,
         {"AttributeUpdates", "ReturnValues"});
    send(tables, "Query", R"({"TableName": "tab"})", given,
         {"KeyConditions", "QueryFilter", "ConditionalOperator", "AttributesToGet", "IndexName"});
    send(tables, "Scan", R"({"TableName": "tab"})", given,
         {"ScanFilter", "ConditionalOperator", "AttributesToGet", "IndexName"});
    send(tables, "GetItem", one, given, {"AttributesToGet"});
    send(tables, "DeleteItem", one, given, {"Expected", "ConditionalOperator"});
    tables.check_rows();
    tables.forget();
    return 0;
}

}  // namespace sbemu::dynamodb
