// What both REST protocols share: routes, and parameters in path, query and headers.
#include <boost/json.hpp>

#include "emulator/core/encoding.h"
#include "emulator/wire/protocols.h"

namespace sbemu::wire {
namespace {

namespace json = boost::json;
using model::Location;
using model::Member;
using model::Route;
using model::Type;

bool is_label(std::string_view segment) { return segment.starts_with('{'); }

bool path_matches(const Route& route, const std::vector<std::string_view>& segments) {
    if (route.segments.size() != segments.size()) return false;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        if (is_label(route.segments[i]) ? segments[i].empty()
                                        : std::string_view(route.segments[i]) != segments[i]) {
            return false;
        }
    }
    return true;
}

bool has_all(const Route& route, const HttpRequest& request, const Url& url) {
    for (const auto& [name, value] : route.query) {
        const QueryPart* part = url.find(name);
        if (!part || (!value.empty() && part->value != value)) return false;
    }
    for (const std::string_view need : route.needs) {
        const bool there = need.starts_with('?')
                               ? url.find(need.substr(1)) != nullptr
                               : !request.header(need).empty() || url.find_ignoring_case(need);
        if (!there) return false;
    }
    return true;
}

// Lists come as repeated parameters in queries, and with commas in headers.
json::value list_from(const Member& member, const std::vector<std::string>& texts) {
    json::array values;
    for (const std::string& text : texts) {
        values.push_back(model::scalar_from_text(member.shape->element(), text));
    }
    return values;
}

json::value from_header(const Member& member, std::string_view text) {
    if (member.shape->type != Type::list) return model::scalar_from_text(member, text);
    std::vector<std::string> parts;
    while (!text.empty()) {
        const std::string_view part = text.substr(0, text.find(','));
        text.remove_prefix(std::min(part.size() + 1, text.size()));
        parts.emplace_back(trimmed(part));
    }
    return list_from(member, parts);
}

void read_query_member(const Member& member, const Url& url, json::object& params) {
    if (member.shape->type == Type::list) {
        std::vector<std::string> texts;
        for (const QueryPart& part : url.query) {
            if (part.name == member.wire_name) texts.push_back(part.value);
        }
        if (!texts.empty()) params[member.name] = list_from(member, texts);
    } else if (const QueryPart* part = url.find(member.wire_name)) {
        params[member.name] = model::scalar_from_text(member, part->value);
    }
}

void read_header_member(const Member& member, const HttpRequest& request, const Url& url,
                        json::object& params) {
    std::string_view text = request.header(member.wire_name);
    // URLs that were signed in advance carry x-amz- headers in the query.
    if (text.empty() && starts_ignoring_case(member.wire_name, "x-amz-")) {
        if (const QueryPart* part = url.find_ignoring_case(member.wire_name)) text = part->value;
    }
    if (!text.empty()) params[member.name] = from_header(member, text);
}

void read_prefix_headers(const Member& member, const HttpRequest& request, const Url& url,
                         json::object& params) {
    const std::string& prefix = member.wire_name;
    json::object found;
    const auto take = [&](std::string_view name, std::string_view value) {
        if (name.size() > prefix.size() && starts_ignoring_case(name, prefix)) {
            found[lower(name.substr(prefix.size()))] = value;
        }
    };
    for (const auto& [name, value] : request.headers) take(name, value);
    if (starts_ignoring_case(prefix, "x-amz-")) {
        for (const QueryPart& part : url.query) take(part.name, part.value);
    }
    if (!found.empty()) params[member.name] = std::move(found);
}

}  // namespace

const model::Operation* find_route(std::string_view service, const HttpRequest& request,
                                   const std::vector<std::string_view>& segments, const Url& url) {
    const Route* best = nullptr;
    std::size_t best_score = 0;
    for (const Route& route : model::routes(service)) {
        if (route.method != request.method || !path_matches(route, segments)) continue;
        // Only a marked request is for this one: it shares its route with ListBuckets.
        if (route.operation == "ListDirectoryBuckets" && !url.find("max-directory-buckets"))
            continue;
        if (!has_all(route, request, url)) continue;
        // More conditions make a better match; of equals the later in the alphabet, which is the
        // current one: GetBucketLifecycleConfiguration, not GetBucketLifecycle.
        std::size_t score = 1 + 4 * (2 * route.query.size() + route.needs.size());
        for (const std::string& segment : route.segments) score += is_label(segment) ? 0 : 1;
        if (score >= best_score) {
            best = &route;
            best_score = score;
        }
    }
    return best ? model::find_operation(service, best->operation) : nullptr;
}

void read_bindings(const model::Shape& input, const HttpRequest& request, const Url& url,
                   json::object& params) {
    if (!input.has_bindings) return;
    for (const Member& member : input.members) {
        switch (member.location) {
            case Location::query:
                read_query_member(member, url, params);
                break;
            case Location::header:
                read_header_member(member, request, url, params);
                break;
            case Location::prefix_headers:
                read_prefix_headers(member, request, url, params);
                break;
            default:
                break;
        }
    }
}

}  // namespace sbemu::wire
