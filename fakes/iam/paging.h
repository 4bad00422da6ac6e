// Marker and MaxItems, as every List operation of IAM has them.
#pragma once

#include <boost/json.hpp>
#include <functional>

namespace sbemu::iam {

// Cuts a sorted list to one page: result[member] gets the page, IsTruncated and, if there is more,
// Marker are set. `name_of` gives what the list is sorted by. Throws ValidationError.
void put_page(boost::json::object& result, std::string_view member,
              const boost::json::object& request, const boost::json::array& entries,
              const std::function<std::string(const boost::json::value&)>& name_of);

}  // namespace sbemu::iam
