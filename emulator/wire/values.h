// Results and parameters by shape: JSON text, XML text, and times in each protocol's form.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

#include "emulator/core/json_text.h"
#include "emulator/core/model.h"

namespace sbemu::wire {

struct XmlElement;

using sbemu::append_json;  // plain JSON text

// JSON text of a value of this shape: its times, milliseconds, become seconds.
void append_json(std::string& out, const model::Member& member, const boost::json::value& value);

// A structure's members that travel in the body, as a JSON object.
void append_json_object(std::string& out, const model::Shape& shape,
                        const boost::json::object& value);

// Times in a request body become milliseconds. What is no time stays, for check_request.
void read_times(const model::Shape& shape, boost::json::object& request);

// <name>...</name> of a value; a flattened list gives several elements.
void append_xml(std::string& out, const model::Member& member, const boost::json::value& value);
// The elements of a structure's body members, without an element around them.
void append_xml_members(std::string& out, const model::Shape& shape,
                        const boost::json::object& value);

boost::json::value value_from_xml(const model::Member& member, const XmlElement& element);

// A scalar as a header has it.
std::string header_text(const model::Member& member, const boost::json::value& value);

}  // namespace sbemu::wire
