#include "fakes/kinesis/requests.h"

#include "emulator/core/arn.h"
#include "emulator/core/members.h"
#include "fakes/kinesis/errors.h"

namespace sbemu::kinesis {

std::string stream_name_of(const boost::json::object& request) {
    if (auto name = find_text(request, "StreamName")) return *name;
    const auto text = find_text(request, "StreamARN");
    // assumed text: no recording of a request without both.
    if (!text) throw invalid_argument("Either StreamName or StreamARN should be provided.");
    const auto arn = parse_arn(*text);
    static constexpr std::string_view kPrefix = "stream/";
    if (!arn || arn->service != "kinesis" || !arn->resource.starts_with(kPrefix)) {
        throw invalid_argument("Invalid StreamARN: " + *text);  // assumed
    }
    return arn->resource.substr(kPrefix.size());
}

Stream existing_stream(Context& ctx, const boost::json::object& request) {
    const std::string name = stream_name_of(request);
    auto stream = find_stream(ctx, name);
    if (!stream) throw stream_not_found(name, ctx.caller.account);
    return *std::move(stream);
}

Stream usable_stream(Context& ctx, const boost::json::object& request) {
    Stream stream = existing_stream(ctx, request);
    if (stream.status == "CREATING" || stream.status == "DELETING") {
        throw stream_not_found(stream.name, ctx.caller.account);
    }
    return stream;
}

Stream active_stream(Context& ctx, const boost::json::object& request) {
    Stream stream = existing_stream(ctx, request);
    if (stream.status != "ACTIVE") {
        throw ApiError("ResourceInUseException",
                       "Stream " + stream.name + " under account " + ctx.caller.account +
                           " not ACTIVE, instead in state " + stream.status);
    }
    return stream;
}

}  // namespace sbemu::kinesis
