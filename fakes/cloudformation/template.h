// A template: parsed, and checked as far as it can be without values.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <string>
#include <string_view>

namespace sbemu::cloudformation {

struct Template {
    boost::json::object document;  // JSON; YAML's short forms are long ones here

    // A section of the template ("Resources", "Outputs"); empty if absent.
    const boost::json::object& section(std::string_view name) const;
    // One resource. It must be there.
    const boost::json::object& resource(std::string_view logical_id) const;
};

// JSON or YAML, whichever it is. Throws ApiError (ValidationError) with AWS's text
// (facts/cloudformation.md 2.10).
Template parse_template(const std::string& body);

// What the template's IAM resources require of the caller: "", "CAPABILITY_IAM" or
// "CAPABILITY_NAMED_IAM".
std::string required_capability(const Template& parsed);

}  // namespace sbemu::cloudformation
