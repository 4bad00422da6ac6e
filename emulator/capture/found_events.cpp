#include "emulator/capture/found_events.h"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <optional>

#include "emulator/core/arn.h"
#include "emulator/core/json_text.h"
#include "emulator/core/members.h"
#include "emulator/core/regular_expression.h"

namespace sbemu {
namespace json = boost::json;
namespace {

constexpr std::size_t kDeepest = 8;  // events within texts within documents

std::string function_name(std::string_view arn_text) {
    const auto arn = parse_arn(arn_text);
    if (!arn || !arn->resource.starts_with("function:")) return {};
    const std::string name = arn->resource.substr(9);
    return name.substr(0, name.find(':'));
}

// "/aws/lambda/name", wherever it stands.
std::string function_in(const std::string& text) {
    static const RegularExpression kGroup("/aws/lambda/([A-Za-z0-9_-]+)");
    const auto match = kGroup.first_in(text);
    return match ? match->groups[1] : std::string();
}

// What the event is; nothing if it is none.
std::optional<FoundEvent> recognise(const json::object& object) {
    using Kind = FoundEvent::Kind;
    FoundEvent found;
    found.event = object;
    if (find_text(object, "RequestType") && find_text(object, "StackId")) {
        found.kind = Kind::custom_resource;
        found.name = "a custom resource's " + text_member(object, "RequestType");
        found.function = function_name(text_member(object, "ServiceToken"));
        found.is_asynchronous = true;
        return found;
    }
    if (find_text(object, "detail-type") && find_text(object, "source")) {
        found.name = "an EventBridge event";
        found.is_asynchronous = true;
        return found;
    }
    if (object.contains("requestContext") &&
        (object.contains("httpMethod") || object.contains("rawPath"))) {
        found.name = "an HTTP request of API Gateway or a function URL";
        return found;
    }
    const json::array* records = find_array(object, "Records");
    if (!records || records->empty() || !records->front().is_object()) return std::nullopt;
    const json::object& first = records->front().as_object();
    const std::string source = text_member(first, "eventSource", text_member(first, "EventSource"));
    if (source == "aws:kinesis") {
        found.kind = Kind::kinesis;
        found.name = "a Kinesis batch";
    } else if (source == "aws:dynamodb") {
        found.kind = Kind::dynamodb;
        found.name = "a DynamoDB batch";
    } else if (source == "aws:sqs") {
        found.name = "an SQS batch";
    } else if (source == "aws:sns" || source == "aws:s3") {
        found.name = source == "aws:sns" ? "an SNS event" : "an S3 event";
        found.is_asynchronous = true;
    } else {
        return std::nullopt;
    }
    return found;
}

// The same for every delivery of the same event.
std::string identity_of(const FoundEvent& found) {
    if (found.kind == FoundEvent::Kind::custom_resource) {
        return "request " + text_member(found.event, "RequestId");
    }
    std::string ids;
    if (const json::array* records = find_array(found.event, "Records")) {
        for (const json::value& record : *records) {
            if (!record.is_object()) continue;
            for (const char* member : {"eventID", "messageId"}) {
                const std::string id = text_member(record.as_object(), member);
                if (!id.empty()) ids += member + (" " + id) + "\n";
            }
        }
    }
    return ids.empty() ? json::serialize(found.event) : ids;
}

std::string members_of(const json::object& object) {
    std::string names;
    std::size_t count = 0;
    for (const auto& [name, value] : object) {
        if (++count > 6) return names + ", ...";
        names += (names.empty() ? "" : ", ") + std::string(name);
    }
    return names.empty() ? "nothing" : names;
}

class Finder {
  public:
    explicit Finder(FoundEvents& found) : found_(found) {}

    void text(std::string_view text, std::size_t depth) {
        if (depth > kDeepest) return;
        boost::system::error_code error;
        const json::value whole = parse_json(text, error);
        if (!error) return value(whole, depth);
        // No part of a text is read more than a few times, whatever is in it.
        std::size_t budget = 16 * text.size() + 4096;
        std::size_t at = text.find('{');
        while (at != std::string_view::npos && budget > 0) {
            json::parse_options options;
            options.max_depth = kDeepestJson;
            json::stream_parser parser({}, options);
            boost::system::error_code problem;
            const std::size_t read = parser.write_some(text.data() + at, text.size() - at, problem);
            budget -= std::min(budget, read + 1);
            const bool is_whole = !problem && parser.done();
            if (is_whole) value(parser.release(), depth);
            at = text.find('{', at + (is_whole ? read : 1));
        }
        static const RegularExpression kInspected(R"((RequestType|eventSource|EventSource): ')");
        if (kInspected.first_in(text.substr(0, 1'000'000))) {
            found_.notes.push_back(
                "an event is there as Node's console.log(event) prints it, which leaves out what "
                "is nested: log JSON.stringify(event)");
        }
    }

  private:
    void value(const json::value& value, std::size_t depth) {
        if (depth > kDeepest) return;
        if (value.is_string()) {
            const std::string_view inner = value.as_string();
            if (inner.find('{') != std::string_view::npos) text(inner, depth + 1);
        } else if (value.is_array()) {
            if (take_messages(value.as_array(), depth)) return;
            for (const json::value& element : value.as_array()) this->value(element, depth + 1);
        } else if (value.is_object()) {
            object(value.as_object(), depth);
        }
    }

    void object(const json::object& object, std::size_t depth) {
        if (take_destination_document(object)) return;
        if (auto event = recognise(object)) return take(std::move(*event));
        const std::size_t before = found_.events.size() + found_.notes.size();
        for (const auto& [name, member] : object) value(member, depth + 1);
        if (before == found_.events.size() + found_.notes.size() && depth == 0) {
            found_.strange.push_back(members_of(object));
        }
    }

    // Messages of a log, as the console and the CLI export them. Some loggers print every line as
    // a message: those of one stream are read as one text.
    bool take_messages(const json::array& entries, std::size_t depth) {
        std::vector<std::string> streams;
        std::map<std::string, std::string> texts;
        for (const json::value& entry : entries) {
            if (!entry.is_object()) return false;
            const json::object& object = entry.as_object();
            const auto message =
                find_text(object, object.contains("@message") ? "@message" : "message");
            const bool is_log = object.contains("@message") || object.contains("timestamp");
            if (!message || !is_log) return false;
            if (const auto log = find_text(object, "@log")) learn_function(*log);
            const std::string stream =
                text_member(object, "logStreamName", text_member(object, "@logStream"));
            if (!texts.contains(stream)) streams.push_back(stream);
            texts[stream] += *message;
            if (!message->ends_with('\n')) texts[stream] += '\n';
        }
        for (const std::string& stream : streams) text(texts[stream], depth + 1);
        return !streams.empty();
    }

    void learn_function(const std::string& text) {
        if (const std::string name = function_in(text); !name.empty()) function_ = name;
    }

    // Of an OnFailure or OnSuccess destination: facts/lambda.md 2.4 and 3.6.
    bool take_destination_document(const json::object& document) {
        const json::object* context = find_object(document, "requestContext");
        if (!context || !context->contains("functionArn")) return false;
        const bool is_kinesis = document.contains("KinesisBatchInfo");
        const json::object* batch =
            find_object(document, is_kinesis ? "KinesisBatchInfo" : "DDBStreamBatchInfo");
        const char* member = batch ? "payload" : "requestPayload";
        const json::value* payload = document.if_contains(member);
        json::value event = payload ? *payload : json::value();
        if (event.is_string()) {
            boost::system::error_code error;
            json::value inner = parse_json(event.as_string(), error);
            if (!error) event = std::move(inner);
        }
        const std::string function = function_name(text_member(*context, "functionArn"));
        if (!event.is_object()) {
            found_.notes.push_back(missing_payload(batch, function));
            return true;
        }
        auto found = recognise(event.as_object());
        if (!found) {
            found.emplace();
            found->name = "an event of its own form";
            found->event = event.as_object();
            found->is_asynchronous = true;
        }
        found->function = function;
        found->attempts = std::max<std::int64_t>(
            1, std::min<std::int64_t>(3, number_member(*context, "approximateInvokeCount", 1)));
        const json::object* response = find_object(document, "responseContext");
        if (document.contains("responsePayload") || (response && batch)) {
            found->is_answered = true;
            found->has_failed = response && find_text(*response, "functionError");
            const json::value* answer = document.if_contains("responsePayload");
            found->answer = answer ? *answer
                                   : json::object{{"errorType", "Error"},
                                                  {"errorMessage", "not in the document"}};
        }
        take(std::move(*found));
        return true;
    }

    static std::string missing_payload(const json::object* batch, const std::string& function) {
        if (!batch)
            return "the document on " + function + " has no requestPayload: no event is in it";
        const std::string stream = text_member(*batch, "streamArn");
        return "the document on " + function +
               " has no payload: the records are missing (only a destination in S3 has them). They "
               "are in " +
               stream + ", " + text_member(*batch, "shardId") + ", from " +
               text_member(*batch, "startSequenceNumber") + " to " +
               text_member(*batch, "endSequenceNumber") +
               ", as long as the stream keeps them: get them with get-records, or the event from "
               "the function's log";
    }

    void take(FoundEvent event) {
        if (event.function.empty()) event.function = function_;
        const std::string identity = identity_of(event);
        for (FoundEvent& known : found_.events) {
            if (identity_of(known) != identity) continue;
            found_.notes.push_back(event.name + " is there more than once (" +
                                   identity.substr(0, identity.find('\n')).substr(0, 80) +
                                   "): it is taken once");
            if (!known.is_answered && event.is_answered) {
                event.event = known.event;
                known = std::move(event);
            }
            if (known.function.empty()) known.function = event.function;
            return;
        }
        found_.events.push_back(std::move(event));
    }

    FoundEvents& found_;
    std::string function_;
};

}  // namespace

void find_events(std::string_view text, FoundEvents& found) {
    const std::size_t before = found.events.size();
    Finder(found).text(text, 0);
    const std::string function = function_in(std::string(text.substr(0, 10'000'000)));
    for (std::size_t i = before; i < found.events.size(); ++i) {
        if (found.events[i].function.empty()) found.events[i].function = function;
    }
}

}  // namespace sbemu
