#include "fakes/dynamodb/stream_records.h"

#include <boost/json.hpp>

#include "emulator/core/check.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/kinesis_destinations.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::int64_t kShardLifetime = 4L * 3'600'000;  // milliseconds: facts 2, Lifetime

std::string padded(std::int64_t value, std::size_t width) {
    std::string digits = std::to_string(value);
    if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
    return digits;
}

json::object describe_change(const Context& ctx, const Table& table, const Stream& stream,
                             const Item* old_item, const Item* new_item) {
    // Whole seconds (facts/dynamodb-kinesis.md 2), as everywhere in milliseconds.
    json::object change{{"ApproximateCreationDateTime", to_milliseconds(ctx.now) / 1000 * 1000}};
    const std::size_t size = add_images(table, stream.view_type, old_item, new_item, change);
    change["SequenceNumber"] = sequence_number_text(stream.next_sequence);
    change["SizeBytes"] = size;
    change["StreamViewType"] = stream.view_type;
    return change;
}

StreamShard new_shard(Context& ctx, const Stream& stream) {
    const std::string begun = padded(to_milliseconds(ctx.now), 20);
    return {"shardId-" + begun + "-" + ctx.random.hex(8), stream.next_sequence, std::nullopt,
            std::nullopt};
}

// Numbers of the child come after that with which the parent ends.
void replace_shard(Context& ctx, Stream& stream) {
    const auto parent = find_open_shard(ctx, stream);
    SBEMU_CHECK(parent);
    close_shard(ctx, stream);
    ++stream.next_sequence;
    StreamShard child = new_shard(ctx, stream);
    child.parent = parent->id;
    open_shard(ctx, stream, child);
}

void put_on_stream(Context& ctx, const Table& table, const Item* old_item, const Item* new_item,
                   ChangedBy by) {
    auto stream = find_stream(ctx, *table.stream);
    SBEMU_CHECK(stream);
    if (to_milliseconds(ctx.now) - stream->shard_opened >= kShardLifetime) {
        replace_shard(ctx, *stream);
    }
    json::object record{{"eventID", ctx.random.hex(32)},
                        {"eventName", name_of_change(old_item, new_item)},
                        {"eventVersion", "1.1"},
                        {"eventSource", "aws:dynamodb"},
                        {"awsRegion", ctx.caller.region},
                        {"dynamodb", describe_change(ctx, table, *stream, old_item, new_item)}};
    if (by == ChangedBy::time_to_live) {
        record["userIdentity"] = {{"PrincipalId", "dynamodb.amazonaws.com"}, {"Type", "Service"}};
    }
    append_record(ctx, *stream, json::serialize(record));
    ctx.announce("stream.records", stream->arn);
}

}  // namespace

std::string sequence_number_text(std::int64_t sequence) { return "1" + padded(sequence, 20); }

std::optional<std::int64_t> parse_sequence_number(std::string_view text) {
    if (text.size() != 21 || text[0] != '1' || text[1] != '0') return std::nullopt;
    std::int64_t sequence = 0;
    for (const char c : text.substr(3)) {
        if (c < '0' || c > '9') return std::nullopt;
        sequence = sequence * 10 + (c - '0');
    }
    return sequence;
}

void begin_stream(Context& ctx, Table& table, json::object& description,
                  std::string_view view_type) {
    Stream stream;
    stream.table_name = table.name;
    stream.status = "ENABLING";
    stream.view_type = view_type;
    stream.key_schema = json::serialize(description.at("KeySchema"));
    stream.created = to_milliseconds(ctx.now);
    // A label is a moment; a second stream of the same moment takes the next one.
    Time moment = ctx.now;
    do {
        stream.label = iso_time(moment);
        stream.label.pop_back();  // no Z
        stream.arn = table_arn(ctx.caller, table.name) + "/stream/" + stream.label;
        moment += Duration{1};
    } while (find_stream(ctx, stream.arn));
    stream.id = insert_stream(ctx, stream);
    open_shard(ctx, stream, new_shard(ctx, stream));
    table.stream = stream.id;
    description["StreamSpecification"] = {{"StreamEnabled", true}, {"StreamViewType", view_type}};
    description["LatestStreamLabel"] = stream.label;
    description["LatestStreamArn"] = stream.arn;
}

void end_stream(Context& ctx, std::int64_t id) {
    auto stream = find_stream(ctx, id);
    SBEMU_CHECK(stream);
    close_shard(ctx, *stream);
    stream->status = "DISABLING";
    stream->ended = to_milliseconds(ctx.now);
    update_stream(ctx, *stream);
}

std::string_view name_of_change(const Item* old_item, const Item* new_item) {
    if (!old_item) return "INSERT";
    return new_item ? "MODIFY" : "REMOVE";
}

std::size_t add_images(const Table& table, std::string_view view_type, const Item* old_item,
                       const Item* new_item, json::object& record) {
    SBEMU_CHECK(new_item || old_item);
    const Item keys = key_attributes(table, new_item ? *new_item : *old_item);
    std::size_t size = size_of_item(keys);
    record["Keys"] = keys;
    const bool both = view_type == "NEW_AND_OLD_IMAGES";
    if (new_item && (both || view_type == "NEW_IMAGE")) {
        record["NewImage"] = *new_item;
        size += size_of_item(*new_item);
    }
    if (old_item && (both || view_type == "OLD_IMAGE")) {
        record["OldImage"] = *old_item;
        size += size_of_item(*old_item);
    }
    return size;
}

void record_change(Context& ctx, const Table& table, const Item* old_item, const Item* new_item,
                   ChangedBy by) {
    if (!table.stream && !table.destination) return;
    if (old_item && new_item && equal_items(*old_item, *new_item)) return;
    if (table.stream) put_on_stream(ctx, table, old_item, new_item, by);
    if (table.destination) put_on_destination(ctx, table, old_item, new_item, by);
}

}  // namespace sbemu::dynamodb
