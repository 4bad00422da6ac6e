// Valid requests that the fuzzer's bytes choose, one after the other on the same few items. After
// them every index and every way to read says the same of the table.
#include <boost/json.hpp>
#include <iterator>
#include <string>
#include <vector>

#include "tests/fuzz/choices.h"
#include "tests/fuzz/fuzzed_tables.h"

namespace sbemu::dynamodb {
namespace json = boost::json;

namespace {

constexpr const char* kReturnValues[] = {"NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD",
                                         "UPDATED_NEW"};

constexpr const char* kIndexes[] = {"by-a", "a-all", "a-keys", "several"};

json::object on_table() { return {{"TableName", "tab"}}; }

void add_options(Choices& choices, json::object& request) {
    if (choices.one_in(2)) request["ReturnConsumedCapacity"] = "INDEXES";
    if (choices.one_in(4)) request["ReturnItemCollectionMetrics"] = "SIZE";
}

json::object put_request(Choices& choices) {
    json::object request = on_table();
    request["Item"] = chosen_item(choices);
    if (choices.one_in(3)) ChosenExpressions(choices, request).add_condition("ConditionExpression");
    return request;
}

json::object update_request(Choices& choices) {
    json::object request = on_table();
    request["Key"] = chosen_key(choices);
    ChosenExpressions expressions(choices, request);
    expressions.add_update();
    if (choices.one_in(4)) expressions.add_condition("ConditionExpression");
    return request;
}

json::object key_request(Choices& choices) {
    json::object request = on_table();
    request["Key"] = chosen_key(choices);
    if (choices.one_in(3)) ChosenExpressions(choices, request).add_condition("ConditionExpression");
    return request;
}

json::object batch_request(Choices& choices) {
    json::array writes;
    do {
        json::object write;
        if (choices.one_in(3)) {
            write["DeleteRequest"] = json::object{{"Key", chosen_key(choices)}};
        } else {
            write["PutRequest"] = json::object{{"Item", chosen_item(choices)}};
        }
        writes.push_back(std::move(write));
    } while (choices.one_in(2));
    json::object items;
    items["tab"] = std::move(writes);
    return {{"RequestItems", std::move(items)}};
}

json::object transaction_request(Choices& choices) {
    json::array actions;
    do {
        json::object action;
        switch (choices.below(4)) {
            case 0:
                action["Put"] = put_request(choices);
                break;
            case 1:
                action["Update"] = update_request(choices);
                break;
            case 2:
                action["Delete"] = key_request(choices);
                break;
            default:
                json::object check = on_table();
                check["Key"] = chosen_key(choices);
                ChosenExpressions(choices, check).add_condition("ConditionExpression");
                action["ConditionCheck"] = std::move(check);
        }
        actions.push_back(std::move(action));
    } while (choices.one_in(2));
    return {{"TransactItems", std::move(actions)}};
}

void write(Choices& choices, FuzzedTables& tables) {
    std::string operation;
    json::object request;
    switch (choices.below(7)) {
        case 0:
            operation = "PutItem";
            request = put_request(choices);
            break;
        case 1:
            operation = "UpdateItem";
            request = update_request(choices);
            request["ReturnValues"] = choices.of(kReturnValues);
            break;
        case 2:
            operation = "DeleteItem";
            request = key_request(choices);
            break;
        case 3:
            operation = "BatchWriteItem";
            request = batch_request(choices);
            break;
        case 4:
            operation = "TransactWriteItems";
            request = transaction_request(choices);
            break;
        case 5:
            tables.call("ExecuteStatement", {{"Statement", chosen_statement(choices)}});
            return;
        default: {
            operation = "Scan";
            request = on_table();
            ChosenExpressions expressions(choices, request);
            expressions.add_condition("FilterExpression");
            if (choices.one_in(2)) expressions.add_projection();
        }
    }
    add_options(choices, request);
    tables.call(operation, request);
}

// All items that the request gives, page by page.
json::array pages(FuzzedTables& tables, json::object request, int limit) {
    json::array items;
    if (limit > 0) request["Limit"] = limit;
    for (int page = 0; page < 100; ++page) {
        const auto reply = tables.call("Scan", request);
        if (!reply) found("a Scan is refused");
        for (const json::value& item : reply->at("Items").as_array()) items.push_back(item);
        const json::value* last = reply->if_contains("LastEvaluatedKey");
        if (!last) return items;
        request["ExclusiveStartKey"] = *last;
    }
    found("a Scan does not end");
}

void check_scans(FuzzedTables& tables, json::object request) {
    const json::array all = pages(tables, request, 0);
    if (pages(tables, request, 2) != all) found("pages of a Scan have other items");
    json::array of_segments;
    request["TotalSegments"] = 2;
    for (const int segment : {0, 1}) {
        request["Segment"] = segment;
        for (const json::value& item : pages(tables, request, 1)) of_segments.push_back(item);
    }
    if (of_segments != all) found("segments of a Scan have other items");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static FuzzedTables tables;
    Choices choices(data, size);
    while (!choices.is_empty()) write(choices, tables);
    tables.check_rows();
    check_scans(tables, on_table());
    json::object of_index = on_table();
    of_index["IndexName"] = kIndexes[size % std::size(kIndexes)];
    check_scans(tables, std::move(of_index));
    tables.forget();
    return 0;
}

}  // namespace sbemu::dynamodb
