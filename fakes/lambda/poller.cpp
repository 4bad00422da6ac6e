#include "fakes/lambda/poller.h"

#include <algorithm>
#include <boost/json.hpp>

#include "emulator/core/timers.h"
#include "fakes/lambda/event_records.h"
#include "fakes/lambda/invocations.h"
#include "fakes/lambda/request.h"
#include "fakes/lambda/stream_source.h"

namespace sbemu::lambda {
namespace {

constexpr std::size_t kPayloadLimit = 6291456;  // facts/lambda.md 2.1
constexpr std::int64_t kPageLimit = 1000;       // of DynamoDB streams; Kinesis allows more
// Assumed; AWS's pace is undocumented, this one fits what was recorded (facts/lambda.md 2.3).
constexpr Duration kFirstRetryDelay{500};
constexpr Duration kLongestRetryDelay{60'000};
constexpr Duration kReadAgainDelay{1000};
constexpr std::string_view kCallFailed = "PROBLEM: Function call failed";
constexpr std::string_view kAfter = "AFTER_SEQUENCE_NUMBER";

std::string poll_key(const Shard& shard) { return shard.mapping + "/" + shard.id; }

void poll_at(Context& ctx, const Shard& shard, Time due) {
    set_timer(ctx, "lambda", "poll", poll_key(shard), due);
}

Duration retry_delay(std::int64_t failed_attempts) {
    Duration delay = kFirstRetryDelay;
    for (std::int64_t attempt = 1; attempt < failed_attempts && delay < kLongestRetryDelay;
         ++attempt) {
        delay *= 2;
    }
    return std::min(delay, kLongestRetryDelay);
}

// The records up to here are done with.
void move_checkpoint(Shard& shard, const std::string& sequence_number) {
    shard.position_type = kAfter;
    shard.position = sequence_number;
    shard.attempts = 0;
    shard.batch_count = 0;
    shard.batch_end.clear();
}

// --- where a shard starts ---

// LATEST is fixed now, as a position that does not expire: after the last record there is.
void pin_latest_of_table(Context& ctx, const StreamSource& source, Shard& shard) {
    shard.position_type = "TRIM_HORIZON";
    while (true) {
        const auto answer =
            read_stream(ctx, source, shard.id, shard.position_type, shard.position, kPageLimit);
        const auto* page = std::get_if<StreamPage>(&answer);
        if (!page || page->records.empty()) return;
        move_checkpoint(shard, page->records.back().sequence_number);
    }
}

// The same in Kinesis, which can be asked for the records of this very millisecond.
void pin_latest_of_kinesis(Context& ctx, const StreamSource& source, Shard& shard) {
    shard.position_type = "AT_TIMESTAMP";
    shard.position = std::to_string(to_milliseconds(ctx.now));
    while (true) {
        const auto answer =
            read_stream(ctx, source, shard.id, shard.position_type, shard.position, kPageLimit);
        const auto* page = std::get_if<StreamPage>(&answer);
        if (!page || page->records.empty()) return;
        move_checkpoint(shard, page->records.back().sequence_number);
    }
}

void position_shard(Context& ctx, const Mapping& mapping, const StreamSource& source,
                    Shard& shard) {
    if (mapping.starting_position == "AT_TIMESTAMP") {
        shard.position_type = "AT_TIMESTAMP";
        shard.position = std::to_string(mapping.starting_timestamp.value_or(0));
    } else if (mapping.starting_position != "LATEST") {
        shard.position_type = "TRIM_HORIZON";
    } else if (source.type == SourceType::kinesis) {
        pin_latest_of_kinesis(ctx, source, shard);
    } else {
        pin_latest_of_table(ctx, source, shard);
    }
}

bool is_known(const std::vector<Shard>& shards, const std::string& id) {
    return std::any_of(shards.begin(), shards.end(),
                       [&](const Shard& shard) { return shard.id == id; });
}

bool waits_for(const std::vector<Shard>& shards, const std::string& parent) {
    return std::any_of(shards.begin(), shards.end(), [&](const Shard& shard) {
        return shard.id == parent && shard.phase != ShardPhase::drained;
    });
}

// Makes rows of the stream's shards that have none yet. Those found at the start are read from
// the mapping's StartingPosition, those that come by resharding from their beginning.
void add_shards(Context& ctx, const Mapping& mapping, const StreamSource& source,
                const std::vector<StreamShard>& stream_shards, bool at_start) {
    const std::vector<Shard> known = list_shards(ctx, mapping.uuid);
    for (const StreamShard& found : stream_shards) {
        if (is_known(known, found.id)) continue;
        Shard shard;
        shard.mapping = mapping.uuid;
        shard.id = found.id;
        shard.parent = found.parent;
        shard.adjacent_parent = found.adjacent_parent;
        shard.phase = ShardPhase::waiting;
        if (at_start) {
            position_shard(ctx, mapping, source, shard);
        } else {
            shard.position_type = "TRIM_HORIZON";
        }
        insert_shard(ctx, shard);
    }
}

// Shards whose parents are drained, or unknown because they are gone, are read from now on.
void start_ready_shards(Context& ctx, const Mapping& mapping) {
    const std::vector<Shard> shards = list_shards(ctx, mapping.uuid);
    for (Shard shard : shards) {
        if (shard.phase != ShardPhase::waiting || waits_for(shards, shard.parent) ||
            waits_for(shards, shard.adjacent_parent)) {
            continue;
        }
        shard.phase = ShardPhase::reading;
        update_shard(ctx, shard);
        poll_at(ctx, shard, ctx.now);
    }
}

// A closed shard was read to its end: its children's turn (facts/lambda.md 2.2).
void shard_drained(Context& ctx, const Mapping& mapping, const StreamSource& source, Shard& shard) {
    shard.phase = ShardPhase::drained;
    update_shard(ctx, shard);
    const auto found = list_stream_shards(ctx, source);
    if (const auto* shards = std::get_if<std::vector<StreamShard>>(&found)) {
        add_shards(ctx, mapping, source, *shards, false);
    }
    start_ready_shards(ctx, mapping);
}

// --- one batch ---

struct Batch {
    std::string payload;
    std::int64_t count = 0;
    std::string end;  // last sequence number
};

// As many records as fit an invocation, and one at least.
Batch make_batch(const StreamSource& source, const Shard& shard, std::string_view role,
                 const std::vector<StreamRecord>& records) {
    Batch batch;
    batch.payload = R"({"Records":[)";
    for (const StreamRecord& record : records) {
        const std::string text = event_record(source, record, shard.id, role);
        if (batch.count > 0 && batch.payload.size() + text.size() + 3 > kPayloadLimit) break;
        if (batch.count > 0) batch.payload += ",";
        batch.payload += text;
        batch.count += 1;
        batch.end = record.sequence_number;
    }
    batch.payload += "]}";
    return batch;
}

// A batch that failed is retried as it was, though newer records may be there by now.
void cut_to_failed_batch(const Shard& shard, std::vector<StreamRecord>& records) {
    if (shard.attempts == 0) return;
    const auto end = std::find_if(records.begin(), records.end(), [&](const StreamRecord& record) {
        return record.sequence_number == shard.batch_end;
    });
    if (end != records.end()) records.erase(end + 1, records.end());
}

// MaximumRecordAgeInSeconds drops what is too old, and only that (facts/lambda.md 2.3).
void drop_expired(const Context& ctx, const Mapping& mapping, Shard& shard,
                  std::vector<StreamRecord>& records) {
    if (mapping.maximum_record_age_seconds < 0) return;
    const std::int64_t oldest =
        to_milliseconds(ctx.now) - mapping.maximum_record_age_seconds * 1000;
    const auto fresh =
        std::find_if(records.begin(), records.end(),
                     [&](const StreamRecord& record) { return record.arrived_at >= oldest; });
    if (fresh == records.begin()) return;
    const std::int64_t attempts = fresh == records.end() ? 0 : shard.attempts;
    const std::string batch_end = shard.batch_end;
    const std::int64_t remaining = shard.batch_count - (fresh - records.begin());
    move_checkpoint(shard, std::prev(fresh)->sequence_number);
    if (attempts > 0) {
        shard.attempts = attempts;
        shard.batch_end = batch_end;
        shard.batch_count = std::max<std::int64_t>(remaining, 1);
    }
    records.erase(records.begin(), fresh);
}

void invoke_with(Context& ctx, const Mapping& mapping, const Function& function, Shard& shard,
                 Batch batch) {
    Invocation invocation;
    invocation.id = ctx.random.uuid();
    invocation.request_id = ctx.random.uuid();
    invocation.invoked_arn = mapping.function_arn;
    invocation.kind = InvocationKind::mapping;
    invocation.payload = std::move(batch.payload);
    invocation.mapping = mapping.uuid;
    invocation.shard = shard.id;
    shard.invocation = invocation.id;
    shard.batch_count = batch.count;
    shard.batch_end = std::move(batch.end);
    update_shard(ctx, shard);
    start_invocation(ctx, function, std::move(invocation));
}

// The stream did not answer. A stream that is gone stays so; anything else passes.
void read_failed(Context& ctx, const Mapping& mapping, Shard& shard, const ApiError& error) {
    if (error.code == "TrimmedDataAccessException") {
        shard.position_type = "TRIM_HORIZON";
        shard.position.clear();
        update_shard(ctx, shard);
        poll_at(ctx, shard, ctx.now);
        return;
    }
    // Text assumed.
    set_last_processing_result(ctx, mapping, "PROBLEM: " + error.code + ": " + error.what());
    if (error.code != "ResourceNotFoundException") poll_at(ctx, shard, ctx.now + kReadAgainDelay);
}

// Reads what comes next in the shard and invokes the function with it, if there is any.
void poll_shard(Context& ctx, const Mapping& mapping, Shard& shard) {
    if (mapping.state != MappingState::enabled || shard.phase != ShardPhase::reading ||
        !shard.invocation.empty()) {
        return;
    }
    const auto function = find_function(ctx, mapping.function_name);
    if (!function) {  // the mapping stays; it is woken when the function is there again
        set_last_processing_result(ctx, mapping, kCallFailed);
        return;
    }
    if (!function->is_ready()) return;  // woken when it is
    const auto source = parse_stream_source(mapping.source_arn);
    if (!source) return;
    while (true) {
        const std::int64_t limit = shard.attempts > 0 ? shard.batch_count : mapping.batch_size;
        auto answer =
            read_stream(ctx, *source, shard.id, shard.position_type, shard.position,
                        source->type == SourceType::dynamodb ? std::min(limit, kPageLimit) : limit);
        if (const auto* error = std::get_if<ApiError>(&answer)) {
            read_failed(ctx, mapping, shard, *error);
            return;
        }
        auto& page = std::get<StreamPage>(answer);
        if (page.is_drained) {
            shard_drained(ctx, mapping, *source, shard);
            return;
        }
        if (page.records.empty()) {
            update_shard(ctx, shard);
            return;
        }
        cut_to_failed_batch(shard, page.records);
        drop_expired(ctx, mapping, shard, page.records);
        if (page.records.empty()) continue;
        const std::string role(function->settings.at("Role").as_string());
        invoke_with(ctx, mapping, *function, shard, make_batch(*source, shard, role, page.records));
        return;
    }
}

}  // namespace

void start_polling(Context& ctx, Mapping& mapping) {
    const auto source = parse_stream_source(mapping.source_arn);
    if (!source) return;
    if (mapping.positioned) {
        for (const Shard& shard : list_shards(ctx, mapping.uuid)) {
            if (shard.phase == ShardPhase::reading && shard.invocation.empty()) {
                poll_at(ctx, shard, ctx.now);
            }
        }
        return;
    }
    const auto found = list_stream_shards(ctx, *source);
    if (const auto* error = std::get_if<ApiError>(&found)) {
        set_last_processing_result(ctx, mapping, "PROBLEM: " + error->code + ": " + error->what());
        return;
    }
    mapping.positioned = true;
    add_shards(ctx, mapping, *source, std::get<std::vector<StreamShard>>(found), true);
    start_ready_shards(ctx, mapping);
}

void poll(Context& ctx, std::string_view key) {
    const auto slash = key.find('/');
    const auto mapping = find_mapping(ctx, key.substr(0, slash));
    if (!mapping) return;
    auto shard = find_shard(ctx, mapping->uuid, key.substr(slash + 1));
    if (shard) poll_shard(ctx, *mapping, *shard);
}

void batch_ended(Context& ctx, const Invocation& invocation, const Verdict& verdict) {
    auto mapping = find_mapping(ctx, invocation.mapping);
    if (!mapping) return;
    auto shard = find_shard(ctx, invocation.mapping, invocation.shard);
    if (!shard || shard->invocation != invocation.id) return;
    shard->invocation.clear();
    set_last_processing_result(ctx, *mapping, verdict.failed ? kCallFailed : "OK");
    // Retries are counted only if the batch reached the function (facts/lambda.md 2.3).
    const bool is_spent = verdict.reached_function && mapping->maximum_retry_attempts >= 0 &&
                          shard->attempts >= mapping->maximum_retry_attempts;
    if (verdict.failed && !is_spent) {
        shard->attempts += 1;
        update_shard(ctx, *shard);
        poll_at(ctx, *shard, ctx.now + retry_delay(shard->attempts));
        return;
    }
    move_checkpoint(*shard, std::string(shard->batch_end));
    update_shard(ctx, *shard);
    mapping->last_processing_result = verdict.failed ? kCallFailed : "OK";
    poll_shard(ctx, *mapping, *shard);
}

void wake_mappings_of_stream(Context& ctx, std::string_view stream_arn) {
    for (const IdleShard& idle : list_idle_shards(ctx.store, stream_arn)) {
        Context owner = ctx.as(idle.caller);
        set_timer(owner, "lambda", "poll", idle.mapping + "/" + idle.shard, ctx.now);
    }
}

void wake_mappings_of_function(Context& ctx, std::string_view function_name) {
    for (const Mapping& mapping : list_mappings_of_function(ctx, function_name)) {
        if (mapping.state != MappingState::enabled) continue;
        for (const Shard& shard : list_shards(ctx, mapping.uuid)) {
            const bool waits_to_retry =
                find_timer(ctx, "lambda", "poll", poll_key(shard)).has_value();
            if (shard.invocation.empty() && !waits_to_retry) poll_at(ctx, shard, ctx.now);
        }
    }
}

void cancel_polls(Context& ctx, const Mapping& mapping) {
    for (const Shard& shard : list_shards(ctx, mapping.uuid)) {
        cancel_timer(ctx, "lambda", "poll", poll_key(shard));
    }
}

void resume_polling(Context& ctx) {
    for (const Mapping& mapping : list_all_mappings(ctx.store)) {
        Context owner = ctx.as(mapping.caller);
        for (Shard& shard : list_shards(owner, mapping.uuid)) {
            if (shard.invocation.empty()) continue;
            shard.invocation.clear();
            update_shard(owner, shard);
            poll_at(owner, shard, ctx.now);
        }
    }
}

}  // namespace sbemu::lambda
