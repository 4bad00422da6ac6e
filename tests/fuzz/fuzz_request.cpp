// Requests as clients send them, one a line: "PutItem {"Item": {...}}". The table is "tab" unless
// the request names another.
#include <algorithm>
#include <boost/json.hpp>
#include <iterator>

#include "tests/fuzz/fuzzed_request.h"
#include "tests/fuzz/fuzzed_tables.h"

namespace sbemu::dynamodb {

namespace {

constexpr std::string_view kOperations[] = {"BatchExecuteStatement",
                                            "BatchGetItem",
                                            "BatchWriteItem",
                                            "DeleteItem",
                                            "ExecuteStatement",
                                            "GetItem",
                                            "PutItem",
                                            "ExecuteTransaction",
                                            "Query",
                                            "Scan",
                                            "TransactGetItems",
                                            "TransactWriteItems",
                                            "UpdateItem"};
// They name their table beside their other members.
constexpr std::string_view kOfOneTable[] = {"DeleteItem", "GetItem", "PutItem",
                                            "Query",      "Scan",    "UpdateItem"};

template <class Names>
bool is_one_of(std::string_view name, const Names& names) {
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

void send(FuzzedTables& tables, std::string_view line) {
    const std::string_view operation = line.substr(0, line.find(' '));
    if (!is_one_of(operation, kOperations)) return;
    boost::system::error_code error;
    boost::json::value request = sbemu::parse_json(line.substr(operation.size()), error);
    if (error || !request.is_object()) return;
    if (is_one_of(operation, kOfOneTable)) request.as_object().emplace("TableName", "tab");
    tables.call(operation, request.as_object());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static FuzzedTables tables;
    std::string_view rest = text_of_fuzzer(data, size);
    while (!rest.empty()) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        send(tables, line);
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    }
    tables.check_rows();
    tables.forget();
    return 0;
}

}  // namespace sbemu::dynamodb
