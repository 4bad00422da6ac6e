// The operations of DynamoDB and its streams, each a Handler; their tables are in dynamodb.cpp.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "emulator/core/context.h"

namespace sbemu::dynamodb {

boost::json::object batch_execute_statement(Context& ctx, const boost::json::object& request);
boost::json::object batch_get_item(Context& ctx, const boost::json::object& request);
boost::json::object batch_write_item(Context& ctx, const boost::json::object& request);
boost::json::object create_table(Context& ctx, const boost::json::object& request);
boost::json::object delete_item(Context& ctx, const boost::json::object& request);
boost::json::object delete_table(Context& ctx, const boost::json::object& request);
boost::json::object describe_continuous_backups(Context& ctx, const boost::json::object& request);
boost::json::object describe_table(Context& ctx, const boost::json::object& request);
boost::json::object describe_time_to_live(Context& ctx, const boost::json::object& request);
boost::json::object execute_statement(Context& ctx, const boost::json::object& request);
boost::json::object execute_transaction(Context& ctx, const boost::json::object& request);
boost::json::object get_item(Context& ctx, const boost::json::object& request);
boost::json::object list_tables(Context& ctx, const boost::json::object& request);
boost::json::object list_tags_of_resource(Context& ctx, const boost::json::object& request);
boost::json::object put_item(Context& ctx, const boost::json::object& request);
boost::json::object query(Context& ctx, const boost::json::object& request);
boost::json::object scan(Context& ctx, const boost::json::object& request);
boost::json::object tag_resource(Context& ctx, const boost::json::object& request);
boost::json::object transact_get_items(Context& ctx, const boost::json::object& request);
boost::json::object transact_write_items(Context& ctx, const boost::json::object& request);
boost::json::object untag_resource(Context& ctx, const boost::json::object& request);
boost::json::object update_item(Context& ctx, const boost::json::object& request);
boost::json::object update_table(Context& ctx, const boost::json::object& request);

// Timer "settle", keyed by table ARN: a table reaches the state it is on the way to.
void settle_table(Context& ctx, std::string_view arn);

namespace streams {
boost::json::object describe_stream(Context& ctx, const boost::json::object& request);
boost::json::object get_records(Context& ctx, const boost::json::object& request);
boost::json::object get_shard_iterator(Context& ctx, const boost::json::object& request);
boost::json::object list_streams(Context& ctx, const boost::json::object& request);
}  // namespace streams

}  // namespace sbemu::dynamodb
