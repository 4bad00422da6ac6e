// The operations of Kinesis, each a Handler; the table of them is in kinesis.cpp.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "emulator/core/context.h"

namespace sbemu::kinesis {

boost::json::object add_tags_to_stream(Context& ctx, const boost::json::object& request);
boost::json::object create_stream(Context& ctx, const boost::json::object& request);
boost::json::object decrease_stream_retention_period(Context& ctx,
                                                     const boost::json::object& request);
boost::json::object delete_stream(Context& ctx, const boost::json::object& request);
boost::json::object describe_limits(Context& ctx, const boost::json::object& request);
boost::json::object describe_stream(Context& ctx, const boost::json::object& request);
boost::json::object describe_stream_summary(Context& ctx, const boost::json::object& request);
boost::json::object get_records(Context& ctx, const boost::json::object& request);
boost::json::object get_shard_iterator(Context& ctx, const boost::json::object& request);
boost::json::object increase_stream_retention_period(Context& ctx,
                                                     const boost::json::object& request);
boost::json::object list_shards(Context& ctx, const boost::json::object& request);
boost::json::object list_streams(Context& ctx, const boost::json::object& request);
boost::json::object list_tags_for_stream(Context& ctx, const boost::json::object& request);
boost::json::object put_record(Context& ctx, const boost::json::object& request);
boost::json::object put_records(Context& ctx, const boost::json::object& request);
boost::json::object remove_tags_from_stream(Context& ctx, const boost::json::object& request);

// Timer "settle", keyed by stream ARN: a stream reaches the state it is on the way to.
void settle_stream(Context& ctx, std::string_view arn);

// Throws for tags of a CreateStream or AddTagsToStream request.
void check_tags(const boost::json::object& tags);

}  // namespace sbemu::kinesis
