// The operations of DynamoDB and its streams, each a Handler; their tables are in dynamodb.cpp.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "emulator/core/context.h"

namespace sbemu::dynamodb {

boost::json::object batch_execute_statement(Context& ctx, const boost::json::object& request);
boost::json::object batch_get_item(Context& ctx, const boost::json::object& request);
boost::json::object batch_write_item(Context& ctx, const boost::json::object& request);
boost::json::object create_backup(Context& ctx, const boost::json::object& request);
boost::json::object create_table(Context& ctx, const boost::json::object& request);
boost::json::object delete_backup(Context& ctx, const boost::json::object& request);
boost::json::object delete_item(Context& ctx, const boost::json::object& request);
boost::json::object delete_resource_policy(Context& ctx, const boost::json::object& request);
boost::json::object delete_table(Context& ctx, const boost::json::object& request);
boost::json::object describe_backup(Context& ctx, const boost::json::object& request);
boost::json::object describe_continuous_backups(Context& ctx, const boost::json::object& request);
boost::json::object describe_contributor_insights(Context& ctx, const boost::json::object& request);
boost::json::object describe_endpoints(Context& ctx, const boost::json::object& request);
boost::json::object describe_kinesis_streaming_destination(Context& ctx,
                                                           const boost::json::object& request);
boost::json::object describe_limits(Context& ctx, const boost::json::object& request);
boost::json::object describe_table(Context& ctx, const boost::json::object& request);
boost::json::object describe_time_to_live(Context& ctx, const boost::json::object& request);
boost::json::object disable_kinesis_streaming_destination(Context& ctx,
                                                          const boost::json::object& request);
boost::json::object enable_kinesis_streaming_destination(Context& ctx,
                                                         const boost::json::object& request);
boost::json::object execute_statement(Context& ctx, const boost::json::object& request);
boost::json::object execute_transaction(Context& ctx, const boost::json::object& request);
boost::json::object get_item(Context& ctx, const boost::json::object& request);
boost::json::object get_resource_policy(Context& ctx, const boost::json::object& request);
boost::json::object list_backups(Context& ctx, const boost::json::object& request);
boost::json::object list_contributor_insights(Context& ctx, const boost::json::object& request);
boost::json::object list_tables(Context& ctx, const boost::json::object& request);
boost::json::object list_tags_of_resource(Context& ctx, const boost::json::object& request);
boost::json::object put_item(Context& ctx, const boost::json::object& request);
boost::json::object query(Context& ctx, const boost::json::object& request);
boost::json::object put_resource_policy(Context& ctx, const boost::json::object& request);
boost::json::object restore_table_from_backup(Context& ctx, const boost::json::object& request);
boost::json::object restore_table_to_point_in_time(Context& ctx,
                                                   const boost::json::object& request);
boost::json::object scan(Context& ctx, const boost::json::object& request);
boost::json::object tag_resource(Context& ctx, const boost::json::object& request);
boost::json::object transact_get_items(Context& ctx, const boost::json::object& request);
boost::json::object transact_write_items(Context& ctx, const boost::json::object& request);
boost::json::object untag_resource(Context& ctx, const boost::json::object& request);
boost::json::object update_contributor_insights(Context& ctx, const boost::json::object& request);
boost::json::object update_item(Context& ctx, const boost::json::object& request);
boost::json::object update_continuous_backups(Context& ctx, const boost::json::object& request);
boost::json::object update_kinesis_streaming_destination(Context& ctx,
                                                         const boost::json::object& request);
boost::json::object update_table(Context& ctx, const boost::json::object& request);
boost::json::object update_time_to_live(Context& ctx, const boost::json::object& request);

// Timers "settle", "settle-encryption" and "settle-warm", keyed by the table's ARN, "settle-index",
// keyed by the index's, "settle-insights", by either, and "settle-destination", by the table's and
// the stream's: they reach the state they are on the way to.
void settle_table(Context& ctx, std::string_view arn);
void settle_index(Context& ctx, std::string_view arn);
void settle_warm_throughput(Context& ctx, std::string_view arn);
void settle_encryption(Context& ctx, std::string_view arn);
void settle_contributor_insights(Context& ctx, std::string_view arn);
void settle_kinesis_destination(Context& ctx, std::string_view key);
// Timer "expire", without a key: deletes what has expired, some at a time.
void expire_items(Context& ctx, std::string_view);

namespace streams {
boost::json::object describe_stream(Context& ctx, const boost::json::object& request);
boost::json::object get_records(Context& ctx, const boost::json::object& request);
boost::json::object get_shard_iterator(Context& ctx, const boost::json::object& request);
boost::json::object list_streams(Context& ctx, const boost::json::object& request);
}  // namespace streams

}  // namespace sbemu::dynamodb
