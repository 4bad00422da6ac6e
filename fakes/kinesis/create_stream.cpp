// CreateStream and DeleteStream. Both answer at once; a timer due now completes them.
#include <boost/json.hpp>

#include "emulator/core/check.h"
#include "emulator/core/members.h"
#include "emulator/core/timers.h"
#include "fakes/kinesis/errors.h"
#include "fakes/kinesis/operations.h"
#include "fakes/kinesis/requests.h"

namespace sbemu::kinesis {
namespace json = boost::json;
namespace {

// A stream on demand starts with four shards (facts/dynamodb-kinesis.md 3.4).
constexpr std::int64_t kOnDemandShards = 4;
constexpr std::int64_t kShardLimit = 20000;  // AWS's default in its largest regions

std::string timer_key(const Context& ctx, std::string_view stream) {
    return arn_of(ctx.caller, stream);
}

void check_shard_limit(Context& ctx, std::int64_t shard_count) {
    const std::int64_t present = count_shards_of_account(ctx);
    if (present + shard_count <= kShardLimit) return;
    throw ApiError(
        "LimitExceededException",
        "This request would exceed the shard limit for the account " + ctx.caller.account + " in " +
            ctx.caller.region + ". Current shard count for the account: " +
            std::to_string(present) + ". Limit: " + std::to_string(kShardLimit) +
            ". Number of additional shards that would have resulted from this request: " +
            std::to_string(shard_count) +
            ". Refer to the AWS Service Limits page"
            " (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current"
            " limits and how to request higher limits.");
}

}  // namespace

json::object create_stream(Context& ctx, const json::object& request) {
    const std::string name = text_member(request, "StreamName");
    const auto shard_count = find_number(request, "ShardCount");
    const json::object* mode_details = find_object(request, "StreamModeDetails");
    const std::string mode = mode_details  ? text_member(*mode_details, "StreamMode")
                             : shard_count ? "PROVISIONED"
                                           : "ON_DEMAND";
    if (mode == "PROVISIONED" && !shard_count) {
        throw ApiError("ValidationException",  // assumed
                       "ShardCount is required when the stream mode is PROVISIONED.");
    }
    if (mode == "ON_DEMAND" && shard_count) {
        throw ApiError("ValidationException",  // assumed
                       "ShardCount must not be given when the stream mode is ON_DEMAND.");
    }
    const json::object* tags = find_object(request, "Tags");
    if (tags) check_tags(*tags);
    if (find_stream(ctx, name)) {
        throw ApiError("ResourceInUseException", "Stream " + name + " under account " +
                                                     ctx.caller.account + " already exists.");
    }
    const std::int64_t shards = shard_count.value_or(kOnDemandShards);
    check_shard_limit(ctx, shards);

    Stream stream;
    stream.name = name;
    stream.status = "CREATING";
    stream.mode = mode;
    stream.max_record_kibibytes = number_member(request, "MaxRecordSizeInKiB", 1024);
    stream.created = to_milliseconds(ctx.now);
    stream = insert_stream(ctx, stream, shards);
    if (tags) {
        for (const auto& [key, value] : *tags) put_tag(ctx, stream, key, value.as_string());
    }
    set_timer(ctx, "kinesis", "settle", timer_key(ctx, name), ctx.now);
    return {};
}

json::object delete_stream(Context& ctx, const json::object& request) {
    const Stream stream = existing_stream(ctx, request);
    if (stream.status == "DELETING") return {};
    set_status(ctx, stream, "DELETING");
    set_timer(ctx, "kinesis", "settle", timer_key(ctx, stream.name), ctx.now);
    return {};
}

void settle_stream(Context& ctx, std::string_view arn) {
    const auto stream = find_stream(ctx, arn.substr(arn.find('/') + 1));
    SBEMU_CHECK(stream);  // only this timer removes streams
    if (stream->status == "DELETING") {
        erase_stream(ctx, *stream);
    } else {
        set_status(ctx, *stream, "ACTIVE");
    }
}

}  // namespace sbemu::kinesis
