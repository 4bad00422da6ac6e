// The pollers of event source mappings: one per mapping and shard, each with one batch in flight.
#pragma once

#include <string_view>

#include "fakes/lambda/outcome.h"
#include "fakes/lambda/rows.h"

namespace sbemu::lambda {

// The mapping became Enabled: fixes where its shards are read from, the first time, and reads.
void start_polling(Context& ctx, Mapping& mapping);

// Timer; key "<mapping uuid>/<shard id>": reads the next batch and invokes the function with it.
void poll(Context& ctx, std::string_view key);

// The function of the batch in flight has answered: moves the checkpoint or retries.
void batch_ended(Context& ctx, const Invocation& invocation, const Verdict& verdict);

// Polls at once whatever idles: there are new records.
void wake_mappings_of_stream(Context& ctx, std::string_view stream_arn);
// The same: the function can be invoked now.
void wake_mappings_of_function(Context& ctx, std::string_view function_name);

// The mapping is about to go.
void cancel_polls(Context& ctx, const Mapping& mapping);

// After a restart batches in flight are read and handed out again.
void resume_polling(Context& ctx);

}  // namespace sbemu::lambda
