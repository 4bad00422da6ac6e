#include "emulator/capture/import.h"

#include <algorithm>
#include <boost/json.hpp>
#include <memory>
#include <set>

#include "emulator/capture/captured_text.h"
#include "emulator/capture/import_sources.h"
#include "emulator/capture/import_world.h"
#include "emulator/capture/logged_event.h"
#include "emulator/capture/places.h"
#include "emulator/core/arn.h"
#include "emulator/core/encoding.h"
#include "emulator/core/json_text.h"
#include "emulator/core/members.h"
#include "emulator/core/zip.h"

namespace sbemu {
namespace json = boost::json;
namespace {

using namespace std::chrono_literals;
using Kind = FoundEvent::Kind;

constexpr Time kUnknownTime{std::chrono::sys_days{std::chrono::year{2017} / 3 / 1}};
constexpr Duration kPreparation = 10min;  // before the first event

class Importer {
  public:
    Importer(const std::vector<FoundEvent>& events, const ImportOptions& options)
        : options_(options), events_(events), world_(start_of(events), options.account) {
        for (FoundEvent& event : events_) {
            event.event = in_our_places(event.event, options);
            if (event.function.empty()) event.function = function_of_event(event);
        }
    }

    Imported run() {
        for (const FoundEvent& event : events_) take(event);
        for (const auto& [function, code] : options_.code) note_if_unused(function);
        imported_.capture.version = options_.version;
        imported_.capture.events = world_.take_events();
        return std::move(imported_);
    }

  private:
    // What an unanswered invocation is waiting for: a later event of the same thing shows that it
    // was answered well.
    struct Source {
        std::string name;  // of the stack, stream or table
        std::string function;
        std::string mapping;
        std::string open;  // invocation whose answer is not known
        bool is_retrying = false;
        std::unique_ptr<ImportedSource> records;  // of a batch
    };

    void note_if_unused(const std::string& function) {
        const bool is_used =
            std::any_of(events_.begin(), events_.end(),
                        [&](const FoundEvent& event) { return event.function == function; });
        if (is_used) return;
        imported_.notes.push_back("no event is of a function " + function +
                                  ": its code is not in the capture");
    }

    static Time start_of(const std::vector<FoundEvent>& events) {
        std::optional<Time> first;
        for (const FoundEvent& event : events) {
            const auto time = time_of_event(event.event);
            if (time && (!first || *time < *first)) first = time;
        }
        const Time start = first.value_or(kUnknownTime);
        return start > Time{} + kPreparation ? start - kPreparation : Time{};
    }

    std::string function_of_event(const FoundEvent& event) {
        if (!options_.function.empty()) return options_.function;
        imported_.notes.push_back(event.name +
                                  " does not tell its function: it is called imported-function "
                                  "(--function NAME)");
        return "imported-function";
    }

    void take(const FoundEvent& event) {
        world_.in_region(region_of(event));
        try {
            take_as_sent(event);
        } catch (const CallFailed& failure) {
            std::string reason = failure.what();
            while (reason.ends_with('.')) reason.pop_back();
            take_directly(event, "it could not be sent as it was, as " + reason +
                                     ": the function is invoked with it");
        }
    }

    void take_as_sent(const FoundEvent& event) {
        if (event.kind == Kind::custom_resource) {
            take_request(event);
        } else if (event.kind == Kind::kinesis || event.kind == Kind::dynamodb) {
            take_batch(event);
        } else {
            take_directly(event, "what sends it was not made: the function is invoked with it");
        }
    }

    std::string region_of(const FoundEvent& event) const {
        if (!options_.region.empty()) return options_.region;
        std::string text = text_member(event.event, "StackId");
        if (const json::array* records = find_array(event.event, "Records")) {
            const json::value& first = records->front();
            if (first.is_object()) text = text_member(first.as_object(), "eventSourceARN");
        }
        const auto arn = parse_arn(text);
        return arn && !arn->region.empty() ? arn->region : "us-east-1";
    }

    // --- functions ---

    std::string require_function(const std::string& name) {
        const std::string arn = world_.arn("lambda", "function:" + name);
        if (!functions_.insert(arn).second) return arn;
        const std::string role = name.substr(0, 58) + "-role";
        if (roles_.insert(role).second) {
            world_.call("iam", "CreateRole",
                        {{"RoleName", role},
                         {"AssumeRolePolicyDocument",
                          R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":)"
                          R"({"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]})"}});
        }
        const auto given = options_.code.find(name);
        const std::string code =
            given != options_.code.end()
                ? given->second
                : make_zip({{"CODE_LEFT_OUT", "The code of " + name +
                                                  " was not there when its event was imported "
                                                  "(sbemu import --code " +
                                                  name + "=FOLDER).\n"}});
        if (given == options_.code.end()) {
            const std::string hash = hex_encode(sha256(code));
            imported_.capture.withheld.push_back(
                {{arn}, hash, static_cast<std::int64_t>(code.size()), hash});
        }
        world_.call("lambda", "CreateFunction",
                    {{"FunctionName", name},
                     {"Runtime", options_.runtime},
                     {"Handler", options_.handler},
                     {"Role", world_.arn("iam", "role/" + role)},
                     {"Timeout", options_.timeout_seconds},
                     {"Code", {{"ZipFile", base64_encode(code)}}}});
        world_.advance(kUntilActive);
        return arn;
    }

    void take_directly(const FoundEvent& event, const std::string& why) {
        require_function(event.function);
        if (const auto time = time_of_event(event.event)) world_.advance_to(*time);
        world_.call("lambda", "Invoke",
                    {{"FunctionName", event.function},
                     {"InvocationType", event.is_asynchronous ? "Event" : "RequestResponse"}},
                    json::serialize(event.event));
        imported_.made.push_back(event.name + " -> " + event.function + ", invoked directly");
        imported_.notes.push_back(event.name + ": " + why);
        end_as_known(event);
        world_.leave(event.function);
    }

    // The invocations that the event came to, as far as their ends are known.
    void end_as_known(const FoundEvent& event) {
        if (!event.is_answered) return;
        for (std::int64_t attempt = 0; attempt < event.attempts; ++attempt) {
            await_invocation(event.function);
            if (!world_.waiting(event.function)) return;
            world_.answer(event.function, event.answer, event.has_failed);
            if (!event.has_failed) return;
        }
    }

    // Retries come after minutes, or after half a second where a stream sends them.
    void await_invocation(const std::string& function) {
        for (int waits = 0; waits < 10 && !world_.waiting(function); ++waits) world_.advance(30s);
    }

    void compare(const FoundEvent& event) {
        const json::object* invocation = world_.waiting(event.function);
        if (!invocation) {
            imported_.notes.push_back(event.name + " did not come about here");
            return;
        }
        const json::value here = parse_json(std::string(invocation->at("Payload").as_string()));
        if (without_places(here) != without_places(event.event)) {
            imported_.notes.push_back(event.name +
                                      " is not quite the same here; compare it with sbemu replay "
                                      "--step");
        }
    }

    // --- custom resources ---

    void take_request(const FoundEvent& event) {
        const std::string of = event.name;
        const std::string type = text_member(event.event, "RequestType");
        if (type != "Create" && type != "Update" && type != "Delete") {
            throw CaptureError(of + ": the RequestType is none of Create, Update and Delete");
        }
        const auto token = parse_arn(required_text(event.event, "ServiceToken", of));
        if (!token || token->service != "lambda") {
            return take_directly(event, "the ServiceToken is no function, so no stack was made");
        }
        const std::string logical_id = required_text(event.event, "LogicalResourceId", of);
        const std::string stack_id = required_text(event.event, "StackId", of);
        const std::string id =
            type == "Create" ? std::string() : required_text(event.event, "PhysicalResourceId", of);
        Source& source = sources_[stack_id + "|" + logical_id];
        // Nothing may ask for a function that is not there.
        require_function(event.function);
        if (!source.open.empty()) {
            world_.take_up(source.open);
            answer_request(source, id.empty() ? logical_id : id);
        }
        if (source.name.empty()) {
            source.function = event.function;
            source.name = stack_name(stack_id, logical_id);
            if (type != "Create") {
                const char* before =
                    type == "Update" ? "OldResourceProperties" : "ResourceProperties";
                write_stack("CreateStack", source, event.event,
                            member_object(event.event, before, of));
                answer_request(source, id);
            }
        }
        if (const auto time = time_of_event(event.event)) world_.advance_to(*time);
        const json::object& properties = member_object(event.event, "ResourceProperties", of);
        if (type == "Delete") {
            world_.call("cloudformation", "DeleteStack", {{"StackName", source.name}});
        } else {
            write_stack(type == "Create" ? "CreateStack" : "UpdateStack", source, event.event,
                        properties);
        }
        imported_.made.push_back(of + " " + logical_id + " -> " + event.function + ", by stack " +
                                 source.name);
        compare(event);
        end_as_known(event);
        source.open = world_.leave(event.function);
    }

    std::string stack_name(const std::string& stack_id, const std::string& logical_id) {
        const auto arn = parse_arn(stack_id);
        std::string name = arn ? arn->resource.substr(arn->resource.find('/') + 1) : "imported";
        name = name.substr(0, name.find('/'));
        if (stacks_.insert(name).second) return name;
        imported_.notes.push_back("resource " + logical_id + " of stack " + name +
                                  " has a stack of its own here");
        return name + "-" + logical_id;
    }

    void write_stack(const char* operation, const Source& source, const json::object& event,
                     json::object properties) {
        const std::string function_arn = world_.arn("lambda", "function:" + source.function);
        properties["ServiceToken"] = function_arn;
        const json::object resource{
            {"Type", text_member(event, "ResourceType", "AWS::CloudFormation::CustomResource")},
            {"Properties", std::move(properties)}};
        const json::object resources{{text_member(event, "LogicalResourceId"), resource}};
        world_.call("cloudformation", operation,
                    {{"StackName", source.name},
                     {"TemplateBody", json::serialize(json::object{{"Resources", resources}})}});
    }

    void answer_request(Source& source, const std::string& physical_id) {
        const json::object* invocation = world_.waiting(source.function);
        if (!invocation) return;
        const json::value asked = parse_json(std::string(invocation->at("Payload").as_string()));
        world_.answer(source.function, nullptr, false,
                      json::object{{"Status", "SUCCESS"},
                                   {"PhysicalResourceId", physical_id},
                                   {"StackId", asked.at("StackId")},
                                   {"RequestId", asked.at("RequestId")},
                                   {"LogicalResourceId", asked.at("LogicalResourceId")}});
        source.open.clear();
    }

    // --- batches of streams ---

    // Records are written while the mapping is disabled, so that they are one batch however far
    // apart they came.
    void take_batch(const FoundEvent& event) {
        const std::string arn =
            required_text(record_at(event.event, 0, event.name), "eventSourceARN", event.name);
        const auto parsed = parse_arn(arn);
        if (!parsed || parsed->resource.find('/') == std::string::npos) {
            throw CaptureError(event.name + ": its eventSourceARN is none: " + arn);
        }
        Source& source = sources_[arn + "|" + event.function];
        finish_earlier(event, source);
        if (source.name.empty()) {
            const std::string name = parsed->resource.substr(parsed->resource.find('/') + 1);
            source.name = name.substr(0, name.find('/'));
            source.records = event.kind == Kind::kinesis ? imported_stream(world_, source.name)
                                                         : imported_table(world_, source.name);
            require_function(event.function);
            const std::string source_arn = make_source(event, source);
            const json::object mapping = world_.call(
                "lambda", "CreateEventSourceMapping",
                {{"FunctionName", event.function},
                 {"EventSourceArn", source_arn},
                 {"BatchSize", longest_batch(arn)},
                 {"StartingPosition", event.kind == Kind::kinesis ? "TRIM_HORIZON" : "LATEST"}});
            source.mapping = text_member(mapping, "UUID");
            world_.advance(kUntilActive);
        }
        enable(source, false);
        source.records->write(event);
        enable(source, true);
        imported_.made.push_back(event.name + " of " +
                                 std::to_string(records_of(event.event).size()) + " from " +
                                 source.name + " -> " + event.function);
        compare(event);
        end_as_known(event);
        source.is_retrying = event.is_answered && event.has_failed;
        source.open = world_.leave(event.function);
    }

    // The next batch comes only after the one before was done with.
    void finish_earlier(const FoundEvent& event, Source& source) {
        world_.take_up(source.open);
        if (source.is_retrying) await_invocation(event.function);
        if (world_.waiting(event.function)) world_.answer(event.function, nullptr, false);
        source.open.clear();
        source.is_retrying = false;
    }

    std::int64_t longest_batch(const std::string& arn) const {
        std::size_t longest = 1;
        for (const FoundEvent& event : events_) {
            const json::array* records = find_array(event.event, "Records");
            if (!records || !records->front().is_object()) continue;
            if (text_member(records->front().as_object(), "eventSourceARN") != arn) continue;
            longest = std::max(longest, records->size());
        }
        return static_cast<std::int64_t>(longest);
    }

    void enable(const Source& source, bool enabled) {
        world_.call("lambda", "UpdateEventSourceMapping",
                    {{"UUID", source.mapping}, {"Enabled", enabled}});
        world_.advance(2s);
    }

    // Two functions may have the same stream.
    std::string make_source(const FoundEvent& event, Source& source) {
        const std::string stream = world_.arn("kinesis", "stream/" + source.name);
        if (event.kind == Kind::kinesis && !streams_.insert(stream).second) return stream;
        return source.records->make(event, events_, imported_.notes);
    }

    const ImportOptions& options_;
    std::vector<FoundEvent> events_;
    ImportWorld world_;
    Imported imported_;
    std::map<std::string, Source> sources_;
    std::set<std::string> functions_;
    std::set<std::string> roles_;
    std::set<std::string> streams_;
    std::set<std::string> stacks_;
};

}  // namespace

Imported import_events(const std::vector<FoundEvent>& events, const ImportOptions& options) {
    return Importer(events, options).run();
}

}  // namespace sbemu
