#include "fakes/dynamodb/table_requests.h"

#include <boost/json.hpp>

#include "emulator/core/members.h"
#include "emulator/core/timers.h"
#include "fakes/dynamodb/item_requests.h"

namespace sbemu::dynamodb {
namespace json = boost::json;

json::object describe(const Table& table) {
    json::object description = json::parse(table.description).as_object();
    description["TableName"] = table.name;
    description["TableStatus"] = table.status;
    description["ItemCount"] = table.item_count;
    description["TableSizeBytes"] = table.size_bytes;
    return description;
}

Table existing_table(Context& ctx, const json::object& request) {
    const std::string name = table_name_of(ctx, request);
    auto table = find_table(ctx, name);
    if (!table) throw table_not_found(name);
    return *std::move(table);
}

void check_changeable(const Table& table) {
    if (table.status == "ACTIVE") return;
    const std::string state = table.status == "CREATING"   ? "created"
                              : table.status == "UPDATING" ? "updated"
                                                           : "deleted";
    throw ApiError("ResourceInUseException",
                   "Attempt to change a resource which is still in use: Table is being " + state +
                       ": " + table.name);
}

void settle_soon(Context& ctx, const Table& table) {
    set_timer(ctx, "dynamodb", "settle", table_arn(ctx.caller, table.name), ctx.now);
}

void check_bounds(const Billing& billing) {
    static constexpr std::int64_t kMaxUnits = 1'000'000'000'000;
    if (billing.read_units > kMaxUnits) {
        throw validation_error("Given value " + std::to_string(billing.read_units) +
                               " for ReadCapacityUnits is out of bounds");
    }
    if (billing.write_units > kMaxUnits) {
        throw validation_error("Given value " + std::to_string(billing.write_units) +
                               " for WriteCapacityUnits is out of bounds");
    }
}

std::optional<json::object> encryption_of(Context& ctx, const json::object& specification) {
    if (!flag_member(specification, "Enabled")) return std::nullopt;
    std::string key = text_member(specification, "KMSMasterKeyId");
    if (key.empty()) key = ctx.random.uuid();  // the account's own key for DynamoDB
    if (!key.starts_with("arn:")) key = ctx.caller.arn("kms", "key/" + key);
    return json::object{
        {"Status", "ENABLED"}, {"SSEType", "KMS"}, {"KMSMasterKeyArn", std::move(key)}};
}

void check_table_class(const json::object& request) {
    const auto table_class = find_text(request, "TableClass");
    if (!table_class || *table_class == "STANDARD" ||
        *table_class == "STANDARD_INFREQUENT_ACCESS") {
        return;
    }
    throw validation_error(
        "Invalid table-class parameter provided. Please try again with a valid table-class value: "
        "[STANDARD, STANDARD_INFREQUENT_ACCESS].");
}

}  // namespace sbemu::dynamodb
