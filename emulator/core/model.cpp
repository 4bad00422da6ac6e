#include "emulator/core/model.h"

#include <boost/json.hpp>

namespace sbemu {

void check_request(std::string_view, std::string_view, const boost::json::object&) {}

boost::json::object conform_request(std::string_view, std::string_view,
                                    const boost::json::object& request) {
    return request;
}

}  // namespace sbemu
