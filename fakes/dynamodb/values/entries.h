// Entries of lists and maps in requests. The API model has checked their types, but lets null
// stand for any of a map's.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string_view>

#include "emulator/core/error.h"

namespace sbemu::dynamodb {

[[noreturn]] inline void refuse_null_entry() {
    throw ApiError("SerializationException", "");  // assumed
}

// Each throws SerializationException for null.
inline const boost::json::object& object_entry(const boost::json::value& entry) {
    if (!entry.is_object()) refuse_null_entry();
    return entry.get_object();
}

inline const boost::json::array& list_entry(const boost::json::value& entry) {
    if (!entry.is_array()) refuse_null_entry();
    return entry.get_array();
}

inline std::string_view text_entry(const boost::json::value& entry) {
    if (!entry.is_string()) refuse_null_entry();
    return entry.get_string();
}

}  // namespace sbemu::dynamodb
