// What AWS says to a value of the wrong JSON type: each family of services in its own words.
#pragma once

#include <boost/json/fwd.hpp>
#include <string_view>

#include "emulator/core/error.h"
#include "emulator/core/model.h"

namespace sbemu::model {

enum class Family { dynamodb, kinesis, json, rest_json, query, rest_xml };

Family family_of(const Service& service);

// `seen` is not null and not of the shape's type. `path`: "keySchema.1.member.keyType".
ApiError type_error(Family family, const Shape& wanted, const boost::json::value& seen,
                    std::string_view path);

// Nothing if the text is base64; else the words after "can not be converted to a Blob".
std::string base64_fault(std::string_view text);

ApiError blob_error(Family family, std::string_view text, const std::string& fault);

}  // namespace sbemu::model
