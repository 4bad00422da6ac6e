#include "fakes/lambda/errors.h"

#include <boost/json.hpp>

namespace sbemu::lambda {

ApiError user_error(const std::string& code, const std::string& message, int status) {
    ApiError error(code, message, status);
    error.fields = {{"Type", "User"}};
    return error;
}

ApiError invalid_parameter(const std::string& message) {
    return user_error("InvalidParameterValueException", message, 400);
}

ApiError resource_not_found(const std::string& message) {
    return user_error("ResourceNotFoundException", message, 404);
}

ApiError resource_conflict(const std::string& message) {
    return user_error("ResourceConflictException", message, 409);
}

ApiError resource_in_use(const std::string& message) {
    return user_error("ResourceInUseException", message, 400);
}

ApiError function_not_found(const std::string& arn) {
    return resource_not_found("Function not found: " + arn);
}

ApiError revision_mismatch(const std::string& getter) {
    return user_error("PreconditionFailedException",
                      "The Revision Id provided does not match the latest Revision Id. Call the " +
                          getter + " API to retrieve the latest Revision Id",
                      412);
}

ApiError request_too_large(const std::string& message) {
    return {"RequestEntityTooLargeException", message, 413};
}

}  // namespace sbemu::lambda
