#include "fakes/lambda/runtimes.h"

#include <algorithm>
#include <string_view>

#include "fakes/lambda/errors.h"

namespace sbemu::lambda {
namespace {

constexpr std::string_view kRunnable[] = {
    "nodejs",          "nodejs4.3",  "nodejs4.3-edge", "nodejs6.10", "nodejs8.10",
    "nodejs10.x",      "nodejs12.x", "nodejs14.x",     "nodejs16.x", "nodejs18.x",
    "nodejs20.x",      "nodejs22.x", "nodejs24.x",     "provided",   "provided.al2",
    "provided.al2023", "python3.6",  "python3.7",      "python3.8",  "python3.9",
    "python3.10",      "python3.11", "python3.12",     "python3.13", "python3.14",
};

constexpr std::string_view kOthers[] = {
    "dotnet10",      "dotnet6",   "dotnet8",   "dotnetcore1.0", "dotnetcore2.0", "dotnetcore2.1",
    "dotnetcore3.1", "go1.x",     "java11",    "java17",        "java21",        "java25",
    "java8",         "java8.al2", "python2.7", "ruby2.5",       "ruby2.7",       "ruby3.2",
    "ruby3.3",       "ruby3.4",   "ruby4.0",
};

// As AWS lists them (facts/lambda.md 3.4; recorded in test_lambda_api,
// test_create_lambda_exceptions).
constexpr std::string_view kListed =
    "[nodejs20.x, python3.14, provided.al2023, python3.12, python3.13, nodejs24.x, nodejs22.x, "
    "java25, python3.10, python3.11, java21, ruby3.3, ruby3.4, ruby3.2, python3.8, python3.9, "
    "java17, nodejs16.x, dotnet10, dotnet8, java11, dotnet6, nodejs18.x, provided.al2, java8.al2]";

}  // namespace

void check_runtime(const std::string& runtime) {
    if (std::find(std::begin(kRunnable), std::end(kRunnable), runtime) != std::end(kRunnable)) {
        return;
    }
    if (std::find(std::begin(kOthers), std::end(kOthers), runtime) != std::end(kOthers)) {
        throw not_implemented("the Lambda runtime " + runtime);
    }
    throw invalid_parameter("Value " + runtime +
                            " at 'runtime' failed to satisfy constraint: Member must satisfy enum "
                            "value set: " +
                            std::string(kListed) + " or be a valid ARN");
}

}  // namespace sbemu::lambda
