#include "emulator/core/json_text.h"

#include <boost/json.hpp>

namespace sbemu {

boost::json::value parse_json(std::string_view text, boost::system::error_code& error) {
    boost::json::parse_options options;
    options.max_depth = kDeepestJson;
    return boost::json::parse(text, error, {}, options);
}

boost::json::value parse_json(std::string_view text) {
    boost::system::error_code error;
    boost::json::value value = parse_json(text, error);
    if (error) throw boost::system::system_error(error);
    return value;
}

}  // namespace sbemu
