// IncreaseStreamRetentionPeriod and DecreaseStreamRetentionPeriod.
#include <boost/json.hpp>

#include "emulator/core/members.h"
#include "fakes/kinesis/errors.h"
#include "fakes/kinesis/operations.h"
#include "fakes/kinesis/requests.h"

namespace sbemu::kinesis {
namespace json = boost::json;
namespace {

constexpr std::int64_t kShortest = 24;
constexpr std::int64_t kLongest = 8760;

std::int64_t requested_hours(const json::object& request) {
    const std::int64_t hours = number_member(request, "RetentionPeriodHours", kShortest);
    if (hours < kShortest) {
        throw invalid_argument(
            "Minimum allowed retention period is 24 hours. Requested retention "
            "period (" +
            std::to_string(hours) + " hours) is too short.");
    }
    if (hours > kLongest) {  // limit: facts/dynamodb-kinesis.md 3.4; text after the older 168 h one
        throw invalid_argument(
            "Maximum allowed retention period is 8760 hours. Requested "
            "retention period (" +
            std::to_string(hours) + " hours) is too long.");
    }
    return hours;
}

ApiError wrong_direction(const Stream& stream, std::int64_t hours, const std::string& relation,
                         const std::string& other_operation) {
    return invalid_argument(
        "Requested retention period (" + std::to_string(hours) + " hours) for stream " +
        stream.name + " can not be " + relation + " than existing retention period (" +
        std::to_string(stream.retention_hours) + " hours). Use " + other_operation + " API.");
}

}  // namespace

json::object increase_stream_retention_period(Context& ctx, const json::object& request) {
    const std::int64_t hours = requested_hours(request);
    const Stream stream = active_stream(ctx, request);
    if (hours < stream.retention_hours) {
        throw wrong_direction(stream, hours, "shorter", "DecreaseRetentionPeriod");
    }
    set_retention(ctx, stream, hours);
    return {};
}

json::object decrease_stream_retention_period(Context& ctx, const json::object& request) {
    const std::int64_t hours = requested_hours(request);
    const Stream stream = active_stream(ctx, request);
    if (hours > stream.retention_hours) {
        throw wrong_direction(stream, hours, "longer", "IncreaseRetentionPeriod");
    }
    set_retention(ctx, stream, hours);
    return {};
}

}  // namespace sbemu::kinesis
