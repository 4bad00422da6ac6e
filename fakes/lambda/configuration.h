// The configuration of a function: what a client may set, its limits, and how it is answered.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "fakes/lambda/rows.h"

namespace sbemu::lambda {

// Takes the settings of a CreateFunction or UpdateFunctionConfiguration request over into
// `settings`, which start empty at creation. Throws InvalidParameterValueException for what AWS
// refuses, NotImplemented for what sbemu does not do.
void take_settings(const boost::json::object& request, const std::string& function_name,
                   boost::json::object& settings);

// FunctionConfiguration as Create, Get and Update answer it; `arn` with the qualifier asked for.
boost::json::object configuration_of(const Context& ctx, const Function& function,
                                     const std::string& arn);
// As lists have it: without State and LastUpdateStatus (facts/lambda.md 3.2).
boost::json::object listed_configuration_of(const Context& ctx, const Function& function,
                                            const std::string& arn);

// What the host needs to run it: the "Function" of fakes/lambda/lambda.h.
boost::json::object host_function_of(const Context& ctx, const Function& function);

// "arn:aws:lambda:<region>::runtime:<hex>", one for each runtime.
std::string runtime_version_arn(const Context& ctx, std::string_view runtime);

// Seconds, megabytes, name.
std::int64_t timeout_of(const Function& function);
std::int64_t memory_size_of(const Function& function);
std::string log_group_of(const Function& function);

}  // namespace sbemu::lambda
