// ExecuteTransaction: statements that all read or all write, all of them or none.
#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "emulator/core/members.h"
#include "fakes/dynamodb/execute.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/transaction_steps.h"
#include "fakes/dynamodb/values/entries.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

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
          token_(ctx, request, request.at("TransactStatements")) {}

    json::object run() {
        prepare();
        const bool is_read = refuse_reads_with_writes();
        if (auto answer = token_.answer_of_first()) {
            (*answer)["Responses"] = json::array();
            return *std::move(answer);
        }
        find_tables();
        find_places();
        return is_read ? read() : write();
    }

  private:
    // Parameters come before all statements, and their errors name none.
    void prepare() {
        std::vector<partiql::Parameters> parameters;
        for (const json::value& statement : statements_) {
            parameters.push_back(partiql::read_parameters(object_entry(statement)));
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

    // A statement on a table that is not there is looked at no further.
    void find_tables() {
        CancellationReasons reasons(entries_.size());
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

    // Every reason is told, unlike those of TransactWriteItems.
    void find_places() {
        cancel_if_any(for_each_action(entries_.size(), [&](std::size_t i) {
            Entry& entry = entries_[i];
            const ItemWrite& write = entry.statement.write;
            if (entry.prepared.is_read()) {
                entry.place = key_of(*entry.table, entry.key);
            } else if (write.kind == ItemWrite::Kind::put) {
                entry.place = key_of_item(*entry.table, write.item.item());
            } else {
                entry.place = key_of(*entry.table, write.item.item());
            }
        }));
        std::vector<ItemPlace> places;
        for (const Entry& entry : entries_) places.emplace_back(entry.table->id, entry.place);
        refuse_duplicates(places);
    }

    json::object read() {
        CapacityOfTables capacity(request_, CapacityOfTables::Kind::transaction_reads);
        json::array responses;
        for (const Entry& entry : entries_) {
            const auto found = find_item(ctx_, *entry.table, entry.place);
            capacity.add(*entry.table, {read_half_units(found ? found->size : 0, true), {}, {}});
            json::object response;
            if (found) response["Item"] = select_columns(entry.prepared, found->item());
            responses.push_back(std::move(response));
        }
        json::object reply{{"Responses", std::move(responses)}};
        capacity.report(reply);
        return reply;
    }

    json::object write() {
        cancel_if_any(for_each_action(entries_.size(), [&](std::size_t i) {
            entries_[i].planned = plan_statement(ctx_, *entries_[i].table, entries_[i].statement);
        }));
        TransactionWrites writes(ctx_, request_);
        for (const Entry& entry : entries_) {
            writes.carry_out(*entry.table, entry.planned, entry.prepared.is_condition_check);
        }
        json::object reply{{"Responses", json::array()}};
        writes.finish(token_, reply);
        return reply;
    }

    Context& ctx_;
    const json::object& request_;
    const json::array& statements_;
    std::vector<Entry> entries_;
    TransactionToken token_;
};

}  // namespace

json::object execute_transaction(Context& ctx, const json::object& request) {
    return Transaction(ctx, request).run();
}

}  // namespace sbemu::dynamodb
