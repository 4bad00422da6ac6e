#include "fakes/kinesis/kinesis.h"

#include "fakes/kinesis/operations.h"
#include "fakes/kinesis/streams.h"

namespace sbemu::kinesis {
namespace {

constexpr Operation kOperations[] = {
    {"AddTagsToStream", add_tags_to_stream},
    {"CreateStream", create_stream},
    {"DecreaseStreamRetentionPeriod", decrease_stream_retention_period},
    {"DeleteStream", delete_stream},
    {"DescribeLimits", describe_limits},
    {"DescribeStream", describe_stream},
    {"DescribeStreamSummary", describe_stream_summary},
    {"GetRecords", get_records},
    {"GetShardIterator", get_shard_iterator},
    {"IncreaseStreamRetentionPeriod", increase_stream_retention_period},
    {"ListShards", list_shards},
    {"ListStreams", list_streams},
    {"ListTagsForStream", list_tags_for_stream},
    {"PutRecord", put_record},
    {"PutRecords", put_records},
    {"RemoveTagsFromStream", remove_tags_from_stream},
};
constexpr TimerHandler kTimers[] = {{"settle", settle_stream}};

}  // namespace

const Service& service() {
    static const Service kService{"kinesis", kOperations, {}, kTimers, kSchema};
    return kService;
}

}  // namespace sbemu::kinesis
