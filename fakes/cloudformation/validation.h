// Checks of a template with its parameter values: what CreateStack and UpdateStack refuse at once.
#pragma once

#include <boost/json/object.hpp>

#include "fakes/cloudformation/intrinsics.h"
#include "fakes/cloudformation/template.h"

namespace sbemu::cloudformation {

// References that lead nowhere, cycles, types and attributes that do not exist, the form of every
// function. Throws ApiError (ValidationError) with AWS's text (facts/cloudformation.md 2.10).
void check_template(const Template& parsed, const Values& values);

// The same as far as it goes without values, for ValidateTemplate: types, references, cycles.
void check_references(const Template& parsed);

// What is wrong with a Fn::GetAtt in the Outputs; empty if nothing is. AWS finds this only after
// the stack's operation has begun (facts/cloudformation.md, "Twenty things" 20).
std::string wrong_output_attribute(const Template& parsed);

// InsufficientCapabilitiesException unless the request's Capabilities allow the template.
void check_capabilities(const Template& parsed, const boost::json::object& request);

}  // namespace sbemu::cloudformation
