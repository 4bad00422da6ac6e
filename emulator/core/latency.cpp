#include "emulator/core/latency.h"

#include <boost/json.hpp>

#include "emulator/core/members.h"
#include "emulator/store/store.h"

namespace sbemu {

const std::string_view kLatencySchema = R"sql(
    CREATE TABLE IF NOT EXISTS kernel_setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
)sql";

std::string_view name_of(Latency latency) { return latency == Latency::aws ? "aws" : "none"; }

Latency latency_of(Store& store) {
    const auto mode =
        store.value<std::string>("SELECT value FROM kernel_setting WHERE name = 'latency'");
    return mode == name_of(Latency::aws) ? Latency::aws : Latency::none;
}

Duration usual_duration(Context& ctx, Duration on_aws) {
    return latency_of(ctx.store) == Latency::aws ? on_aws : Duration{0};
}

boost::json::object set_latency(Context& ctx, const boost::json::object& request) {
    const std::string mode = text_member(request, "Mode");
    if (mode != name_of(Latency::none) && mode != name_of(Latency::aws)) {
        throw ApiError("ValidationException", "Mode is none or aws, not \"" + mode + "\"");
    }
    ctx.store.run("INSERT OR REPLACE INTO kernel_setting (name, value) VALUES ('latency', ?)",
                  mode);
    return {};
}

}  // namespace sbemu
