// Reading events that somebody logged: anything may be missing or of another type in them.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>

#include "emulator/core/time.h"

namespace sbemu {

// These throw CaptureError; `of` names the event in its text.
const boost::json::array& records_of(const boost::json::object& event);
const boost::json::object& record_at(const boost::json::object& event, std::size_t index,
                                     const std::string& of);
const boost::json::object& member_object(const boost::json::object& object, const char* name,
                                         const std::string& of);
std::string required_text(const boost::json::object& object, const char* name,
                          const std::string& of);

// When the record arrived in its stream.
std::optional<Time> time_of_record(const boost::json::object& record);
// Of its first record; of a custom resource's request as its ResponseURL was signed.
std::optional<Time> time_of_event(const boost::json::object& event);

}  // namespace sbemu
