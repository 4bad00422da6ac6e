#include "emulator/core/faults.h"

#include <algorithm>
#include <boost/json.hpp>

#include "emulator/core/json_text.h"
#include "emulator/core/remembered.h"
#include "emulator/core/service.h"
#include "emulator/store/store.h"

namespace sbemu {
namespace json = boost::json;

const std::string_view kFaultSchema = R"sql(
    CREATE TABLE IF NOT EXISTS kernel_fault (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
        service TEXT NOT NULL, operation TEXT NOT NULL, resource TEXT NOT NULL,
        function TEXT NOT NULL, caller TEXT NOT NULL, source TEXT NOT NULL, kind TEXT NOT NULL,
        probability INTEGER NOT NULL, skip INTEGER NOT NULL, remaining INTEGER NOT NULL,
        details TEXT NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS kernel_fault_log (
        number INTEGER PRIMARY KEY, event INTEGER NOT NULL, rule TEXT NOT NULL, what TEXT NOT NULL
    ) STRICT;
)sql";

namespace {

constexpr std::int64_t kForEver = -1;

struct Rule {
    std::int64_t number = 0;
    std::string operation, resource, function, caller, source, kind;
    std::int64_t probability = 1000;  // per mille
    std::int64_t skip = 0;
    std::int64_t remaining = 0;
    std::string details;
};

// What happened to a rule in an event, as one number of Outbox::fired_faults: that list survives
// whatever an error undoes, rows do not.
struct Match {
    std::int64_t rule = 0;
    std::size_t service = 0;    // index in Registry::services
    std::size_t operation = 0;  // index in the service's operations, then its signals
    bool skipped = false;

    std::int64_t packed() const {
        return (rule << 24) | static_cast<std::int64_t>(service << 16) |
               static_cast<std::int64_t>(operation << 1) | (skipped ? 1 : 0);
    }
    static Match unpacked(std::int64_t number) {
        return {number >> 24, static_cast<std::size_t>((number >> 16) & 0xff),
                static_cast<std::size_t>((number >> 1) & 0x7fff), (number & 1) != 0};
    }
};

std::string_view operation_name(const Service& service, std::size_t index) {
    if (index < service.operations.size()) return service.operations[index].name;
    return service.signals[index - service.operations.size()].name;
}

std::optional<Match> match_of(const Registry& registry, const FaultedCall& call) {
    Match match;
    for (const Service* service : registry.services()) {
        const std::size_t count = service->operations.size() + service->signals.size();
        for (std::size_t i = 0; service->name == call.service && i < count; ++i) {
            match.operation = i;
            if (operation_name(*service, i) == call.operation) return match;
        }
        ++match.service;
    }
    return std::nullopt;
}

bool occurs_in(const json::value& value, std::string_view text) {
    if (const auto* string = value.if_string()) {
        return std::string_view(*string).find(text) != std::string_view::npos;
    }
    if (const auto* array = value.if_array()) {
        return std::any_of(array->begin(), array->end(),
                           [&](const json::value& item) { return occurs_in(item, text); });
    }
    if (const auto* object = value.if_object()) {
        return std::any_of(object->begin(), object->end(),
                           [&](const auto& member) { return occurs_in(member.value(), text); });
    }
    return false;
}

bool is_meant(const Rule& rule, const Context& ctx, const FaultedCall& call) {
    if (!rule.source.empty() && (rule.source == "client") != (call.seam == Seam::client)) {
        return false;
    }
    if (!rule.caller.empty() && rule.caller != ctx.caller.account &&
        rule.caller != ctx.caller.access_key) {
        return false;
    }
    if (!rule.function.empty() && rule.function != ctx.function &&
        !ctx.function.ends_with(":function:" + rule.function)) {
        return false;
    }
    if (rule.resource.empty()) return true;
    return std::any_of(call.params.begin(), call.params.end(), [&](const auto& member) {
        return occurs_in(member.value(), rule.resource);
    });
}

bool has_rules(Store& store) {
    std::optional<bool>& known = store.remembered<HasFaultRules>().answer;
    if (!known) {
        known = store.value<std::int64_t>("SELECT EXISTS (SELECT 1 FROM kernel_fault)") == 1;
    }
    return *known;
}

std::vector<Rule> rules_for(Store& store, const FaultedCall& call) {
    std::vector<Rule> rules;
    if (!has_rules(store)) return rules;
    for (auto& [number, operation, resource, function, caller, source, kind, probability, skip,
                remaining, details] :
         store.list<std::int64_t, std::string, std::string, std::string, std::string, std::string,
                    std::string, std::int64_t, std::int64_t, std::int64_t, std::string>(
             "SELECT number, operation, resource, function, caller, source, kind, probability,"
             " skip, remaining, details FROM kernel_fault"
             " WHERE service = ? AND operation IN (?, '*') ORDER BY number",
             call.service, call.operation)) {
        rules.push_back({number, operation, resource, function, caller, source, kind, probability,
                         skip, remaining, details});
    }
    return rules;
}

// Whether the rule fires now. A match that only counts towards "After" is noted, too.
bool fires(const Rule& rule, Context& ctx, const FaultedCall& call) {
    if (!is_meant(rule, ctx, call)) return false;
    auto match = match_of(ctx.registry, call);
    if (!match) return false;
    const Service& service = *ctx.registry.services()[match->service];
    const bool is_signal = match->operation >= service.operations.size();
    if (rule.operation == "*" && is_signal) return false;  // these are sbemu's own
    match->rule = rule.number;
    auto& noted = ctx.outbox.fired_faults;
    std::int64_t skipped = 0;
    std::int64_t fired = 0;
    for (const std::int64_t number : noted) {
        const Match earlier = Match::unpacked(number);
        if (earlier.rule == rule.number) ++(earlier.skipped ? skipped : fired);
    }
    if (skipped < rule.skip) {
        match->skipped = true;
        noted.push_back(match->packed());
        return false;
    }
    if (rule.remaining != kForEver && fired >= rule.remaining) return false;
    if (rule.probability < 1000 &&
        static_cast<std::int64_t>(ctx.random.below(1000)) >= rule.probability) {
        return false;
    }
    noted.push_back(match->packed());
    return true;
}

bool is_of_wire(std::string_view kind) { return kind == "latency" || kind == "drop"; }

std::string told(const std::string& kind, const json::object& details) {
    if (kind == "error") {
        return std::to_string(details.at("Status").as_int64()) + " " +
               std::string(details.at("Code").as_string());
    }
    std::string text = kind;
    if (const auto* delay = details.if_contains("Delay")) {
        text += " " + std::to_string(delay->as_int64()) + " ms";
    }
    if (const auto* when = details.if_contains("When")) {
        text += " " + std::string(when->as_string());
    }
    return text;
}

}  // namespace

void throw_if_faulted(Context& ctx, const FaultedCall& call) {
    for (const Rule& rule : rules_for(ctx.store, call)) {
        if (is_of_wire(rule.kind)) {
            if (call.seam == Seam::client) fires(rule, ctx, call);
            continue;
        }
        if (rule.kind != "error" && rule.kind != "silence") continue;
        if (!fires(rule, ctx, call)) continue;
        if (rule.kind == "silence") {
            throw ApiError("RequestTimeout", "sbemu: a fault keeps this call from being answered");
        }
        const json::object details = parse_json(rule.details).as_object();
        throw ApiError(std::string(details.at("Code").as_string()),
                       std::string(details.at("Message").as_string()),
                       static_cast<int>(details.at("Status").as_int64()));
    }
}

std::optional<json::object> take_fault(Context& ctx, const FaultedCall& call,
                                       std::string_view kind) {
    for (const Rule& rule : rules_for(ctx.store, call)) {
        if (rule.kind == kind && fires(rule, ctx, call)) {
            return parse_json(rule.details).as_object();
        }
    }
    return std::nullopt;
}

std::vector<Effect> finish_faults(Context& ctx) {
    std::vector<Effect> effects;
    Store& store = ctx.store;
    for (const std::int64_t number : ctx.outbox.fired_faults) {
        const Match match = Match::unpacked(number);
        if (match.skipped) {
            store.run("UPDATE kernel_fault SET skip = skip - 1 WHERE number = ?", match.rule);
            continue;
        }
        const auto row = store.find<std::string, std::string, std::string>(
            "SELECT id, kind, details FROM kernel_fault WHERE number = ?", match.rule);
        if (!row) continue;
        const auto& [id, kind, text] = *row;
        const json::object details = parse_json(text).as_object();
        const Service& service = *ctx.registry.services()[match.service];
        store.run(
            "INSERT INTO kernel_fault_log (event, rule, what) VALUES (?, ?, ?)", ctx.event, id,
            std::string(service.name) + "." +
                std::string(operation_name(service, match.operation)) + ": " + told(kind, details));
        store.run(
            "UPDATE kernel_fault SET remaining = remaining - 1 WHERE number = ?"
            " AND remaining > 0",
            match.rule);
        if (kind == "latency") effects.push_back({"wire.fault", {{"Delay", details.at("Delay")}}});
        if (kind == "drop") effects.push_back({"wire.fault", {{"Drop", details.at("When")}}});
        if (kind == "silence") effects.push_back({"wire.fault", {{"Drop", "never"}}});
    }
    if (!ctx.outbox.fired_faults.empty()) {
        store.run("DELETE FROM kernel_fault WHERE remaining = 0");
        store.remembered<HasFaultRules>() = {};
    }
    return effects;
}

}  // namespace sbemu
