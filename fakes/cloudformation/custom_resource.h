// Custom resources: the request that goes to the function, the ResponseURL, and how the answer
// is judged (facts/cloudformation.md section 1).
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "emulator/core/context.h"
#include "fakes/cloudformation/rows.h"

namespace sbemu::cloudformation {

// Among a resource's attributes: its values are masked in events. No GetAtt name has a '$'.
inline constexpr std::string_view kNoEchoAttribute = "$NoEcho";

// What a response means.
struct Verdict {
    bool success = false;
    std::string reason;       // why not
    std::string physical_id;  // may be empty in a failure
    boost::json::object data;
};

// Judges the body of a PUT to the ResponseURL. Every defect has a name.
Verdict judge_response(const std::string& body, const CustomRequest& request);

// Signal: a PUT to a ResponseURL. Takes Key, Query and the body; throws as S3 does.
boost::json::object put_response(Context& ctx, const boost::json::object& request);
// A response that a fault held back arrives; the key is the call, with its body's blob.
void late_response_timer(Context& ctx, std::string_view kept_call);

// Timer: the function did not answer in time.
void response_timeout_timer(Context& ctx, std::string_view request_id);

}  // namespace sbemu::cloudformation
