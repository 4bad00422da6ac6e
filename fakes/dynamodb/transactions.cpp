// TransactWriteItems and TransactGetItems: all of it or nothing.
#include <algorithm>
#include <boost/json.hpp>

#include "emulator/core/members.h"
#include "fakes/dynamodb/index_keys.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/transaction_steps.h"
#include "fakes/dynamodb/values/entries.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxBytes = 4UL * 1024 * 1024;

constexpr std::string_view kUpdates[] = {"UpdateExpression", "ConditionExpression"};
constexpr std::string_view kProjections[] = {"ProjectionExpression"};

// From another client's record of AWS's answer to a TransactWriteItems; what is counted is assumed,
// as is the text for what a TransactGetItems finds.
void check_payload(std::size_t bytes) {
    if (bytes <= kMaxBytes) return;
    const std::string text =
        "Transaction payload size cannot exceed 4MB. Payload Size: " + std::to_string(bytes);
    throw validation_error("Transaction payload size cannot exceed 4MB. Payload Size: : " + text);
}

// What does not fit its table is reported alone, conditions all together
// (facts/dynamodb-kinesis.md 1.12).
void cancel_with_first_validation_error(CancellationReasons reasons) {
    const auto is_invalid = [](const std::optional<ApiError>& reason) {
        return reason && reason->code == "ValidationException";
    };
    const auto first = std::find_if(reasons.begin(), reasons.end(), is_invalid);
    if (first != reasons.end()) {
        for (auto reason = reasons.begin(); reason != reasons.end(); ++reason) {
            if (reason != first) reason->reset();
        }
    }
    cancel_if_any(reasons);
}

struct Action {
    std::string table;  // as the request names it
    ItemWrite write;
};

constexpr std::pair<std::string_view, ItemWrite::Kind> kActions[] = {
    {"ConditionCheck", ItemWrite::Kind::check},
    {"Put", ItemWrite::Kind::put},
    {"Update", ItemWrite::Kind::update},
    {"Delete", ItemWrite::Kind::erase}};

Action parse_action(const json::object& entry) {
    const json::object* request = nullptr;
    Action action;
    for (const auto& [name, kind] : kActions) {
        const json::object* found = find_object(entry, name);
        if (!found) continue;
        if (request) {
            throw validation_error(
                "TransactItems can only contain one of Check, Put, Update or Delete");
        }
        request = found;
        action.write.kind = kind;
    }
    if (!request) {
        // paritysuite/dynamodb-conformance transactWriteItems: the text in us-east-1 (2026-10).
        throw validation_error(
            "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request");
    }
    const bool is_put = action.write.kind == ItemWrite::Kind::put;
    action.table = text_member(*request, "TableName");
    check_expression_parameters(*request, kUpdates, {});
    if (is_put) {
        action.write.item = NormalItem::in(object_member(*request, "Item"), ValueLayer::older);
        check_size(action.write.item);
    }
    parse_expressions(*request, ValueLayer::older, action.write);
    // After the expressions (paritysuite deepRequests, asserted for Delete).
    if (!is_put) {
        action.write.item = NormalItem::in(object_member(*request, "Key"), ValueLayer::older);
    }
    return action;
}

std::vector<Action> parse_actions(const json::object& request) {
    std::vector<Action> actions;
    std::size_t bytes = 0;
    for (const json::value& entry : *find_array(request, "TransactItems")) {
        actions.push_back(parse_action(object_entry(entry)));
        bytes += actions.back().write.item.size();
    }
    check_payload(bytes);
    return actions;
}

Key key_of_write(const Table& table, const ItemWrite& write) {
    return write.kind == ItemWrite::Kind::put ? key_of_item(table, write.item.item())
                                              : key_of(table, write.item.item());
}

// What is empty refuses the transaction, instead of cancelling it.
void check_index_keys_of_write_not_empty(const Table& table, const ItemWrite& write) {
    if (write.kind == ItemWrite::Kind::put) {
        check_index_keys_not_empty(table, write.item.item());
    } else {
        check_index_keys_of_update_not_empty(table, write.update);
    }
}

// One transaction on its way: each step looks at every action.
class WriteTransaction {
  public:
    WriteTransaction(Context& ctx, const json::object& request)
        : ctx_(ctx),
          request_(request),
          actions_(parse_actions(request)),
          token_(ctx, request, request.at("TransactItems")) {}

    json::object run() {
        if (auto answer = token_.answer_of_first()) return *std::move(answer);
        for (const Action& action : actions_) {
            tables_.push_back(usable_table(ctx_, {{"TableName", action.table}}));
            check_keys_not_empty(tables_.back(), action.write.item.item());
            check_index_keys_of_write_not_empty(tables_.back(), action.write);
        }
        check_keys();
        plan();
        return carry_out_all();
    }

  private:
    void check_keys() {
        std::vector<ItemPlace> places;
        CancellationReasons reasons = for_each_action(actions_.size(), [&](std::size_t i) {
            places.emplace_back(tables_[i].id, key_of_write(tables_[i], actions_[i].write));
        });
        refuse_duplicates(places);
        cancel_with_first_validation_error(std::move(reasons));
    }

    void plan() {
        planned_.resize(actions_.size());
        cancel_with_first_validation_error(for_each_action(actions_.size(), [&](std::size_t i) {
            planned_[i] = plan_write(ctx_, tables_[i], actions_[i].write);
        }));
    }

    json::object carry_out_all() {
        TransactionWrites writes(ctx_, request_);
        for (std::size_t i = 0; i < actions_.size(); ++i) {
            writes.carry_out(tables_[i], planned_[i],
                             actions_[i].write.kind == ItemWrite::Kind::check);
        }
        json::object reply;
        writes.finish(token_, reply);
        return reply;
    }

    Context& ctx_;
    const json::object& request_;
    std::vector<Action> actions_;
    TransactionToken token_;
    std::vector<Table> tables_;
    std::vector<PlannedWrite> planned_;
};

struct Read {
    std::string table;
    NormalItem key;
    std::optional<Projection> projection;
};

Read parse_read(const json::object& entry) {
    const json::object& request = object_member(entry, "Get");
    check_expression_parameters(request, kProjections, {});
    Read read;
    read.table = text_member(request, "TableName");
    read.key = NormalItem::in(object_member(request, "Key"), ValueLayer::older);
    ExpressionAttributes attributes(request, ValueLayer::older);
    read.projection = parse_projection_of(request, attributes);
    attributes.check_all_used();
    return read;
}

// Of nothing that is projected there is no Item, other than with GetItem
// (paritysuite/dynamodb-conformance transactGet).
json::object answer_to(const Read& read, StoredItem& found) {
    if (!read.projection) return {{"Item", std::move(found.item())}};
    Item projected = project(*read.projection, found.item());
    if (projected.empty()) return {};
    return {{"Item", std::move(projected)}};
}

}  // namespace

json::object transact_write_items(Context& ctx, const json::object& request) {
    return WriteTransaction(ctx, request).run();
}

json::object transact_get_items(Context& ctx, const json::object& request) {
    std::vector<Read> reads;
    for (const json::value& entry : *find_array(request, "TransactItems")) {
        reads.push_back(parse_read(object_entry(entry)));
    }
    std::vector<Table> tables;
    for (const Read& read : reads) {
        tables.push_back(usable_table(ctx, {{"TableName", read.table}}));
        check_keys_not_empty(tables.back(), read.key.item());
    }
    std::vector<ItemPlace> places;
    CancellationReasons reasons = for_each_action(reads.size(), [&](std::size_t i) {
        places.emplace_back(tables[i].id, key_of(tables[i], reads[i].key.item()));
        check_projection(tables[i], reads[i].projection);
    });
    refuse_duplicates(places);
    cancel_with_first_validation_error(std::move(reasons));

    CapacityOfTables capacity(request, CapacityOfTables::Kind::transaction_reads);
    json::array responses;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < reads.size(); ++i) {
        std::optional<StoredItem> found = find_item(ctx, tables[i], places[i].second);
        if (found) check_payload(bytes += static_cast<std::size_t>(found->size));
        capacity.add(tables[i], {read_half_units(found ? found->size : 0, true), {}, {}});
        responses.push_back(found ? answer_to(reads[i], *found) : json::object());
    }
    json::object reply{{"Responses", std::move(responses)}};
    capacity.report(reply);
    return reply;
}

}  // namespace sbemu::dynamodb
