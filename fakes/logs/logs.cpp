#include "fakes/logs/logs.h"

#include "fakes/logs/operations.h"
#include "fakes/logs/rows.h"

namespace sbemu::logs {

const Service& service() {
    static constexpr Operation kOperations[] = {
        {"CreateLogGroup", create_log_group},
        {"CreateLogStream", create_log_stream},
        {"DeleteLogGroup", delete_log_group},
        {"DeleteLogStream", delete_log_stream},
        {"DeleteRetentionPolicy", delete_retention_policy},
        {"DescribeLogGroups", describe_log_groups},
        {"DescribeLogStreams", describe_log_streams},
        {"FilterLogEvents", filter_log_events},
        {"GetLogEvents", get_log_events},
        {"ListTagsForResource", list_tags_for_resource},
        {"ListTagsLogGroup", list_tags_log_group},
        {"PutLogEvents", put_log_events},
        {"PutRetentionPolicy", put_retention_policy},
        {"TagLogGroup", tag_log_group},
        {"TagResource", tag_resource},
        {"UntagLogGroup", untag_log_group},
        {"UntagResource", untag_resource},
    };
    static const Service kService{"logs", kOperations, {}, {}, kSchema};
    return kService;
}

}  // namespace sbemu::logs
