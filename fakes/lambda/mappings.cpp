#include "fakes/lambda/mappings.h"

#include <algorithm>
#include <boost/json.hpp>

#include "emulator/core/encoding.h"
#include "emulator/core/timers.h"
#include "fakes/lambda/errors.h"
#include "fakes/lambda/names.h"
#include "fakes/lambda/poller.h"
#include "fakes/lambda/request.h"
#include "fakes/lambda/rows.h"
#include "fakes/lambda/stream_source.h"

namespace sbemu::lambda {
namespace json = boost::json;
namespace {

constexpr std::int64_t kPageLimit = 100;  // facts/lambda.md 1.5

// facts/lambda.md 1.2. FilterCriteria and its like are absent while they are empty.
json::object mapping_result(const Mapping& mapping) {
    json::object result{{"BatchSize", mapping.batch_size},
                        {"BisectBatchOnFunctionError", false},
                        {"DestinationConfig", {{"OnFailure", json::object{}}}},
                        {"EventSourceArn", mapping.source_arn},
                        {"EventSourceMappingArn",
                         mapping.caller.arn("lambda", "event-source-mapping:" + mapping.uuid)},
                        {"FunctionArn", mapping.function_arn},
                        {"FunctionResponseTypes", json::array{}},
                        {"LastModified", mapping.last_modified},
                        {"LastProcessingResult", mapping.last_processing_result},
                        {"MaximumBatchingWindowInSeconds", 0},
                        {"MaximumRecordAgeInSeconds", mapping.maximum_record_age_seconds},
                        {"MaximumRetryAttempts", mapping.maximum_retry_attempts},
                        {"ParallelizationFactor", 1},
                        {"StartingPosition", mapping.starting_position},
                        {"State", state_name(mapping.state)},
                        {"StateTransitionReason", "User action"},
                        {"TumblingWindowInSeconds", 0},
                        {"UUID", mapping.uuid}};
    if (mapping.starting_timestamp) {
        result["StartingPositionTimestamp"] = *mapping.starting_timestamp;
    }
    return result;
}

void refuse_what_is_not_there(const json::object& request) {
    for (const std::string_view member :
         {"MaximumBatchingWindowInSeconds", "BisectBatchOnFunctionError", "TumblingWindowInSeconds",
          "FunctionResponseTypes", "SelfManagedEventSource", "SourceAccessConfigurations", "Topics",
          "Queues", "AmazonManagedKafkaEventSourceConfig", "SelfManagedKafkaEventSourceConfig",
          "ScalingConfig", "DocumentDBEventSourceConfig", "KMSKeyArn", "MetricsConfig",
          "LoggingConfig", "ProvisionedPollerConfig", "Tags"}) {
        if (asks_for(request, member)) {
            throw not_implemented("lambda event source mapping " + std::string(member));
        }
    }
    if (find_number(request, "ParallelizationFactor").value_or(1) != 1) {
        throw not_implemented("lambda event source mapping ParallelizationFactor");
    }
    if (const json::object* filters = find_object(request, "FilterCriteria")) {
        if (asks_for(*filters, "Filters")) {
            throw not_implemented("lambda event source mapping FilterCriteria");
        }
    }
}

void check_destinations(const json::object& request) {
    const json::object* destinations = find_object(request, "DestinationConfig");
    if (!destinations) return;
    if (asks_for(*destinations, "OnSuccess")) {  // facts/lambda.md 1.4
        throw invalid_parameter(
            "Unsupported DestinationConfig parameter for given event source mapping type.");
    }
    const json::object* failure = find_object(*destinations, "OnFailure");
    if (failure && asks_for(*failure, "Destination")) {
        throw not_implemented("lambda event source mapping DestinationConfig.OnFailure");
    }
}

void take_settings(const json::object& request, Mapping& mapping) {
    refuse_what_is_not_there(request);
    check_destinations(request);
    if (const auto size = find_number(request, "BatchSize")) mapping.batch_size = *size;
    if (const auto enabled = find_flag(request, "Enabled")) mapping.enabled = *enabled;
    if (const auto attempts = find_number(request, "MaximumRetryAttempts")) {
        mapping.maximum_retry_attempts = *attempts;
    }
    const auto age = find_number(request, "MaximumRecordAgeInSeconds");
    if (!age) return;
    if (*age >= 0 && *age < 60) {  // facts/lambda.md 1.4
        throw invalid_parameter(
            "MaximumRecordAgeInSeconds must be either -1 (forever) or between 60 and 604800 "
            "(inclusive)");
    }
    mapping.maximum_record_age_seconds = *age;
}

StreamSource parse_source(const json::object& request) {
    const auto arn = find_text(request, "EventSourceArn");
    if (!arn) {
        if (asks_for(request, "SelfManagedEventSource")) {
            throw not_implemented("lambda event source mapping SelfManagedEventSource");
        }
        throw invalid_parameter("Unrecognized event source.");
    }
    if (auto source = parse_stream_source(*arn)) {
        if (source->name.find('/') != std::string::npos) {
            throw not_implemented("lambda event source mappings of Kinesis stream consumers");
        }
        return *source;
    }
    for (const std::string_view service : {"sqs", "kafka", "mq", "rds"}) {
        if (arn->find(":" + std::string(service) + ":") != std::string::npos) {
            throw not_implemented("lambda event source mappings of " + std::string(service));
        }
    }
    throw invalid_parameter("Unrecognized event source.");
}

void take_starting_position(const json::object& request, const StreamSource& source,
                            const Context& ctx, Mapping& mapping) {
    const auto position = find_text(request, "StartingPosition");
    if (!position) {  // this code, with a full stop (facts/lambda.md 1.4)
        throw invalid_parameter(
            "1 validation error detected: Value null at 'startingPosition' failed to satisfy "
            "constraint: Member must not be null.");
    }
    mapping.starting_position = *position;
    const auto timestamp = find_number(request, "StartingPositionTimestamp");
    if (*position != "AT_TIMESTAMP") {
        if (timestamp) {  // text assumed
            throw invalid_parameter(
                "StartingPositionTimestamp is only valid when StartingPosition is AT_TIMESTAMP.");
        }
        return;
    }
    if (source.type == SourceType::dynamodb) {
        throw invalid_parameter("Unsupported starting position for arn type: " + source.arn);
    }
    if (!timestamp || *timestamp > to_milliseconds(ctx.now)) {  // texts assumed
        throw invalid_parameter(timestamp ? "StartingPositionTimestamp must not be in the future."
                                          : "StartingPositionTimestamp is required when "
                                            "StartingPosition is AT_TIMESTAMP.");
    }
    mapping.starting_timestamp = timestamp;
}

void take_function(Context& ctx, const std::string& text, Mapping& mapping) {
    const FunctionReference reference = parse_function_name(ctx, text, std::nullopt);
    if (!find_function(ctx, reference.name) || !reference.is_latest()) {
        throw invalid_parameter("Function does not exist");  // 400, not 404
    }
    mapping.function_name = reference.name;
    mapping.function_arn = function_arn(ctx, reference.name, reference.qualifier);
}

void check_stream_exists(Context& ctx, const StreamSource& source) {
    const auto found = list_stream_shards(ctx, source);
    const auto* error = std::get_if<ApiError>(&found);
    if (!error || error->code == "ResourceInUseException") return;  // being created
    if (error->code == "ResourceNotFoundException") {
        throw invalid_parameter("Stream not found: " + source.arn);
    }
    throw *error;
}

void check_not_mapped_yet(Context& ctx, const Mapping& mapping) {
    const auto other = find_duplicate(ctx, mapping.source_arn, mapping.function_arn);
    if (!other) return;
    throw resource_conflict("The event source arn (\" " + mapping.source_arn +
                            " \") and function (\" " + mapping.function_name +
                            " \") provided mapping already exists. Please update or delete the "
                            "existing mapping with UUID " +
                            other->uuid);
}

Mapping existing_mapping(Context& ctx, const json::object& request) {
    auto mapping = find_mapping(ctx, required_text(request, "UUID"));
    if (!mapping) throw resource_not_found("The resource you requested does not exist.");
    return std::move(*mapping);
}

void check_not_in_transition(const Mapping& mapping, const std::string& verb) {
    if (mapping.state == MappingState::enabled || mapping.state == MappingState::disabled) return;
    throw resource_in_use("Cannot " + verb + " the event source mapping because it is in use.");
}

void begin_transition(Context& ctx, const Mapping& mapping) {
    set_timer(ctx, "lambda", "mapping-transition", mapping.uuid, ctx.now);
}

}  // namespace

json::object create_event_source_mapping(Context& ctx, const json::object& request) {
    const StreamSource source = parse_source(request);
    Mapping mapping;
    mapping.caller = ctx.caller;
    mapping.source_arn = source.arn;
    take_starting_position(request, source, ctx, mapping);
    take_settings(request, mapping);
    take_function(ctx, required_text(request, "FunctionName"), mapping);
    check_stream_exists(ctx, source);
    check_not_mapped_yet(ctx, mapping);
    mapping.uuid = ctx.random.uuid();
    mapping.last_modified = to_milliseconds(ctx.now);

    insert_mapping(ctx, mapping);
    begin_transition(ctx, mapping);
    return mapping_result(mapping);
}

void finish_transition(Context& ctx, std::string_view uuid) {
    auto mapping = find_mapping(ctx, uuid);
    if (!mapping) return;
    if (mapping->state == MappingState::deleting) {
        cancel_polls(ctx, *mapping);
        erase_mapping(ctx, mapping->uuid);
        return;
    }
    mapping->state = mapping->enabled ? MappingState::enabled : MappingState::disabled;
    if (mapping->enabled) start_polling(ctx, *mapping);
    update_mapping(ctx, *mapping);
}

json::object get_event_source_mapping(Context& ctx, const json::object& request) {
    return mapping_result(existing_mapping(ctx, request));
}

json::object list_event_source_mappings(Context& ctx, const json::object& request) {
    std::string filter_arn;
    if (const auto name = find_text(request, "FunctionName")) {
        const FunctionReference reference = parse_function_name(ctx, *name, std::nullopt);
        filter_arn = function_arn(ctx, reference.name, reference.qualifier);
        const bool is_known = find_function(ctx, reference.name) && reference.is_latest();
        // A deleted function's mappings are still there to be found (facts/lambda.md 1.3).
        if (!is_known && list_mappings(ctx, "", filter_arn, 0, 1).empty()) {
            throw function_not_found(filter_arn);
        }
    }
    const std::int64_t limit =
        std::min(find_number(request, "MaxItems").value_or(kPageLimit), kPageLimit);
    std::int64_t after = 0;
    if (const auto marker = find_text(request, "Marker")) {
        const std::string decoded = base64_decode(*marker).value_or("");
        if (decoded.empty() || decoded.size() > 18 ||
            decoded.find_first_not_of("0123456789") != std::string::npos) {
            throw invalid_parameter("Invalid Marker");  // text assumed
        }
        after = std::stoll(decoded);
    }
    auto found = list_mappings(ctx, find_text(request, "EventSourceArn").value_or(""), filter_arn,
                               after, limit + 1);
    const bool has_more = found.size() > static_cast<std::size_t>(limit);
    if (has_more) found.pop_back();
    json::array mappings;
    for (const Mapping& mapping : found) mappings.push_back(mapping_result(mapping));
    json::object answer{{"EventSourceMappings", std::move(mappings)}};
    if (has_more) answer["NextMarker"] = base64_encode(std::to_string(found.back().number));
    return answer;
}

json::object update_event_source_mapping(Context& ctx, const json::object& request) {
    Mapping mapping = existing_mapping(ctx, request);
    check_not_in_transition(mapping, "update");
    const bool was_enabled = mapping.enabled;
    take_settings(request, mapping);
    if (const auto name = find_text(request, "FunctionName")) take_function(ctx, *name, mapping);
    const auto other = find_duplicate(ctx, mapping.source_arn, mapping.function_arn);
    if (other && other->uuid != mapping.uuid) check_not_mapped_yet(ctx, mapping);

    mapping.state = mapping.enabled == was_enabled ? MappingState::updating
                    : mapping.enabled              ? MappingState::enabling
                                                   : MappingState::disabling;
    mapping.last_modified = to_milliseconds(ctx.now);
    update_mapping(ctx, mapping);
    begin_transition(ctx, mapping);
    return mapping_result(mapping);
}

json::object delete_event_source_mapping(Context& ctx, const json::object& request) {
    Mapping mapping = existing_mapping(ctx, request);
    check_not_in_transition(mapping, "delete");
    mapping.state = MappingState::deleting;
    mapping.last_modified = to_milliseconds(ctx.now);
    update_mapping(ctx, mapping);
    begin_transition(ctx, mapping);
    return mapping_result(mapping);
}

}  // namespace sbemu::lambda
