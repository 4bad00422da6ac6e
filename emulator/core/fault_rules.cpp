// Rules as they are written down: checked, completed with what AWS would say, listed, forgotten.
#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "emulator/core/faults.h"
#include "emulator/core/json_text.h"
#include "emulator/core/remembered.h"
#include "emulator/core/service.h"
#include "emulator/store/store.h"

namespace sbemu {
namespace json = boost::json;
namespace {

constexpr std::int64_t kForEver = -1;
constexpr std::int64_t kLogShown = 1000;

struct Kind {
    std::string_view name;
    std::string_view target;  // "service.Operation" if it is made for one only
    bool needs_delay = false;
};
constexpr Kind kKinds[] = {
    {"error", ""},
    {"latency", "", true},
    {"drop", ""},
    {"silence", ""},
    {"late", "cloudformation.PutResponse", true},
    {"twice", ""},
    {"kill", "lambda.Invoke", true},
    {"cold", "lambda.Invoke"},
};

struct KnownError {
    std::string_view name;     // "throttling", "unavailable", "403", ...
    std::string_view service;  // empty: every other
    std::string_view code;
    int status;
    std::string_view message;
};
// Codes and statuses as the API models have them, texts as clients report them (assumed).
constexpr KnownError kKnownErrors[] = {
    {"throttling", "dynamodb", "ProvisionedThroughputExceededException", 400,
     "The level of configured provisioned throughput for the table was exceeded. Consider "
     "increasing your provisioning level with the UpdateTable API."},
    {"throttling", "lambda", "TooManyRequestsException", 429, "Rate Exceeded."},
    {"throttling", "kinesis", "ProvisionedThroughputExceededException", 400,
     "Rate exceeded for shard."},
    {"throttling", "s3", "SlowDown", 503, "Please reduce your request rate."},
    {"throttling", "cloudformation", "Throttling", 400, "Rate exceeded"},
    {"throttling", "iam", "Throttling", 400, "Rate exceeded"},
    {"throttling", "sts", "Throttling", 400, "Rate exceeded"},
    {"throttling", "", "ThrottlingException", 400, "Rate exceeded"},
    {"unavailable", "dynamodb", "InternalServerError", 500, "Internal server error"},
    {"unavailable", "lambda", "ServiceException", 500, "Internal error"},
    {"unavailable", "s3", "InternalError", 500,
     "We encountered an internal error. Please try again."},
    {"unavailable", "", "InternalFailure", 500,
     "The request processing has failed because of an unknown error, exception or failure."},
    {"expired-iterator", "", "ExpiredIteratorException", 400, "Iterator expired."},
    {"403", "", "AccessDenied", 403, "Access Denied"},
    {"500", "", "InternalError", 500, "We encountered an internal error. Please try again."},
    {"503", "", "SlowDown", 503, "Please reduce your request rate."},
};

ApiError refused(const std::string& reason) { return {"ValidationError", reason, 400}; }

std::string text_of(const json::object& rule, std::string_view member) {
    const json::value* value = rule.if_contains(member);
    if (!value) return "";
    if (!value->is_string()) throw refused(std::string(member) + " must be a text");
    return std::string(value->as_string());
}

std::int64_t number_of(const json::object& rule, std::string_view member, std::int64_t fallback) {
    const json::value* value = rule.if_contains(member);
    if (!value) return fallback;
    if (!value->is_int64() || value->as_int64() < 0) {
        throw refused(std::string(member) + " must be a whole number, not negative");
    }
    return value->as_int64();
}

std::int64_t per_mille_of(const json::object& rule) {
    const json::value* value = rule.if_contains("Probability");
    if (!value) return 1000;
    if (!value->is_number() || value->to_number<double>() <= 0 || value->to_number<double>() > 1) {
        throw refused("Probability must be a number above 0 and up to 1");
    }
    return std::max<std::int64_t>(1, std::llround(value->to_number<double>() * 1000));
}

void check_members(const json::object& rule) {
    static constexpr std::string_view kMembers[] = {
        "Id",    "Service", "Operation",   "Resource", "Function", "Caller", "From",  "Kind",
        "Count", "After",   "Probability", "Code",     "Message",  "Status", "Delay", "When"};
    for (const auto& member : rule) {
        const std::string_view name = member.key();
        if (std::find(std::begin(kMembers), std::end(kMembers), name) == std::end(kMembers)) {
            throw refused("there is no " + std::string(name));
        }
    }
    for (const std::string_view required : {"Service", "Operation"}) {
        if (text_of(rule, required).empty()) {
            throw refused(std::string(required) + " is missing or not a text");
        }
    }
}

// A misspelt rule would never fire: the operation must exist.
void check_target(const Registry& registry, const std::string& name, const std::string& operation) {
    const Service* service = registry.find(name);
    if (!service || name == "sbemu") {
        std::string known;
        for (const Service* each : registry.services()) {
            if (each->name != "sbemu")
                known += (known.empty() ? "" : ", ") + std::string(each->name);
        }
        throw refused("there is no service " + name + "; there are " + known);
    }
    const auto has = [&](std::span<const Operation> list) {
        return std::any_of(list.begin(), list.end(),
                           [&](const Operation& each) { return each.name == operation; });
    };
    if (operation != "*" && !has(service->operations) && !has(service->signals)) {
        throw refused("sbemu's " + name + " has no operation " + operation +
                      "; * stands for all of them");
    }
}

const KnownError* find_known(std::string_view name, std::string_view service) {
    for (const KnownError& known : kKnownErrors) {
        if (known.name == name && (known.service.empty() || known.service == service)) {
            return &known;
        }
    }
    return nullptr;
}

json::object error_of(const json::object& rule, const std::string& name) {
    const std::string service = text_of(rule, "Service");
    const std::string operation = text_of(rule, "Operation");
    if (name.empty()) throw refused("Code is missing: an AWS code, throttling or unavailable");
    std::string code = name;
    std::string message = text_of(rule, "Message");
    std::int64_t status = 400;
    if (const KnownError* known = find_known(name, service)) {
        code = known->code;
        status = known->status;
        if (message.empty()) message = known->message;
    }
    // Only calls that move items use up throughput.
    const bool moves_items = operation == "*" || operation == "Query" || operation == "Scan" ||
                             operation.find("Item") != std::string::npos ||
                             operation == "GetRecords";
    if (name == "throttling" && service == "dynamodb" && !moves_items) {
        code = "ThrottlingException";
        if (text_of(rule, "Message").empty())
            message = "Rate of requests exceeds the allowed throughput.";
    }
    for (const KnownError& known : kKnownErrors) {
        if (known.code == name) status = known.status;
    }
    status = number_of(rule, "Status", status);
    if (status < 300 || status > 599) throw refused("Status must be an HTTP status of an error");
    return {{"Code", code}, {"Message", message}, {"Status", status}};
}

const Kind& kind_of(const json::object& rule, std::string& name) {
    // "throttling" and the like are errors by name.
    const auto* known = find_known(name, text_of(rule, "Service"));
    const std::string wanted = known || name.empty() ? "error" : name;
    for (const Kind& kind : kKinds) {
        if (kind.name == wanted) return kind;
    }
    throw refused("there is no Kind " + name +
                  "; there are error, throttling, unavailable, expired-iterator, latency, drop,"
                  " silence, late, twice, kill and cold");
}

json::object details_of(const json::object& rule, const Kind& kind, const std::string& name) {
    const std::string target = text_of(rule, "Service") + "." + text_of(rule, "Operation");
    if (kind.name == "error") {
        return error_of(rule, name.empty() || name == "error" ? text_of(rule, "Code") : name);
    }
    if (!kind.target.empty() && target != kind.target) {
        throw refused("Kind " + name + " is for " + std::string(kind.target) + " only");
    }
    if (kind.name == "twice" && target != "cloudformation.PutResponse" &&
        target != "lambda.Invoke") {
        throw refused("Kind twice is for lambda.Invoke and cloudformation.PutResponse only");
    }
    json::object details;
    if (kind.needs_delay) {
        if (!rule.contains("Delay")) throw refused("Delay is missing: milliseconds");
        details["Delay"] = number_of(rule, "Delay", 0);
    }
    if (kind.name == "drop") {
        const std::string when = rule.contains("When") ? text_of(rule, "When") : "before";
        if (when != "before" && when != "half") throw refused("When must be before or half");
        details["When"] = when;
    }
    return details;
}

}  // namespace

json::object arm_fault(Context& ctx, const json::object& rule) {
    check_members(rule);
    const std::string service = text_of(rule, "Service");
    const std::string operation = text_of(rule, "Operation");
    check_target(ctx.registry, service, operation);
    std::string name = text_of(rule, "Kind");
    const Kind& kind = kind_of(rule, name);
    const json::object details = details_of(rule, kind, name);
    const std::string source = text_of(rule, "From");
    if (!source.empty() && source != "client" && source != "service") {
        throw refused("From must be client (requests) or service (what services call)");
    }
    std::string id = text_of(rule, "Id");
    if (id.empty()) id = "fault-" + ctx.random.hex(8);
    if (ctx.store.value<std::int64_t>("SELECT number FROM kernel_fault WHERE id = ?", id)) {
        throw refused("there is a fault " + id + " already");
    }
    const std::int64_t count = number_of(rule, "Count", 1);
    ctx.store.remembered<HasFaultRules>() = {};
    ctx.store.run(
        "INSERT INTO kernel_fault (id, service, operation, resource, function, caller, source,"
        " kind, probability, skip, remaining, details) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        id, service, operation, text_of(rule, "Resource"), text_of(rule, "Function"),
        text_of(rule, "Caller"), source, kind.name, per_mille_of(rule), number_of(rule, "After", 0),
        count == 0 ? kForEver : count, json::serialize(details));
    return {{"Id", id}};
}

json::object list_faults(Context& ctx, const json::object&) {
    json::array faults;
    for (const auto& [id, service, operation, resource, function, caller, source, kind, probability,
                      skip, remaining, details] :
         ctx.store
             .list<std::string, std::string, std::string, std::string, std::string, std::string,
                   std::string, std::string, std::int64_t, std::int64_t, std::int64_t, std::string>(
                 "SELECT id, service, operation, resource, function, caller, source, kind,"
                 " probability, skip, remaining, details FROM kernel_fault ORDER BY number")) {
        json::object fault{
            {"Id", id}, {"Service", service}, {"Operation", operation}, {"Kind", kind}};
        for (const auto& [member, text] : {std::pair{"Resource", &resource},
                                           {"Function", &function},
                                           {"Caller", &caller},
                                           {"From", &source}}) {
            if (!text->empty()) fault[member] = *text;
        }
        const json::object members = parse_json(details).as_object();
        for (const auto& member : members) {
            fault[member.key()] = member.value();
        }
        fault["Count"] = remaining == kForEver ? 0 : remaining;
        if (skip > 0) fault["After"] = skip;
        if (probability < 1000) fault["Probability"] = static_cast<double>(probability) / 1000;
        faults.push_back(std::move(fault));
    }
    return {{"Faults", std::move(faults)}};
}

json::object list_fired_faults(Context& ctx, const json::object&) {
    json::array log;
    for (const auto& [event, rule, what] : ctx.store.list<std::int64_t, std::string, std::string>(
             "SELECT event, rule, what FROM (SELECT number, event, rule, what"
             " FROM kernel_fault_log ORDER BY number DESC LIMIT ?) ORDER BY number",
             kLogShown)) {
        log.push_back(json::object{{"Event", event}, {"Rule", rule}, {"What", what}});
    }
    return {{"Log", std::move(log)}};
}

json::object clear_faults(Context& ctx, const json::object& request) {
    const std::string id = text_of(request, "Id");
    ctx.store.remembered<HasFaultRules>() = {};
    if (id.empty()) {
        ctx.store.run("DELETE FROM kernel_fault");
        return {{"Cleared", ctx.store.changes()}};
    }
    ctx.store.run("DELETE FROM kernel_fault WHERE id = ?", id);
    const std::int64_t cleared = ctx.store.changes();
    if (cleared == 0) throw ApiError("ValidationError", "there is no fault " + id, 404);
    return {{"Cleared", cleared}};
}

}  // namespace sbemu
