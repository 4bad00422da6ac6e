#include "fakes/dynamodb/dynamodb.h"

#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {
namespace {

constexpr Operation kOperations[] = {
    {"BatchExecuteStatement", batch_execute_statement},
    {"BatchGetItem", batch_get_item},
    {"BatchWriteItem", batch_write_item},
    {"CreateBackup", create_backup},
    {"CreateTable", create_table},
    {"DeleteBackup", delete_backup},
    {"DeleteItem", delete_item},
    {"DeleteResourcePolicy", delete_resource_policy},
    {"DeleteTable", delete_table},
    {"DescribeBackup", describe_backup},
    {"DescribeContinuousBackups", describe_continuous_backups},
    {"DescribeContributorInsights", describe_contributor_insights},
    {"DescribeEndpoints", describe_endpoints},
    {"DescribeKinesisStreamingDestination", describe_kinesis_streaming_destination},
    {"DescribeLimits", describe_limits},
    {"DescribeTable", describe_table},
    {"DescribeTimeToLive", describe_time_to_live},
    {"DisableKinesisStreamingDestination", disable_kinesis_streaming_destination},
    {"EnableKinesisStreamingDestination", enable_kinesis_streaming_destination},
    {"ExecuteStatement", execute_statement},
    {"ExecuteTransaction", execute_transaction},
    {"GetItem", get_item},
    {"GetResourcePolicy", get_resource_policy},
    {"ListBackups", list_backups},
    {"ListContributorInsights", list_contributor_insights},
    {"ListTables", list_tables},
    {"ListTagsOfResource", list_tags_of_resource},
    {"PutItem", put_item},
    {"PutResourcePolicy", put_resource_policy},
    {"Query", query},
    {"RestoreTableFromBackup", restore_table_from_backup},
    {"RestoreTableToPointInTime", restore_table_to_point_in_time},
    {"Scan", scan},
    {"TagResource", tag_resource},
    {"TransactGetItems", transact_get_items},
    {"TransactWriteItems", transact_write_items},
    {"UntagResource", untag_resource},
    {"UpdateContinuousBackups", update_continuous_backups},
    {"UpdateContributorInsights", update_contributor_insights},
    {"UpdateItem", update_item},
    {"UpdateKinesisStreamingDestination", update_kinesis_streaming_destination},
    {"UpdateTable", update_table},
    {"UpdateTimeToLive", update_time_to_live},
};
constexpr TimerHandler kTimers[] = {{"expire", expire_items},
                                    {"settle", settle_table},
                                    {"settle-destination", settle_kinesis_destination},
                                    {"settle-encryption", settle_encryption},
                                    {"settle-index", settle_index},
                                    {"settle-insights", settle_contributor_insights},
                                    {"settle-warm", settle_warm_throughput}};

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
