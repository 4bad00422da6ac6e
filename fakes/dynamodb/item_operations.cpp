// PutItem, UpdateItem, DeleteItem and GetItem.
#include <boost/json.hpp>

#include "emulator/core/members.h"
#include "fakes/dynamodb/expressions/legacy_conditions.h"
#include "fakes/dynamodb/expressions/legacy_updates.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/operations.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::string_view kConditions[] = {"ConditionExpression"};
constexpr std::string_view kOldConditions[] = {"Expected", "ConditionalOperator"};
constexpr std::string_view kUpdates[] = {"UpdateExpression", "ConditionExpression"};
constexpr std::string_view kOldUpdates[] = {"AttributeUpdates", "Expected", "ConditionalOperator"};
constexpr std::string_view kProjections[] = {"ProjectionExpression"};
constexpr std::string_view kOldProjections[] = {"AttributesToGet"};

json::object perform(Context& ctx, const json::object& request, ItemWrite write) {
    const Table table = usable_table(ctx, request);
    const PlannedWrite planned = plan_write(ctx, table, write);
    const ConsumedCapacity consumed = carry_out(ctx, table, planned);

    json::object reply;
    const std::string wanted = text_member(request, "ReturnValues", "NONE");
    if (auto attributes = returned_attributes(wanted, write, planned)) {
        reply["Attributes"] = *std::move(attributes);
    }
    report_capacity(request, table, consumed, reply);
    json::object metrics = item_collection_metrics(request, table, planned);
    if (!metrics.empty()) reply["ItemCollectionMetrics"] = std::move(metrics);
    return reply;
}

// The reply with a last member Item, serialized.
std::string with_item_text(const json::object& reply, const std::string& item) {
    constexpr std::string_view kMember = "\"Item\":";
    std::string text;
    if (reply.empty()) {
        text.reserve(item.size() + kMember.size() + 2);
        text = '{';
    } else {
        text = json::serialize(reply);
        text.back() = ',';
    }
    text += kMember;
    text += item;
    text += '}';
    return text;
}

}  // namespace

json::object put_item(Context& ctx, const json::object& request) {
    check_return_values_of_deep(request);
    ItemWrite write;
    with_envelope([&] {
        check_expression_parameters(request, kConditions, kOldConditions);
        write.item = NormalItem::in(object_member(request, "Item"));
        check_return_values(request);
    });
    check_size(write.item);
    with_envelope([&] {
        write.condition = parse_expected(request);
        parse_expressions(request, ValueLayer::current, write);
    });
    return perform(ctx, request, std::move(write));
}

json::object update_item(Context& ctx, const json::object& request) {
    ItemWrite write;
    write.kind = ItemWrite::Kind::update;
    with_envelope([&] {
        check_expression_parameters(request, kUpdates, kOldUpdates);
        write.item = NormalItem::in(object_member(request, "Key"));
        write.update = parse_attribute_updates(request);
        write.condition = parse_expected(request);
        parse_expressions(request, ValueLayer::current, write);
    });
    return perform(ctx, request, std::move(write));
}

// Deleting an absent item succeeds and writes no stream record.
json::object delete_item(Context& ctx, const json::object& request) {
    check_return_values_of_deep(request);
    ItemWrite write;
    write.kind = ItemWrite::Kind::erase;
    with_envelope([&] {
        check_expression_parameters(request, kConditions, kOldConditions);
        write.item = NormalItem::in(object_member(request, "Key"));
        check_return_values(request);
        write.condition = parse_expected(request);
        parse_expressions(request, ValueLayer::current, write);
    });
    return perform(ctx, request, std::move(write));
}

json::object get_item(Context& ctx, const json::object& request) {
    check_expression_parameters(request, kProjections, kOldProjections);
    const NormalItem key_item = NormalItem::in(object_member(request, "Key"));
    check_attributes_to_get(request);
    ExpressionAttributes attributes(request);
    const std::optional<Projection> projection = parse_projection_of(request, attributes);
    attributes.check_all_used();
    const Table table = usable_table(ctx, request);
    const Key key = key_of(table, key_item.item());
    check_projection(table, projection);
    const StoredText* found = find_item_text(ctx, table, key);

    json::object reply;
    const bool consistent = flag_member(request, "ConsistentRead");
    report_capacity(request, table, {read_half_units(found ? found->size : 0, consistent), {}, {}},
                    reply);
    if (!found) return reply;
    if (ctx.takes_text && !projection) {
        ctx.reply_text = with_item_text(reply, found->item);
        return {};
    }
    Item item = parse_stored(found->item);
    reply["Item"] = projection ? project(*projection, item) : std::move(item);
    return reply;
}

}  // namespace sbemu::dynamodb
