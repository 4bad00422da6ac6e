// What Lambda remembers: functions, invocations in flight, event source mappings and their shards.
// All SQL of the service is behind these declarations.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/core/context.h"

namespace sbemu::lambda {

extern const std::string_view kSchema;

struct Function {
    std::string name;
    std::string environment;  // names the processes that run this code and configuration
    std::string revision_id;
    bool active = false;    // false: still Pending
    bool updating = false;  // LastUpdateStatus is InProgress
    std::int64_t last_modified = 0;
    std::string code_hash;    // the kernel blob with the package
    std::string code_sha256;  // base64, as CodeSha256 has it
    std::int64_t code_size = 0;
    boost::json::object settings;  // the members of FunctionConfiguration a client may set
    boost::json::object tags;
    boost::json::array policy;  // statements
    std::string policy_revision_id;

    // Invocations wait until this is so.
    bool is_ready() const { return active && !updating; }
};

std::optional<Function> find_function(Context& ctx, std::string_view name);
void insert_function(Context& ctx, const Function& function);
void update_function(Context& ctx, const Function& function);
void erase_function(Context& ctx, std::string_view name);
// Ordered by name, after `start`.
std::vector<Function> list_functions(Context& ctx, std::string_view start, std::int64_t limit);
struct FunctionKey {
    Caller caller;
    std::string name;
};
std::vector<FunctionKey> list_all_functions(Store& store);

enum class InvocationKind { sync, async, mapping };
enum class InvocationState {
    queued,      // the function is not ready
    handed_out,  // the host has it
    running,     // a process has it: its deadline runs
    retrying,    // waits for its retry timer
    timed_out,   // over; only its log is awaited
};

struct Invocation {
    std::string id;
    Caller caller;
    std::string function_name;
    std::string request_id;  // as the handler sees it; the same in every attempt
    std::string invoked_arn;
    InvocationKind kind = InvocationKind::async;
    InvocationState state = InvocationState::queued;
    std::int64_t deferred_event = 0;  // sync: the call that waits
    bool wants_log = false;           // sync: LogType Tail
    std::string payload;
    std::optional<std::string> client_context;  // JSON text
    std::int64_t attempt = 1;
    std::optional<std::int64_t> started_at;
    // Of the function when it was handed out: code may change or go meanwhile.
    std::int64_t memory_size = 0;
    std::int64_t timeout_seconds = 0;
    std::string log_group;
    // mapping: whose batch this is.
    std::string mapping;
    std::string shard;
};

void insert_invocation(Context& ctx, const Invocation& invocation);
// By id, in any account.
std::optional<Invocation> find_invocation(Store& store, std::string_view id);
bool has_invocation_of_request(Context& ctx, std::string_view request_id);
void update_invocation(Context& ctx, const Invocation& invocation);
void erase_invocation(Context& ctx, std::string_view id);
// In the order they arrived.
std::vector<Invocation> list_queued_invocations(Context& ctx, std::string_view function_name);
std::vector<Invocation> list_all_invocations(Store& store);

enum class MappingState { creating, enabling, enabled, disabling, disabled, updating, deleting };
std::string_view state_name(MappingState state);

struct Mapping {
    std::int64_t number = 0;  // order of creation
    std::string uuid;
    Caller caller;
    std::string source_arn;
    std::string function_name;
    std::string function_arn;  // with the qualifier as given
    MappingState state = MappingState::creating;
    bool enabled = true;  // what it is or is becoming
    std::int64_t batch_size = 100;
    std::string starting_position;
    std::optional<std::int64_t> starting_timestamp;
    std::int64_t maximum_retry_attempts = -1;
    std::int64_t maximum_record_age_seconds = -1;
    std::int64_t last_modified = 0;
    std::string last_processing_result = "No records processed";
    bool positioned = false;  // its shards have positions
};

void insert_mapping(Context& ctx, const Mapping& mapping);
std::optional<Mapping> find_mapping(Context& ctx, std::string_view uuid);
std::optional<Mapping> find_duplicate(Context& ctx, std::string_view source_arn,
                                      std::string_view function_arn);
void update_mapping(Context& ctx, const Mapping& mapping);
void set_last_processing_result(Context& ctx, const Mapping& mapping, std::string_view result);
void erase_mapping(Context& ctx, std::string_view uuid);  // with its shards
// In order of creation, after `number`; an empty filter takes all.
std::vector<Mapping> list_mappings(Context& ctx, std::string_view source_arn,
                                   std::string_view function_arn, std::int64_t after,
                                   std::int64_t limit);
std::vector<Mapping> list_mappings_of_function(Context& ctx, std::string_view function_name);
std::vector<Mapping> list_all_mappings(Store& store);

enum class ShardPhase {
    waiting,  // for its parents to be drained
    reading,
    drained,
};

struct Shard {
    std::string mapping;
    std::string id;
    std::string parent;  // empty if none; the adjacent parent of a merge beside it
    std::string adjacent_parent;
    ShardPhase phase = ShardPhase::reading;
    // Where to read on: "TRIM_HORIZON", "AT_TIMESTAMP" with milliseconds, or
    // "AFTER_SEQUENCE_NUMBER" with the last sequence number done with.
    std::string position_type;
    std::string position;
    std::string invocation;        // the batch in flight; empty if none
    std::int64_t attempts = 0;     // failed ones of the current batch
    std::int64_t batch_count = 0;  // records of the current batch
    std::string batch_end;         // its last sequence number
};

void insert_shard(Context& ctx, const Shard& shard);
std::optional<Shard> find_shard(Context& ctx, std::string_view mapping, std::string_view id);
void update_shard(Context& ctx, const Shard& shard);
std::vector<Shard> list_shards(Context& ctx, std::string_view mapping);

struct IdleShard {
    Caller caller;
    std::string mapping;
    std::string shard;
};
// Shards of enabled mappings of this stream that are reading and have neither a batch in flight
// nor one to retry.
std::vector<IdleShard> list_idle_shards(Store& store, std::string_view source_arn);

}  // namespace sbemu::lambda
