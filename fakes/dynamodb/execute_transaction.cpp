// ExecuteTransaction: statements that all read or all write, all of them or none.
#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <set>
#include <utility>

#include "emulator/core/encoding.h"
#include "emulator/core/members.h"
#include "fakes/dynamodb/execute.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/several_tables.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

// What became of each statement; nothing where all is well.
using Reasons = std::vector<std::optional<ApiError>>;

json::object describe(const std::optional<ApiError>& reason) {
    if (!reason) return {{"Code", "None"}};
    json::object described{{"Code", *code_in_answers(*reason)}, {"Message", reason->what()}};
    if (const json::value* item = reason->fields.if_contains("Item")) described["Item"] = *item;
    return described;
}

// Every reason is told, unlike those of TransactWriteItems.
void cancel_if_any(const Reasons& reasons) {
    if (std::none_of(reasons.begin(), reasons.end(), [](const auto& each) { return !!each; })) {
        return;
    }
    json::array described;
    std::string codes;
    for (const auto& reason : reasons) {
        described.push_back(describe(reason));
        codes += (codes.empty() ? "" : ", ") +
                 std::string(described.back().as_object().at("Code").as_string());
    }
    ApiError error("TransactionCanceledException",
                   "Transaction cancelled, please refer cancellation reasons for specific reasons "
                   "[" +
                       codes + "]");
    error.fields["CancellationReasons"] = std::move(described);
    throw error;
}

// Whatever one statement is refused for names it.
template <class Work>
auto in_statement(std::size_t number, Work work) {
    try {
        return work();
    } catch (const ApiError& error) {
        if (error.code != "ValidationException") throw;
        throw validation_error("Validation failed in TransactStatements[" + std::to_string(number) +
                               "]: " + error.what());
    }
}

struct Entry {
    partiql::Prepared prepared;
    std::optional<Table> table;  // nothing: there is none
    StatementWrite statement;    // of a write
    Item key;                    // of a read
    Key place;
    PlannedWrite planned;
};

bool returns_something(const partiql::Prepared& prepared) {
    const auto& change = prepared.statement.change;
    return change && change->returning;
}

class Transaction {
  public:
    Transaction(Context& ctx, const json::object& request)
        : ctx_(ctx),
          request_(request),
          statements_(*find_array(request, "TransactStatements")),
          entries_(statements_.size()),
          token_(text_member(request, "ClientRequestToken")),
          digest_(hex_encode(sha256(json::serialize(statements_)))) {}

    json::object run() {
        prepare();
        const bool is_read = refuse_reads_with_writes();
        if (auto answer = answer_of_first()) return *std::move(answer);
        find_tables();
        find_places();
        return is_read ? read() : write();
    }

  private:
    // Parameters come before all statements, and their errors name none.
    void prepare() {
        std::vector<partiql::Parameters> parameters;
        for (const json::value& statement : statements_) {
            parameters.push_back(partiql::read_parameters(statement.as_object()));
        }
        for (std::size_t i = 0; i < entries_.size(); ++i) {
            const std::string text = text_member(statements_[i].as_object(), "Statement");
            entries_[i].prepared =
                in_statement(i, [&] { return partiql::prepare(text, std::move(parameters[i])); });
        }
    }

    bool refuse_reads_with_writes() const {
        const auto reads = std::count_if(entries_.begin(), entries_.end(), [](const Entry& entry) {
            return entry.prepared.is_read();
        });
        if (reads != 0 && reads != std::ssize(entries_)) {
            throw validation_error(
                "ExecuteTransaction API does not support both read and write operations in the "
                "same request.");
        }
        return reads != 0;
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
        json::object reply{{"Responses", json::array()}};
        capacity.report(reply);
        return reply;
    }

    // A statement on a table that is not there is looked at no further.
    void find_tables() {
        Reasons reasons(entries_.size());
        for (std::size_t i = 0; i < entries_.size(); ++i) {
            Entry& entry = entries_[i];
            try {
                entry.table = table_of(ctx_, entry.prepared);
            } catch (const ApiError& error) {
                if (error.code != "ResourceNotFoundException") throw;
                reasons[i] = error;
                continue;
            }
            in_statement(i, [&] { understand(entry, statements_[i].as_object()); });
        }
        cancel_if_any(reasons);
    }

    static void understand(Entry& entry, const json::object& request) {
        if (returns_something(entry.prepared)) {
            throw validation_error("RETURNING clause is not supported in ExecuteTransaction.");
        }
        if (!entry.prepared.is_read()) {
            entry.statement = write_of(*entry.table, entry.prepared, true);
            entry.statement.write.returns_old_on_failure =
                text_member(request, "ReturnValuesOnConditionCheckFailure") == "ALL_OLD";
            return;
        }
        if (entry.prepared.index) {
            throw validation_error("Reads on indices are not supported within transactions.");
        }
        const auto key = key_of_select(*entry.table, entry.prepared);
        if (!key) {
            throw validation_error(
                "Select statements within ExecuteTransaction must specify the primary key in the "
                "where clause.");
        }
        entry.key = *key;
    }

    // Runs for every statement; those that throw an error of their own have it as their reason.
    template <class Work>
    void for_each_entry(Work work) {
        Reasons reasons(entries_.size());
        for (std::size_t i = 0; i < entries_.size(); ++i) {
            try {
                work(entries_[i]);
            } catch (const ApiError& error) {
                if (!code_in_answers(error)) throw;
                reasons[i] = error;
            }
        }
        cancel_if_any(reasons);
    }

    void find_places() {
        for_each_entry([](Entry& entry) {
            const ItemWrite& write = entry.statement.write;
            if (entry.prepared.is_read()) {
                entry.place = key_of(*entry.table, entry.key);
            } else if (write.kind == ItemWrite::Kind::put) {
                entry.place = key_of_item(*entry.table, write.item);
            } else {
                entry.place = key_of(*entry.table, write.item);
            }
        });
        std::set<std::pair<std::int64_t, Key>> places;
        for (const Entry& entry : entries_) places.emplace(entry.table->id, entry.place);
        if (places.size() == entries_.size()) return;
        throw validation_error(
            "Transaction request cannot include multiple operations on one item");
    }

    json::object read() {
        CapacityOfTables capacity(request_, CapacityOfTables::Kind::transaction_reads);
        json::array responses;
        for (const Entry& entry : entries_) {
            const auto found = find_item(ctx_, *entry.table, entry.place);
            capacity.add(*entry.table, {read_half_units(found ? found->size : 0, true), {}, {}});
            json::object response;
            if (found) response["Item"] = select_columns(entry.prepared, found->item);
            responses.push_back(std::move(response));
        }
        json::object reply{{"Responses", std::move(responses)}};
        capacity.report(reply);
        return reply;
    }

    json::object write() {
        for_each_entry([&](Entry& entry) {
            entry.planned = plan_statement(ctx_, *entry.table, entry.statement);
        });
        CapacityOfTables capacity(request_, CapacityOfTables::Kind::transaction_writes);
        std::map<std::string, std::int64_t> reads;
        for (Entry& entry : entries_) {
            const PlannedWrite& planned = entry.planned;
            const Item* new_item = planned.new_item ? &*planned.new_item : nullptr;
            const bool is_check = entry.prepared.is_condition_check;
            capacity.add(
                *entry.table,
                is_check ? write_capacity(*entry.table,
                                          planned.old_item ? &*planned.old_item : nullptr, new_item)
                         : carry_out(ctx_, *entry.table, planned));
            const std::size_t size = new_item ? size_of_item(*new_item) : 0;
            reads[entry.table->name] += read_half_units(static_cast<std::int64_t>(size), true);
        }
        if (!token_.empty()) insert_transaction(ctx_, token_, {digest_, std::move(reads)});
        json::object reply{{"Responses", json::array()}};
        capacity.report(reply);
        return reply;
    }

    Context& ctx_;
    const json::object& request_;
    const json::array& statements_;
    std::vector<Entry> entries_;
    std::string token_;
    std::string digest_;
};

}  // namespace

json::object execute_transaction(Context& ctx, const json::object& request) {
    return Transaction(ctx, request).run();
}

}  // namespace sbemu::dynamodb
