#include "fakes/s3/conditions.h"

#include <optional>
#include <string>

#include "emulator/core/error.h"
#include "emulator/core/members.h"
#include "fakes/s3/errors.h"

namespace sbemu::s3 {
namespace json = boost::json;
namespace {

std::string_view unquoted(std::string_view etag) {
    if (etag.starts_with("W/")) etag.remove_prefix(2);
    if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') {
        return etag.substr(1, etag.size() - 2);
    }
    return etag;
}

bool matches(std::string_view condition, const Object& object) {
    return condition == "*" || unquoted(condition) == unquoted(object.etag);
}

struct Conditions {
    std::optional<std::string> match;
    std::optional<std::string> none_match;
    std::optional<std::int64_t> modified_since;
    std::optional<std::int64_t> unmodified_since;

    Conditions(const json::object& request, const std::string& prefix)
        : match(find_text(request, prefix + "IfMatch")),
          none_match(find_text(request, prefix + "IfNoneMatch")),
          modified_since(find_number(request, prefix + "IfModifiedSince")),
          unmodified_since(find_number(request, prefix + "IfUnmodifiedSince")) {}

    // The header that forbids using the object; empty if none does.
    std::string_view failed_match(const Object& object) const {
        if (match) return matches(*match, object) ? "" : "If-Match";
        if (unmodified_since && object.modified > *unmodified_since) return "If-Unmodified-Since";
        return "";
    }
    // The header that says the caller has it already; empty if none does.
    std::string_view failed_none_match(const Object& object) const {
        if (none_match) return matches(*none_match, object) ? "If-None-Match" : "";
        if (modified_since && object.modified <= *modified_since) return "If-Modified-Since";
        return "";
    }
};

}  // namespace

void check_read_conditions(const json::object& request, const Object& object) {
    const Conditions conditions(request, "");
    const std::string_view failed = conditions.failed_match(object);
    if (!failed.empty()) throw precondition_failed(failed);
    if (!conditions.failed_none_match(object).empty()) {
        throw not_modified(object.etag, object.modified);
    }
}

void check_copy_conditions(const json::object& request, const Object& source) {
    const Conditions conditions(request, "CopySource");
    std::string_view failed = conditions.failed_match(source);
    if (failed.empty()) failed = conditions.failed_none_match(source);
    if (!failed.empty()) throw precondition_failed("x-amz-copy-source-" + std::string(failed));
}

void check_write_conditions(const json::object& request, const Object* current) {
    const auto none_match = find_text(request, "IfNoneMatch");
    if (none_match) {
        if (*none_match != "*") {
            // Recorded: localstack test_s3_api, TestS3ConditionalWrites.
            throw not_implemented("the S3 setting IfNoneMatch with another value than *");
        }
        if (current) throw precondition_failed("If-None-Match");
    }
    const auto match = find_text(request, "IfMatch");
    if (!match) return;
    if (!current) throw no_such_key(text_member(request, "Key"));
    if (!matches(*match, *current)) throw precondition_failed("If-Match");
}

}  // namespace sbemu::s3
