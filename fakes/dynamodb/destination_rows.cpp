// Kinesis destinations as rows.
#include "emulator/store/store.h"
#include "fakes/dynamodb/kinesis_destinations.h"

namespace sbemu::dynamodb {

std::vector<KinesisDestination> list_destinations(Context& ctx, const Table& table) {
    std::vector<KinesisDestination> destinations;
    for (auto& [arn, status, description, precision] :
         ctx.store.list<std::string, std::string, std::string, std::string>(
             "SELECT arn, status, description, precision FROM dynamodb_destination"
             " WHERE table_id = ? ORDER BY number DESC",
             table.id)) {
        destinations.push_back(
            {std::move(arn), std::move(status), std::move(description), std::move(precision)});
    }
    return destinations;
}

std::optional<KinesisDestination> find_destination(Context& ctx, const Table& table,
                                                   std::string_view arn) {
    for (KinesisDestination& destination : list_destinations(ctx, table)) {
        if (destination.arn == arn) return std::move(destination);
    }
    return std::nullopt;
}

void put_destination(Context& ctx, const Table& table, const KinesisDestination& destination) {
    ctx.store.run(
        "INSERT INTO dynamodb_destination (table_id, arn, number, status, description, precision)"
        " SELECT ?1, ?2, count(*), ?3, ?4, ?5 FROM dynamodb_destination WHERE table_id = ?1"
        " ON CONFLICT (table_id, arn) DO UPDATE SET status = excluded.status,"
        " description = excluded.description, precision = excluded.precision",
        table.id, destination.arn, destination.status, destination.description,
        destination.precision);
    forget_tables(ctx);  // Table::destination
}

}  // namespace sbemu::dynamodb
