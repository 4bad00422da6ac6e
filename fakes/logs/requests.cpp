#include "fakes/logs/requests.h"

#include "emulator/core/arn.h"
#include "emulator/core/encoding.h"
#include "emulator/core/members.h"
#include "fakes/logs/errors.h"

namespace sbemu::logs {
namespace json = boost::json;
namespace {

// "arn:aws:logs:region:account:log-group:name"; the API model refuses the ":*" after it.
std::string group_name_of(const std::string& identifier) {
    const auto arn = parse_arn(identifier);
    constexpr std::string_view kKind = "log-group:";
    if (!arn || !arn->resource.starts_with(kKind)) return identifier;
    return arn->resource.substr(kKind.size());
}

}  // namespace

LogGroup require_group(Context& ctx, const json::object& request) {
    const auto name = find_text(request, "logGroupName");
    const auto identifier = find_text(request, "logGroupIdentifier");
    if (name && identifier) {
        throw ApiError("ValidationException",
                       "LogGroup name and LogGroup ARN are mutually exclusive parameters.", 400);
    }
    auto group = find_group(ctx, identifier ? group_name_of(*identifier) : name.value_or(""));
    if (!group) throw not_found("log group");
    return std::move(*group);
}

LogStream require_stream(Context& ctx, const LogGroup& group, std::string_view name) {
    auto stream = find_stream(ctx, group, name);
    if (!stream) throw not_found("log stream");
    return std::move(*stream);
}

std::string group_arn(const Caller& caller, const LogGroup& group) {
    return caller.arn("logs", "log-group:" + group.name);
}

void put_page(json::object& result, std::string_view member, const json::object& request,
              const json::array& entries, std::string_view name_member,
              std::int64_t default_limit) {
    const auto name_of = [&](const json::value& entry) -> std::string_view {
        return entry.at(name_member).as_string();
    };
    // AWS's tokens are opaque; ours name the last entry of the page before.
    const json::value* first = entries.begin();
    if (const auto token = find_text(request, "nextToken")) {
        const auto last_name = base64_decode(*token);
        while (last_name && first != entries.end() && name_of(*first) != *last_name) ++first;
        if (!last_name || first == entries.end()) throw invalid_token();
        ++first;
    }
    const auto limit =
        static_cast<std::size_t>(find_number(request, "limit").value_or(default_limit));
    json::array page;
    while (first != entries.end() && page.size() < limit) page.push_back(*first++);
    if (first != entries.end() && !page.empty()) {
        result["nextToken"] = base64_encode(name_of(page.back()));
    }
    result[member] = std::move(page);
}

}  // namespace sbemu::logs
