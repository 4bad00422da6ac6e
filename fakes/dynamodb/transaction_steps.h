// What TransactWriteItems, TransactGetItems and ExecuteTransaction have in common.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fakes/dynamodb/rows.h"
#include "fakes/dynamodb/several_tables.h"
#include "fakes/dynamodb/writes.h"

namespace sbemu::dynamodb {

// What became of each action; nothing where all is well.
using CancellationReasons = std::vector<std::optional<ApiError>>;

// An error's code as cancellation reasons and batch answers have it: "ConditionalCheckFailed".
// Nothing for an error that is no answer of an item's: it ends the whole call.
std::optional<std::string_view> code_in_answers(const ApiError& error);

// Runs for every action; those that throw an error with such a code have it as their reason.
template <class Work>
CancellationReasons for_each_action(std::size_t count, Work work) {
    CancellationReasons reasons(count);
    for (std::size_t i = 0; i < count; ++i) {
        try {
            work(i);
        } catch (const ApiError& error) {
            if (!code_in_answers(error)) throw;
            reasons[i] = error;
        }
    }
    return reasons;
}

// Throws TransactionCanceledException if there is a reason.
void cancel_if_any(const CancellationReasons& reasons);

// Table::id and key of an item. Throws ValidationException if two are the same.
using ItemPlace = std::pair<std::int64_t, Key>;
void refuse_duplicates(const std::vector<ItemPlace>& places);

// A ClientRequestToken: the same again within ten minutes does nothing.
class TransactionToken {
  public:
    // `actions`: what must be the same.
    TransactionToken(Context& ctx, const boost::json::object& request,
                     const boost::json::value& actions);

    // The answer to the same again: what reading its items costs. Nothing the first time. Throws
    // IdempotentParameterMismatchException.
    std::optional<boost::json::object> answer_of_first() const;
    // `reads`: half units of reading the items, by table.
    void remember(std::map<std::string, std::int64_t> reads) const;

  private:
    Context& ctx_;
    const boost::json::object& request_;
    std::string token_;
    std::string digest_;
};

// The planned writes of a transaction, carried out one after the other.
class TransactionWrites {
  public:
    TransactionWrites(Context& ctx, const boost::json::object& request);
    // A check costs what a write of the item would.
    void carry_out(const Table& table, const PlannedWrite& planned, bool is_check);
    // Remembers the token and adds ConsumedCapacity and ItemCollectionMetrics.
    void finish(const TransactionToken& token, boost::json::object& reply);

  private:
    Context& ctx_;
    CapacityOfTables capacity_;
    MetricsOfTables metrics_;
    std::map<std::string, std::int64_t> reads_;
};

}  // namespace sbemu::dynamodb
