#include "fakes/dynamodb/transaction_steps.h"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "emulator/core/encoding.h"
#include "emulator/core/members.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::pair<std::string_view, std::string_view> kCodes[] = {
    {"ConditionalCheckFailedException", "ConditionalCheckFailed"},
    {"DuplicateItemException", "DuplicateItem"},
    {"ResourceNotFoundException", "ResourceNotFound"},
    {"ValidationException", "ValidationError"}};

json::object describe(const std::optional<ApiError>& reason) {
    if (!reason) return {{"Code", "None"}};
    json::object described{{"Code", *code_in_answers(*reason)}, {"Message", reason->what()}};
    if (const json::value* item = reason->fields.if_contains("Item")) described["Item"] = *item;
    return described;
}

}  // namespace

std::optional<std::string_view> code_in_answers(const ApiError& error) {
    for (const auto& [code, code_of_answer] : kCodes) {
        if (error.code == code) return code_of_answer;
    }
    return std::nullopt;
}

void cancel_if_any(const CancellationReasons& reasons) {
    json::array described;
    std::string codes;
    bool is_cancelled = false;
    for (const auto& reason : reasons) {
        is_cancelled = is_cancelled || reason;
        described.push_back(describe(reason));
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

void refuse_duplicates(const std::vector<ItemPlace>& places) {
    const std::set<ItemPlace> different(places.begin(), places.end());
    if (different.size() == places.size()) return;
    throw validation_error("Transaction request cannot include multiple operations on one item");
}

TransactionToken::TransactionToken(Context& ctx, const json::object& request,
                                   const json::value& actions)
    : ctx_(ctx), request_(request), token_(text_member(request, "ClientRequestToken")) {
    if (!token_.empty()) digest_ = hex_encode(sha256(json::serialize(actions)));
}

std::optional<json::object> TransactionToken::answer_of_first() const {
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
        table.named = name;
        capacity.add(table, {half_units, {}, {}});
    }
    json::object reply;
    capacity.report(reply);
    return reply;
}

void TransactionToken::remember(std::map<std::string, std::int64_t> reads) const {
    if (!token_.empty()) insert_transaction(ctx_, token_, {digest_, std::move(reads)});
}

TransactionWrites::TransactionWrites(Context& ctx, const json::object& request)
    : ctx_(ctx),
      capacity_(request, CapacityOfTables::Kind::transaction_writes),
      metrics_(request) {}

void TransactionWrites::carry_out(const Table& table, const PlannedWrite& planned, bool is_check) {
    const Item* new_item = planned.new_item ? &planned.new_item->item() : nullptr;
    const auto size = static_cast<std::int64_t>(new_item ? planned.new_item->size() : 0);
    if (is_check) {
        const StoredItem* old_item = planned.old_item ? &*planned.old_item : nullptr;
        capacity_.add(table, write_capacity(table, old_item, new_item, size));
    } else {
        capacity_.add(table, dynamodb::carry_out(ctx_, table, planned));
        metrics_.add(table, planned);
    }
    reads_[table.named] += read_half_units(size, true);
}

void TransactionWrites::finish(const TransactionToken& token, json::object& reply) {
    token.remember(std::move(reads_));
    capacity_.report(reply);
    metrics_.report(reply);
}

}  // namespace sbemu::dynamodb
