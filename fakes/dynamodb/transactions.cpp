// TransactWriteItems and TransactGetItems: all of it or nothing.
#include <boost/json.hpp>
#include <set>

#include "emulator/core/encoding.h"
#include "emulator/core/members.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/several_tables.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxBytes = 4 * 1024 * 1024;

constexpr std::string_view kUpdates[] = {"UpdateExpression", "ConditionExpression"};
constexpr std::string_view kProjections[] = {"ProjectionExpression"};

// What became of each action; nothing where all is well.
using Reasons = std::vector<std::optional<ApiError>>;

json::object describe_reason(const std::optional<ApiError>& reason) {
    if (!reason) return {{"Code", "None"}};
    const bool is_condition = reason->code == "ConditionalCheckFailedException";
    json::object described{{"Code", is_condition ? "ConditionalCheckFailed" : "ValidationError"},
                           {"Message", reason->what()}};
    if (const json::value* item = reason->fields.if_contains("Item")) described["Item"] = *item;
    return described;
}

// What does not fit its table is reported alone, conditions all together
// (facts/dynamodb-kinesis.md 1.12).
void keep_first_validation_error(Reasons& reasons) {
    const auto is_invalid = [](const std::optional<ApiError>& reason) {
        return reason && reason->code == "ValidationException";
    };
    const auto first = std::find_if(reasons.begin(), reasons.end(), is_invalid);
    if (first == reasons.end()) return;
    for (auto reason = reasons.begin(); reason != reasons.end(); ++reason) {
        if (reason != first) reason->reset();
    }
}

void cancel_if_any(Reasons reasons) {
    keep_first_validation_error(reasons);
    json::array described;
    std::string codes;
    bool is_cancelled = false;
    for (const auto& reason : reasons) {
        is_cancelled = is_cancelled || reason;
        described.push_back(describe_reason(reason));
        codes += (codes.empty() ? "" : ", ") +
                 std::string(described.back().as_object().at("Code").as_string());
    }
    if (!is_cancelled) return;
    ApiError error("TransactionCanceledException",
                   "Transaction cancelled, please refer cancellation reasons for specific reasons "
                   "[" +
                       codes + "]");
    error.fields["CancellationReasons"] = std::move(described);
    throw error;
}

// Runs for every action; those that throw an error that cancels have it as their reason.
template <class Work>
Reasons for_each_action(std::size_t count, Work work) {
    Reasons reasons(count);
    for (std::size_t i = 0; i < count; ++i) {
        try {
            work(i);
        } catch (const ApiError& error) {
            const bool cancels = error.code == "ValidationException" ||
                                 error.code == "ConditionalCheckFailedException";
            if (!cancels) throw;
            reasons[i] = error;
        }
    }
    return reasons;
}

void refuse_duplicates(const std::vector<std::pair<std::int64_t, Key>>& keys) {
    const std::set<std::pair<std::int64_t, Key>> different(keys.begin(), keys.end());
    if (different.size() == keys.size()) return;
    throw validation_error("Transaction request cannot include multiple operations on one item");
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
        throw validation_error(  // assumed
            "TransactItems can only contain one of Check, Put, Update or Delete");
    }
    const bool is_put = action.write.kind == ItemWrite::Kind::put;
    action.table = text_member(*request, "TableName");
    check_expression_parameters(*request, kUpdates, {});
    action.write.item =
        normalize_item(object_member(*request, is_put ? "Item" : "Key"), ValueLayer::older);
    if (is_put) check_size(action.write.item);
    parse_expressions(*request, ValueLayer::older, action.write);
    return action;
}

std::vector<Action> parse_actions(const json::object& request) {
    std::vector<Action> actions;
    std::size_t bytes = 0;
    for (const json::value& entry : *find_array(request, "TransactItems")) {
        actions.push_back(parse_action(entry.as_object()));
        bytes += size_of_item(actions.back().write.item);
    }
    if (bytes > kMaxBytes) {
        throw validation_error(  // assumed
            "The total size of the items in the transaction exceeds the limit of 4 MB");
    }
    return actions;
}

Key key_of_write(const Table& table, const ItemWrite& write) {
    return write.kind == ItemWrite::Kind::put ? key_of_item(table, write.item)
                                              : key_of(table, write.item);
}

// One transaction on its way: each step looks at every action.
class WriteTransaction {
  public:
    WriteTransaction(Context& ctx, const json::object& request)
        : ctx_(ctx),
          request_(request),
          actions_(parse_actions(request)),
          token_(text_member(request, "ClientRequestToken")) {
        if (!token_.empty()) {
            digest_ = hex_encode(sha256(json::serialize(request.at("TransactItems"))));
        }
    }

    // The same again within ten minutes does nothing, and costs what reading the items does.
    std::optional<json::object> answer_of_first() {
        if (token_.empty()) return std::nullopt;
        const auto first = find_transaction(ctx_, token_);
        if (!first) return std::nullopt;
        if (first->digest != digest_) {
            throw ApiError("IdempotentParameterMismatchException",  // assumed text
                           "The request uses the same client token as a previous, but "
                           "non-identical request.");
        }
        CapacityOfTables capacity(request_, CapacityOfTables::Kind::transaction_reads);
        for (const auto& [name, half_units] : first->reads) {
            Table table;
            table.name = name;
            capacity.add(table, {half_units, {}, {}});
        }
        json::object reply;
        capacity.report(reply);
        return reply;
    }

    json::object run() {
        for (const Action& action : actions_) {
            tables_.push_back(usable_table(ctx_, {{"TableName", action.table}}));
            check_keys_not_empty(tables_.back(), action.write.item);
        }
        check_keys();
        plan();
        return carry_out_all();
    }

  private:
    void check_keys() {
        std::vector<std::pair<std::int64_t, Key>> keys;
        Reasons reasons = for_each_action(actions_.size(), [&](std::size_t i) {
            keys.emplace_back(tables_[i].id, key_of_write(tables_[i], actions_[i].write));
        });
        refuse_duplicates(keys);
        cancel_if_any(std::move(reasons));
    }

    void plan() {
        planned_.resize(actions_.size());
        cancel_if_any(for_each_action(actions_.size(), [&](std::size_t i) {
            planned_[i] = plan_write(ctx_, tables_[i], actions_[i].write);
        }));
    }

    json::object carry_out_all() {
        CapacityOfTables capacity(request_, CapacityOfTables::Kind::transaction_writes);
        MetricsOfTables metrics(request_);
        std::map<std::string, std::int64_t> reads;
        for (std::size_t i = 0; i < actions_.size(); ++i) {
            const Table& table = tables_[i];
            const PlannedWrite& planned = planned_[i];
            const bool is_check = actions_[i].write.kind == ItemWrite::Kind::check;
            const ConsumedCapacity consumed =
                is_check ? write_capacity(table, planned.old_item ? &*planned.old_item : nullptr,
                                          planned.new_item ? &*planned.new_item : nullptr)
                         : carry_out(ctx_, table, planned);
            capacity.add(table, consumed);
            if (!is_check) metrics.add(table, planned);
            const std::int64_t size =
                planned.new_item ? static_cast<std::int64_t>(size_of_item(*planned.new_item)) : 0;
            reads[table.name] += read_half_units(size, true);
        }
        if (!token_.empty()) insert_transaction(ctx_, token_, {digest_, std::move(reads)});
        json::object reply;
        capacity.report(reply);
        metrics.report(reply);
        return reply;
    }

    Context& ctx_;
    const json::object& request_;
    std::vector<Action> actions_;
    std::string token_;
    std::string digest_;
    std::vector<Table> tables_;
    std::vector<PlannedWrite> planned_;
};

struct Read {
    std::string table;
    Item key;
    std::optional<Projection> projection;
};

Read parse_read(const json::object& entry) {
    const json::object& request = object_member(entry, "Get");
    check_expression_parameters(request, kProjections, {});
    Read read;
    read.table = text_member(request, "TableName");
    read.key = normalize_item(object_member(request, "Key"), ValueLayer::older);
    ExpressionAttributes attributes(request, ValueLayer::older);
    read.projection = parse_projection_of(request, attributes);
    attributes.check_all_used();
    return read;
}

}  // namespace

json::object transact_write_items(Context& ctx, const json::object& request) {
    WriteTransaction transaction(ctx, request);
    if (auto answer = transaction.answer_of_first()) return *std::move(answer);
    return transaction.run();
}

json::object transact_get_items(Context& ctx, const json::object& request) {
    std::vector<Read> reads;
    for (const json::value& entry : *find_array(request, "TransactItems")) {
        reads.push_back(parse_read(entry.as_object()));
    }
    std::vector<Table> tables;
    for (const Read& read : reads) {
        tables.push_back(usable_table(ctx, {{"TableName", read.table}}));
        check_keys_not_empty(tables.back(), read.key);
    }
    std::vector<std::pair<std::int64_t, Key>> keys;
    Reasons reasons = for_each_action(reads.size(), [&](std::size_t i) {
        keys.emplace_back(tables[i].id, key_of(tables[i], reads[i].key));
        check_projection(tables[i], reads[i].projection);
    });
    refuse_duplicates(keys);
    cancel_if_any(std::move(reasons));

    CapacityOfTables capacity(request, CapacityOfTables::Kind::transaction_reads);
    json::array responses;
    for (std::size_t i = 0; i < reads.size(); ++i) {
        std::optional<StoredItem> found = find_item(ctx, tables[i], keys[i].second);
        capacity.add(tables[i], {read_half_units(found ? found->size : 0, true), {}, {}});
        json::object response;
        if (found) {
            response["Item"] = reads[i].projection ? project(*reads[i].projection, found->item)
                                                   : std::move(found->item);
        }
        responses.push_back(std::move(response));
    }
    json::object reply{{"Responses", std::move(responses)}};
    capacity.report(reply);
    return reply;
}

}  // namespace sbemu::dynamodb
