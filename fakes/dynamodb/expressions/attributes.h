// ExpressionAttributeNames and ExpressionAttributeValues of a request, and which were used.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fakes/dynamodb/values/attribute_value.h"

namespace sbemu::dynamodb {

class ExpressionAttributes {
  public:
    // Throws ValidationException for empty maps, malformed keys and invalid values.
    explicit ExpressionAttributes(const boost::json::object& request,
                                  ValueLayer layer = ValueLayer::current);

    // Null if the reference is not defined. It counts as used.
    const std::string* name(std::string_view reference);
    const boost::json::object* value(std::string_view reference);

    // Throws ValidationException if a name or value was given and stands in no expression.
    void check_all_used() const;

  private:
    std::map<std::string, std::string, std::less<>> names_;
    Item values_;
    std::vector<std::string> given_names_;  // in their order
    std::vector<std::string> given_values_;
    std::set<std::string, std::less<>> used_;
};

}  // namespace sbemu::dynamodb
