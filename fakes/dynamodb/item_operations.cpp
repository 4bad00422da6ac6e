// PutItem, GetItem and DeleteItem.
#include <boost/json.hpp>

#include "emulator/core/members.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/operations.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::string_view kConditions[] = {"ConditionExpression"};
constexpr std::string_view kOldConditions[] = {"Expected", "ConditionalOperator"};
constexpr std::string_view kProjections[] = {"ProjectionExpression"};
constexpr std::string_view kOldProjections[] = {"AttributesToGet"};

const json::object& object_of(const json::object& request, std::string_view member) {
    static const json::object kNothing;
    const json::object* object = find_object(request, member);
    return object ? *object : kNothing;
}

}  // namespace

json::object put_item(Context& ctx, const json::object& request) {
    WriteOptions options;
    Item item;
    with_envelope([&] {
        check_expression_parameters(request, kConditions, kOldConditions);
        item = normalize_item(object_of(request, "Item"));
        check_return_values(request);
    });
    if (size_of_item(item) > kMaxItemSize) {
        throw validation_error("Item size has exceeded the maximum allowed size");
    }
    with_envelope([&] { options = parse_write_options(request); });
    refuse_members(request, "PutItem", kOldConditions);
    const Table table = usable_table(ctx, request);
    const Key key = key_of_item(table, item);
    const std::optional<StoredItem> old = find_item(ctx, table, key);
    require_condition(options, old);

    const std::int64_t size = put_item(ctx, table, key, item, old);
    record_change(ctx, table, old ? &old->item : nullptr, &item);

    json::object reply;
    if (options.returns_old && old) reply["Attributes"] = old->item;
    report_capacity(request, table, write_half_units(old ? old->size : 0, size), reply);
    return reply;
}

// Deleting an absent item succeeds and writes no stream record.
json::object delete_item(Context& ctx, const json::object& request) {
    WriteOptions options;
    Item key_item;
    with_envelope([&] {
        check_expression_parameters(request, kConditions, kOldConditions);
        key_item = normalize_item(object_of(request, "Key"));
        check_return_values(request);
        options = parse_write_options(request);
    });
    refuse_members(request, "DeleteItem", kOldConditions);
    const Table table = usable_table(ctx, request);
    const Key key = key_of(table, key_item);
    const std::optional<StoredItem> old = find_item(ctx, table, key);
    require_condition(options, old);

    json::object reply;
    if (old) {
        erase_item(ctx, table, *old);
        record_change(ctx, table, &old->item, nullptr);
        if (options.returns_old) reply["Attributes"] = old->item;
    }
    report_capacity(request, table, write_half_units(old ? old->size : 0, 0), reply);
    return reply;
}

json::object get_item(Context& ctx, const json::object& request) {
    check_expression_parameters(request, kProjections, kOldProjections);
    const Item key_item = normalize_item(object_of(request, "Key"));
    check_attributes_to_get(request);
    ExpressionAttributes attributes(request);
    const std::optional<Projection> projection = parse_projection_of(request, attributes);
    attributes.check_all_used();
    const Table table = usable_table(ctx, request);
    const Key key = key_of(table, key_item);
    std::optional<StoredItem> found = find_item(ctx, table, key);

    json::object reply;
    const std::int64_t size = found ? found->size : 0;
    if (found && projection) reply["Item"] = project(*projection, found->item);
    if (found && !projection) reply["Item"] = std::move(found->item);
    const bool consistent = flag_member(request, "ConsistentRead");
    report_capacity(request, table, read_half_units(size, consistent), reply);
    return reply;
}

}  // namespace sbemu::dynamodb
