#include "fakes/dynamodb/dynamodb.h"

#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {
namespace {

constexpr Operation kOperations[] = {
    {"BatchExecuteStatement", batch_execute_statement},
    {"BatchGetItem", batch_get_item},
    {"BatchWriteItem", batch_write_item},
    {"CreateTable", create_table},
    {"DeleteItem", delete_item},
    {"DeleteTable", delete_table},
    {"DescribeContinuousBackups", describe_continuous_backups},
    {"DescribeTable", describe_table},
    {"DescribeTimeToLive", describe_time_to_live},
    {"ExecuteStatement", execute_statement},
    {"ExecuteTransaction", execute_transaction},
    {"GetItem", get_item},
    {"ListTables", list_tables},
    {"ListTagsOfResource", list_tags_of_resource},
    {"PutItem", put_item},
    {"Query", query},
    {"Scan", scan},
    {"TagResource", tag_resource},
    {"TransactGetItems", transact_get_items},
    {"TransactWriteItems", transact_write_items},
    {"UntagResource", untag_resource},
    {"UpdateItem", update_item},
    {"UpdateTable", update_table},
};
constexpr TimerHandler kTimers[] = {{"settle", settle_table}};

constexpr Operation kStreamOperations[] = {
    {"DescribeStream", streams::describe_stream},
    {"GetRecords", streams::get_records},
    {"GetShardIterator", streams::get_shard_iterator},
    {"ListStreams", streams::list_streams},
};

}  // namespace

const Service& service() {
    static const Service kService{"dynamodb", kOperations, {}, kTimers, kSchema};
    return kService;
}

const Service& streams_service() {
    static constexpr Service kService{"dynamodbstreams", kStreamOperations, {}, {}, ""};
    return kService;
}

}  // namespace sbemu::dynamodb
