// What batches and transactions report of the tables they touch.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <string>

#include "fakes/dynamodb/capacity.h"
#include "fakes/dynamodb/writes.h"

namespace sbemu::dynamodb {

// ConsumedCapacity, a member for each table, if the request wants it (ReturnConsumedCapacity).
class CapacityOfTables {
  public:
    // Transactions cost twice as much and tell reads from writes.
    enum class Kind { batch, transaction_reads, transaction_writes };

    explicit CapacityOfTables(const boost::json::object& request, Kind kind = Kind::batch);
    void add(const Table& table, const ConsumedCapacity& consumed);
    void report(boost::json::object& reply) const;

  private:
    std::string wanted_;
    Kind kind_;
    std::map<std::string, ConsumedCapacity> by_table_;
};

// ItemCollectionMetrics, a list for each table, if the request wants them.
class MetricsOfTables {
  public:
    explicit MetricsOfTables(const boost::json::object& request) : request_(request) {}
    void add(const Table& table, const PlannedWrite& planned);
    void report(boost::json::object& reply) const;

  private:
    const boost::json::object& request_;
    boost::json::object by_table_;
};

}  // namespace sbemu::dynamodb
