// What CloudWatch Contributor Insights is told of a table or a global index. Only the setting is
// kept: sbemu has no CloudWatch, so the rules that it names count nothing.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>

namespace sbemu::dynamodb {

// The mode and the time of the rules stay when it is DISABLED, and mean nothing then.
struct ContributorInsights {
    std::string status;           // ENABLING, ENABLED, DISABLING, DISABLED, FAILED
    std::string mode;             // ACCESSED_AND_THROTTLED_KEYS, THROTTLED_KEYS
    std::int64_t rules_made = 0;  // milliseconds: part of the names of the rules
    std::int64_t updated = 0;     // milliseconds
    // There was no room for its rules; told until it is DISABLED or ENABLED.
    bool has_failed = false;

    // As rows keep it.
    static ContributorInsights of(const boost::json::object& written);
    boost::json::object written() const;
};

}  // namespace sbemu::dynamodb
