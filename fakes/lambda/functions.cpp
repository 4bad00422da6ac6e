#include "fakes/lambda/functions.h"

#include <boost/json.hpp>

#include "emulator/core/arn.h"
#include "emulator/core/blobs.h"
#include "emulator/core/encoding.h"
#include "emulator/core/timers.h"
#include "fakes/lambda/configuration.h"
#include "fakes/lambda/errors.h"
#include "fakes/lambda/invocations.h"
#include "fakes/lambda/package.h"
#include "fakes/lambda/poller.h"
#include "fakes/lambda/request.h"

namespace sbemu::lambda {
namespace json = boost::json;
namespace {

constexpr std::size_t kNameLimit = 64;
constexpr std::int64_t kPageLimit = 50;  // facts/lambda.md 3.2

std::string arn_of(const Context& ctx, const Addressed& addressed) {
    return function_arn(ctx, addressed.function.name, addressed.reference.qualifier);
}

void set_ready_timer(Context& ctx, const Function& function) {
    set_timer(ctx, "lambda", "function-ready", function_arn(ctx, function.name), ctx.now);
}

void stop_environment(Context& ctx, const Function& function) {
    ctx.effect("lambda.stop", {{"Environment", function.environment}});
}

// facts/lambda.md 3.2.
void check_not_in_transition(const Context& ctx, const Function& function) {
    constexpr std::string_view kRefused = "The operation cannot be performed at this time. ";
    if (!function.active) {
        throw resource_conflict(std::string(kRefused) +
                                "The function is currently in the following state: Pending");
    }
    if (function.updating) {
        throw resource_conflict(std::string(kRefused) + "An update is in progress for resource: " +
                                function_arn(ctx, function.name));
    }
}

void check_revision(const json::object& request, const Function& function) {
    const auto revision = find_text(request, "RevisionId");
    if (revision && *revision != function.revision_id) {
        throw revision_mismatch("GetFunction/GetAlias");
    }
}

void check_name_length(const std::string& name) {
    if (name.size() <= kNameLimit) return;
    throw invalid_parameter("1 validation error detected: Value '" + name +
                            "' at 'functionName' failed to satisfy constraint: Member must have "
                            "length less than or equal to 64");
}

void check_package_type(const json::object& request) {
    if (find_text(request, "PackageType") == "Image") {
        throw not_implemented("lambda PackageType Image");
    }
    if (asks_for(request, "Publish")) throw not_implemented("lambda Publish");
    if (!asks_for(request, "Runtime") || !asks_for(request, "Handler")) {
        // Text as reported by clients (assumed).
        throw invalid_parameter(
            "Runtime and Handler are mandatory parameters for functions created with deployment "
            "packages.");
    }
}

void take_package(const Package& package, Function& function) {
    function.code_hash = package.code_hash;
    function.code_sha256 = package.code_sha256;
    function.code_size = package.code_size;
}

std::string stored_package_key(const Context& ctx, const Function& function) {
    return "snapshots/" + ctx.caller.account + "/" + function.name + "-" + function.code_hash;
}

// As AWS does it, a presigned URL into a bucket of Lambda's own; S3 asks for the bytes with
// ReadStoredPackage. It is good for ten minutes (facts/lambda.md 3.2).
std::string package_location(const Context& ctx, const Function& function) {
    const std::string& region = ctx.caller.region;
    const std::string date = compact_time(ctx.now);
    return "https://awslambda-" + region + "-tasks.s3." + region + ".amazonaws.com/" +
           stored_package_key(ctx, function) +
           "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" + ctx.caller.account + "%2F" +
           date.substr(0, 8) + "%2F" + region + "%2Fs3%2Faws4_request&X-Amz-Date=" + date +
           "&X-Amz-Expires=600&X-Amz-SignedHeaders=host&X-Amz-Signature=" + function.code_hash;
}

// A new environment, a new revision; Successful by the next event.
void begin_update(Context& ctx, Function& function) {
    stop_environment(ctx, function);
    function.environment = ctx.random.uuid();
    function.revision_id = ctx.random.uuid();
    function.last_modified = to_milliseconds(ctx.now);
    function.updating = true;
    update_function(ctx, function);
    set_ready_timer(ctx, function);
}

}  // namespace

Addressed addressed_function(Context& ctx, const json::object& request) {
    FunctionReference reference = parse_function_name(ctx, required_text(request, "FunctionName"),
                                                      find_text(request, "Qualifier"));
    auto function = find_function(ctx, reference.name);
    if (!function || !reference.is_latest()) {
        throw function_not_found(function_arn(ctx, reference.name, reference.qualifier));
    }
    return {std::move(reference), std::move(*function)};
}

// CreateFunction makes the function Pending; it is Active by the next event.
json::object create_function(Context& ctx, const json::object& request) {
    const std::string given_name = required_text(request, "FunctionName");
    if (given_name.find(':') == std::string::npos) check_name_length(given_name);
    Function function;
    function.name = parse_function_name(ctx, given_name, std::nullopt).name;
    check_name_length(function.name);
    check_package_type(request);
    take_settings(request, function.name, function.settings);
    if (!function.settings.contains("Role"))
        function.settings["Role"] = required_text(request, "Role");
    if (find_function(ctx, function.name)) {
        throw resource_conflict("Function already exist: " + function.name);
    }
    const json::object* code = find_object(request, "Code");
    take_package(read_package(ctx, code ? *code : json::object{}), function);
    if (const json::object* tags = find_object(request, "Tags")) function.tags = *tags;
    function.environment = ctx.random.uuid();
    function.revision_id = ctx.random.uuid();
    function.policy_revision_id = ctx.random.uuid();
    function.last_modified = to_milliseconds(ctx.now);

    insert_function(ctx, function);
    set_ready_timer(ctx, function);
    return configuration_of(ctx, function, function_arn(ctx, function.name));
}

void function_became_ready(Context& ctx, std::string_view arn) {
    const auto parsed = parse_arn(arn);
    auto function =
        find_function(ctx, parsed->resource.substr(std::string_view("function:").size()));
    if (!function) return;
    function->active = true;
    function->updating = false;
    function->revision_id = ctx.random.uuid();
    update_function(ctx, *function);
    ctx.effect("lambda.prepare", {{"Function", host_function_of(ctx, *function)}});
    start_queued_invocations(ctx, *function);
    wake_mappings_of_function(ctx, function->name);
}

void prepare_functions(Context& ctx) {
    for (const FunctionKey& key : list_all_functions(ctx.store)) {
        Context owner = ctx.as(key.caller);
        const auto function = find_function(owner, key.name);
        if (!function || !function->is_ready()) continue;
        owner.effect("lambda.prepare", {{"Function", host_function_of(owner, *function)}});
    }
}

json::object delete_function(Context& ctx, const json::object& request) {
    const FunctionReference reference = parse_function_name(
        ctx, required_text(request, "FunctionName"), find_text(request, "Qualifier"));
    const auto function = find_function(ctx, reference.name);
    if (!function) throw function_not_found(function_arn(ctx, reference.name));
    if (reference.qualifier) {  // facts/lambda.md 3.4
        if (*reference.qualifier == kLatest) {
            throw invalid_parameter(
                "$LATEST version cannot be deleted without deleting the function.");
        }
        if (reference.qualifier->find_first_not_of("0123456789") != std::string::npos) {
            throw invalid_parameter("Deletion of aliases is not currently supported.");
        }
        return {{"StatusCode", 204}};  // there is no such version: AWS does not mind
    }
    erase_function(ctx, reference.name);
    cancel_timer(ctx, "lambda", "function-ready", function_arn(ctx, reference.name));
    drop_queued_invocations(ctx, reference.name);
    stop_environment(ctx, *function);
    return {{"StatusCode", 204}};
}

json::object get_function(Context& ctx, const json::object& request) {
    const Addressed addressed = addressed_function(ctx, request);
    const Function& function = addressed.function;
    const std::string location = package_location(ctx, function);
    json::object answer{{"Configuration", configuration_of(ctx, function, arn_of(ctx, addressed))},
                        {"Code", {{"RepositoryType", "S3"}, {"Location", location}}}};
    if (!function.tags.empty()) answer["Tags"] = function.tags;
    return answer;
}

json::object read_stored_package(Context& ctx, const json::object& request) {
    const std::string key = required_text(request, "Key");
    const std::size_t start = key.rfind('/') + 1;
    const std::string name = key.substr(start, key.rfind('-') - start);
    const auto function = find_function(ctx, name);
    if (!function || stored_package_key(ctx, *function) != key) {
        throw function_not_found(function_arn(ctx, name));
    }
    ctx.reply_body = get_blob(ctx.store, function->code_hash);
    ctx.reply_blob = function->code_hash;
    return {};
}

json::object get_function_configuration(Context& ctx, const json::object& request) {
    const Addressed addressed = addressed_function(ctx, request);
    return configuration_of(ctx, addressed.function, arn_of(ctx, addressed));
}

json::object list_functions(Context& ctx, const json::object& request) {
    if (asks_for(request, "MasterRegion")) throw not_implemented("lambda MasterRegion");
    const std::int64_t limit =
        std::min(find_number(request, "MaxItems").value_or(kPageLimit), kPageLimit);
    std::string start;
    if (const auto marker = find_text(request, "Marker")) {
        start = base64_decode(*marker).value_or("");
    }
    const bool with_versions = find_text(request, "FunctionVersion") == "ALL";
    json::array functions;
    auto found = list_functions(ctx, start, limit + 1);
    const bool has_more = found.size() > static_cast<std::size_t>(limit);
    if (has_more) found.pop_back();
    for (const Function& function : found) {
        std::optional<std::string> qualifier;
        if (with_versions) qualifier = kLatest;
        functions.push_back(
            listed_configuration_of(ctx, function, function_arn(ctx, function.name, qualifier)));
    }
    json::object answer{{"Functions", std::move(functions)}};
    if (has_more) answer["NextMarker"] = base64_encode(found.back().name);
    return answer;
}

json::object list_versions_by_function(Context& ctx, const json::object& request) {
    const Addressed addressed = addressed_function(ctx, request);
    json::array versions;
    versions.push_back(listed_configuration_of(
        ctx, addressed.function, function_arn(ctx, addressed.function.name, std::string(kLatest))));
    return {{"Versions", std::move(versions)}};
}

json::object update_function_code(Context& ctx, const json::object& request) {
    Addressed addressed = addressed_function(ctx, request);
    Function& function = addressed.function;
    if (asks_for(request, "ImageUri")) {
        throw invalid_parameter(
            "Please don't provide ImageUri when updating a function with packageType Zip.");
    }
    for (const std::string_view member : {"Publish", "PublishTo"}) {
        if (asks_for(request, member)) throw not_implemented("lambda " + std::string(member));
    }
    check_not_in_transition(ctx, function);
    check_revision(request, function);
    const Package package = read_package(ctx, request);
    const bool is_dry_run = find_flag(request, "DryRun").value_or(false);
    take_package(package, function);
    if (const json::array* architectures = find_array(request, "Architectures")) {
        function.settings["Architectures"] = *architectures;
    }
    if (!is_dry_run) begin_update(ctx, function);
    return configuration_of(ctx, function, arn_of(ctx, addressed));
}

json::object update_function_configuration(Context& ctx, const json::object& request) {
    Addressed addressed = addressed_function(ctx, request);
    Function& function = addressed.function;
    check_not_in_transition(ctx, function);
    check_revision(request, function);
    take_settings(request, function.name, function.settings);
    begin_update(ctx, function);
    return configuration_of(ctx, function, arn_of(ctx, addressed));
}

}  // namespace sbemu::lambda
