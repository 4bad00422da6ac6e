// Streambot's two custom resources and its configuration wrapper, as functions over an event, a
// context and AWS. What they keep of streambot@4.0.0 and what not: facts/streambot.md, last
// section.
#pragma once
#include <boost/json/fwd.hpp>
#include <optional>
#include <string>

#include "handlers/runtime/runtime_loop.h"

namespace sbemu::streambot {

inline constexpr const char* kTableName = "streambot-env";

// Custom::StreambotEnv: keeps the row {name: FunctionName, env: JSON text of all other properties}
// of the table streambot-env.
boost::json::value env(const boost::json::value& event, lambda_runtime::Context& context,
                       lambda_runtime::Aws& aws);

// Custom::StreambotConnector: keeps the event source mapping between StreamArn and FunctionName in
// FunctionRegion. Data.UUID names it.
boost::json::value connector(const boost::json::value& event, lambda_runtime::Context& context,
                             lambda_runtime::Aws& aws);

// The service with its configuration: before each invocation the row of its own name is read and
// every variable of it set. No row is no error; a row that cannot be read fails the invocation.
lambda_runtime::Service with_configuration(lambda_runtime::Service service);

// What the package streambot.zip serves: index.env and index.connector.
std::optional<lambda_runtime::Service> service_of(const std::string& handler);

}  // namespace sbemu::streambot
