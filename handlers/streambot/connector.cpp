#include <boost/json.hpp>
#include <charconv>

#include "handlers/runtime/text.h"
#include "handlers/streambot/custom_resource.h"
#include "handlers/streambot/function_reference.h"
#include "handlers/streambot/streambot.h"

namespace json = boost::json;

namespace sbemu::streambot {
namespace {

constexpr int kBatchSizeDefault = 100;

// The pair that a mapping connects, and where.
struct Connection {
    std::string region;
    std::string function_name;
    std::string stream_arn;

    static Connection parse(const json::object& properties) {
        return {text_property(properties, "FunctionRegion"),
                text_property(properties, "FunctionName"), text_property(properties, "StreamArn")};
    }
    bool is_complete() const {
        return !region.empty() && !function_name.empty() && !stream_arn.empty();
    }
    bool is_same(const Connection& other) const {
        return region == other.region && stream_arn == other.stream_arn &&
               is_same_function(function_name, other.function_name);
    }
};

[[noreturn]] void refuse_property(const std::string& name, const json::value& value,
                                  const std::string& wanted) {
    throw std::invalid_argument("Invalid StreambotConnector parameters: " + name + " " +
                                json::serialize(value) + " is not " + wanted);
}

// CloudFormation sends every scalar as a string (cloudformation.md 1.2); other callers may not.
json::value batch_size_of(const json::object& properties) {
    const json::value* value = properties.if_contains("BatchSize");
    if (value == nullptr || value->is_null()) return kBatchSizeDefault;
    if (value->is_number()) return *value;
    const std::string text = text_property(properties, "BatchSize");
    if (value->is_string() && text.empty()) return kBatchSizeDefault;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
        refuse_property("BatchSize", *value, "a number");
    }
    return number;
}

bool is_enabled(const json::object& properties) {
    const json::value* value = properties.if_contains("Enabled");
    if (value == nullptr) return true;
    if (value->is_bool()) return value->get_bool();
    const std::string text = lambda_runtime::to_lower(text_property(properties, "Enabled"));
    if (text != "true" && text != "false") refuse_property("Enabled", *value, "true or false");
    return text == "true";
}

bool is_uuid(const std::string& text) {
    constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    if (text.size() != kForm.size()) return false;
    for (std::size_t i = 0; i < kForm.size(); ++i) {
        const bool is_hex =
            std::string_view("0123456789abcdefABCDEF").find(text[i]) != std::string_view::npos;
        if (kForm[i] == 'x' ? !is_hex : text[i] != '-') return false;
    }
    return true;
}

// A mapping that is being deleted can be neither kept nor deleted again; one of another qualifier
// is another mapping, should the list be generous.
bool is_of(const json::object& mapping, const Connection& connection) {
    const std::string function_arn = text_property(mapping, "FunctionArn");
    return text_property(mapping, "State") != "Deleting" &&
           (function_arn.empty() || is_same_function(function_arn, connection.function_name));
}

// The connection's mapping: the one called `preferred_uuid` if it is among them, else the first,
// else "".
std::string find_mapping(const Connection& connection, const std::string& preferred_uuid,
                         Aws& aws) {
    std::string first_uuid;
    json::object params{{"EventSourceArn", connection.stream_arn},
                        {"FunctionName", connection.function_name}};
    for (;;) {
        const json::object page =
            aws.call("lambda", connection.region, "ListEventSourceMappings", params);
        const json::value* mappings = page.if_contains("EventSourceMappings");
        if (mappings != nullptr && mappings->is_array()) {
            for (const json::value& entry : mappings->get_array()) {
                if (!entry.is_object() || !is_of(entry.get_object(), connection)) continue;
                const std::string uuid = text_property(entry.get_object(), "UUID");
                if (uuid == preferred_uuid) return uuid;
                if (first_uuid.empty()) first_uuid = uuid;
            }
        }
        const std::string marker = text_property(page, "NextMarker");
        if (marker.empty()) return first_uuid;
        params["Marker"] = marker;
    }
}

json::object settings_of(const Connection& connection, const json::object& properties) {
    return {{"FunctionName", connection.function_name},
            {"BatchSize", batch_size_of(properties)},
            {"Enabled", is_enabled(properties)}};
}

std::string update_mapping(const Connection& connection, const std::string& uuid,
                           json::object settings, Aws& aws) {
    settings["UUID"] = uuid;
    const json::object mapping =
        aws.call("lambda", connection.region, "UpdateEventSourceMapping", settings);
    const std::string answered = text_property(mapping, "UUID");
    return answered.empty() ? uuid : answered;
}

std::string create_mapping(const Connection& connection, const json::object& properties,
                           const json::object& settings, Aws& aws) {
    json::object params = settings;
    const std::string position = text_property(properties, "StartingPosition");
    params["StartingPosition"] = position.empty() ? "TRIM_HORIZON" : position;
    params["EventSourceArn"] = connection.stream_arn;
    try {
        return text_property(
            aws.call("lambda", connection.region, "CreateEventSourceMapping", params), "UUID");
    } catch (const AwsError& error) {
        // After a retry the mapping in the way is the one that the first try, whose answer was
        // lost, has made.
        if (error.code != "ResourceConflictException" || error.attempts == 1) throw;
        const std::string uuid = find_mapping(connection, "", aws);
        if (uuid.empty()) throw;
        return uuid;
    }
}

// The id stays as given, whatever its form, while the pair does: a new one would make
// CloudFormation delete the old one, and with Streambot's own ids (log stream names) that Delete
// would find the living mapping by its properties.
std::string id_after_keeping(const CustomResourceRequest& request, const Connection& connection,
                             const std::string& uuid) {
    const bool is_same_pair =
        !request.old_properties || Connection::parse(*request.old_properties).is_same(connection);
    const bool keeps_id = request.type == RequestType::update && is_same_pair &&
                          !request.physical_resource_id.empty() &&
                          !is_failed_create_id(request.physical_resource_id);
    return keeps_id ? request.physical_resource_id : uuid;
}

Success keep_mapping(const CustomResourceRequest& request, Aws& aws) {
    const Connection connection = Connection::parse(request.properties);
    if (!connection.is_complete()) {
        throw std::invalid_argument("Invalid StreambotConnector parameters");
    }
    const json::object settings = settings_of(connection, request.properties);
    const std::string existing = find_mapping(connection, request.physical_resource_id, aws);
    const std::string uuid = existing.empty()
                                 ? create_mapping(connection, request.properties, settings, aws)
                                 : update_mapping(connection, existing, settings, aws);
    return {id_after_keeping(request, connection, uuid), json::object{{"UUID", uuid}}};
}

// True when there is no such mapping any more.
bool delete_mapping(const Connection& connection, const std::string& uuid, Aws& aws) {
    try {
        aws.call("lambda", connection.region, "DeleteEventSourceMapping", {{"UUID", uuid}});
        return false;
    } catch (const AwsError& error) {
        if (error.code != "ResourceNotFoundException") throw;
        return true;
    }
}

// By UUID if the id is one: then nothing else can be hit. By the properties for any other id, and
// when an Update had to make the mapping anew and so the id's is gone.
void remove_mapping(const CustomResourceRequest& request, Context& context, Aws& aws) {
    const Connection connection = Connection::parse(request.properties);
    // An incomplete or refused Create made no mapping, and its rollback must pass.
    if (!connection.is_complete() || is_failed_create_id(request.physical_resource_id)) return;
    if (is_uuid(request.physical_resource_id) &&
        !delete_mapping(connection, request.physical_resource_id, aws)) {
        return;
    }
    std::string uuid;
    try {
        uuid = find_mapping(connection, "", aws);
    } catch (const AwsError& error) {
        context.log("Cannot list event source mappings: " + error.code + ": " + error.what());
        return;
    }
    if (!uuid.empty()) delete_mapping(connection, uuid, aws);
}

Success manage_mapping(const CustomResourceRequest& request, Context& context, Aws& aws) {
    context.log(request.type_name + " eventSourceMapping for " + request.stack_id + ": " +
                text_property(request.properties, "StreamArn") + " - " +
                text_property(request.properties, "FunctionName"));
    if (request.type != RequestType::remove) return keep_mapping(request, aws);
    remove_mapping(request, context, aws);
    return {request.physical_resource_id.empty() ? failed_create_id(request)
                                                 : request.physical_resource_id,
            nullptr};
}

}  // namespace

json::value connector(const json::value& event, Context& context, Aws& aws) {
    return answer(event, context, aws, [&](const CustomResourceRequest& request) {
        return manage_mapping(request, context, aws);
    });
}

}  // namespace sbemu::streambot
