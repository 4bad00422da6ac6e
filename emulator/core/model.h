// The API models: what operations take and answer, as botocore describes them. They drive the
// wire formats and give the generic type and constraint errors.
//
// Built on first use and then kept: a service's operations and shapes are read from the
// embedded emulator/models/<service>.json only as far as a called operation reaches. Pointers
// stay valid; all functions may be called from any thread.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/core/pattern.h"

namespace sbemu {

// Throws the service's own error for a request that does not fit the operation's input shape:
// wrong type, missing member, broken constraint. Accepts operations that are in no model.
void check_request(std::string_view service, std::string_view operation,
                   const boost::json::object& request);

// The request with its scalars converted to the types of the operation's input shape:
// CloudFormation gives "10" and "true" where an API wants 10 and true. What cannot be converted
// stays as it is, for check_request to refuse.
boost::json::object conform_request(std::string_view service, std::string_view operation,
                                    const boost::json::object& request);

namespace model {

enum class Type {
    structure,
    list,
    map,
    string,
    integer,
    long_integer,
    single,
    real,
    boolean,
    timestamp,
    blob
};
enum class Location { body, header, prefix_headers, uri, query, status };
enum class TimestampFormat { by_protocol, unix_seconds, iso8601, rfc822 };

struct Shape;

// One use of a shape: a structure's member, a list's element, a map's key or value.
struct Member {
    std::string name;       // in requests and results
    std::string wire_name;  // on the wire: header, query parameter, XML element, JSON key
    const Shape* shape = nullptr;
    Location location = Location::body;
    TimestampFormat timestamp_format = TimestampFormat::by_protocol;
    bool required = false;
    bool flattened = false;
    bool streaming = false;
    bool xml_attribute = false;
    std::string xml_namespace;
    std::string xml_prefix;
};

class LazyPattern {
  public:
    std::string text;  // empty: none
    bool matches(std::string_view value) const;

  private:
    mutable std::once_flag once_;
    mutable std::unique_ptr<Pattern> pattern_;
};

struct Shape {
    std::string name;
    Type type = Type::string;
    std::vector<Member> members;  // list: the element; map: key and value
    std::optional<double> min;    // length or value
    std::optional<double> max;
    LazyPattern pattern;
    std::vector<std::string> enumeration;
    bool flattened = false;
    bool has_times = false;        // itself or anything in it
    bool has_booleans = false;     // itself or anything in it
    bool has_constraints = false;  // itself or anything in it
    bool has_bindings = false;     // members outside the body: headers, path, query
    bool is_exception = false;
    std::string xml_namespace;  // of the elements that hold it
    std::string xml_prefix;
    const Member* payload = nullptr;  // this member is the whole body
    std::string error_code;           // exceptions: as on the wire, if not the shape's name

    const Member& element() const { return members[0]; }
    const Member& key() const { return members[0]; }
    const Member& value() const { return members[1]; }
    const Member* find(std::string_view member_name) const;
    bool is_scalar() const { return type > Type::map; }
};

struct Service {
    std::string name;      // "dynamodb"
    std::string protocol;  // "json", "query", "rest-json", "rest-xml"
    std::string json_version;
    std::string target_prefix;
    std::string api_version;
    std::string signing_name;
    std::string endpoint_prefix;
    std::string xml_namespace;
};

struct Operation {
    const Service* service = nullptr;
    std::string name;
    std::string method;
    std::string uri;
    int status = 200;
    const Shape* input = nullptr;   // null: takes nothing
    const Shape* output = nullptr;  // null: answers nothing
    std::string result_wrapper;
    bool checksum_required = false;
};

// Where a REST operation is found.
struct Route {
    std::string operation;
    std::string method;
    std::vector<std::string> segments;  // "2015-03-31", "{FunctionName}", "{Key+}"
    std::vector<std::pair<std::string, std::string>> query;  // must be there; "" is any value
    std::vector<std::string> needs;  // "?uploadId" or a lower-case header that must be there
};

const std::vector<Service>& services();
// Null if there is none.
const Service* find_service(std::string_view name);
const Operation* find_operation(std::string_view service, std::string_view operation);
const Shape* find_shape(std::string_view service, std::string_view shape);

// All operations of the model in alphabetical order, built or not; empty if there is no model.
std::vector<std::string> operation_names(std::string_view service);
const std::vector<Route>& routes(std::string_view service);

// A scalar from text, as query strings, headers and XML have it; the text itself if it does
// not fit. Times become milliseconds.
boost::json::value scalar_from_text(const Member& member, std::string_view text);

// Milliseconds from "2015-01-01T00:00:00[.000](Z|+hh:mm)", "Sun, 24 Sep 2023 00:24:15 GMT" or
// seconds "1446000000.5".
std::optional<std::int64_t> parse_time(std::string_view text);

}  // namespace model
}  // namespace sbemu
