#include "emulator/capture/import.h"

#include <algorithm>
#include <boost/json.hpp>
#include <regex>
#include <set>

#include "emulator/capture/captured_text.h"
#include "emulator/capture/import_world.h"
#include "emulator/capture/stand_ins.h"
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
constexpr Duration kSettling = 30s;       // until streams and functions are there

const json::array& records_of(const json::object& event) {
    const json::array* records = find_array(event, "Records");
    if (!records) throw CaptureError("an event has no Records");
    return *records;
}

const json::object& member_object(const json::object& object, const char* name,
                                  const std::string& of) {
    const json::object* member = find_object(object, name);
    if (!member) throw CaptureError(of + " has no " + name + ", or it is no object");
    return *member;
}

std::string required(const json::object& object, const char* name, const std::string& of) {
    const auto text = find_text(object, name);
    if (!text || text->empty()) throw CaptureError(of + " has no " + name);
    return *text;
}

const json::object& record_at(const json::object& event, std::size_t index, const std::string& of) {
    const json::value& record = records_of(event).at(index);
    if (!record.is_object()) throw CaptureError(of + " has a record that is no object");
    return record.as_object();
}

std::optional<Time> time_of(const json::value* seconds) {
    if (!seconds || !seconds->is_number()) return std::nullopt;
    const double value = seconds->to_number<double>();
    if (value < 0 || value > 4e9) return std::nullopt;
    return from_milliseconds(static_cast<std::int64_t>(value * 1000 + 0.5));
}

std::optional<Time> time_of_record(const json::object& record) {
    if (const json::object* kinesis = find_object(record, "kinesis")) {
        return time_of(kinesis->if_contains("approximateArrivalTimestamp"));
    }
    const json::object* change = find_object(record, "dynamodb");
    return change ? time_of(change->if_contains("ApproximateCreationDateTime")) : std::nullopt;
}

// Of a custom resource the signature of its ResponseURL tells it.
std::optional<Time> time_of_event(const json::object& event) {
    if (const json::array* records = find_array(event, "Records")) {
        for (const json::value& record : *records) {
            if (record.is_object()) return time_of_record(record.as_object());
        }
    }
    static const std::regex kStamp(R"(X-Amz-Date=(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z)");
    const std::string url = text_member(event, "ResponseURL");
    std::smatch match;
    if (!std::regex_search(url, match, kStamp)) return std::nullopt;
    return parse_iso_time(match[1].str() + "-" + match[2].str() + "-" + match[3].str() + "T" +
                          match[4].str() + ":" + match[5].str() + ":" + match[6].str() + ".000Z");
}

// What is the same when the same happens elsewhere and at another time.
json::value without_places(const json::value& value) {
    static const std::set<std::string_view> kOther{"ResponseURL",
                                                   "StackId",
                                                   "RequestId",
                                                   "ServiceToken",
                                                   "sequenceNumber",
                                                   "eventID",
                                                   "SequenceNumber",
                                                   "SizeBytes",
                                                   "awsRegion",
                                                   "eventSourceARN",
                                                   "invokeIdentityArn",
                                                   "approximateArrivalTimestamp",
                                                   "ApproximateCreationDateTime"};
    if (const json::array* array = value.if_array()) {
        json::array result;
        for (const json::value& element : *array) result.push_back(without_places(element));
        return result;
    }
    if (!value.is_object()) return value;
    json::object result;
    for (const auto& [name, member] : value.as_object()) {
        if (!kOther.contains(name)) result[name] = without_places(member);
    }
    return result;
}

// ARNs, accounts and regions as they are here.
class Places {
  public:
    explicit Places(const ImportOptions& options) : options_(options) {}

    json::object rewrite(const json::object& event) {
        std::set<std::string> foreign;
        learn(event, foreign);
        StandIns accounts;
        for (const std::string& account : foreign) accounts.replace(account, options_.account);
        return places(accounts.apply(event)).as_object();
    }

  private:
    static const std::regex& arn_pattern() {
        static const std::regex kArn("arn:aws[a-z-]*:([a-z0-9-]+):([a-z0-9-]*):([0-9]{12}):");
        return kArn;
    }

    void learn(const json::value& value, std::set<std::string>& accounts) const {
        if (value.is_string()) {
            const std::string text(value.as_string());
            for (std::sregex_iterator match(text.begin(), text.end(), arn_pattern()), end;
                 match != end; ++match) {
                if ((*match)[3] != options_.account) {
                    accounts.insert((*match)[3]);
                }
            }
        } else if (value.is_array()) {
            for (const json::value& element : value.as_array()) learn(element, accounts);
        } else if (value.is_object()) {
            for (const auto& [name, member] : value.as_object()) learn(member, accounts);
        }
    }

    json::value places(const json::value& value) const {
        if (value.is_string()) {
            const std::string text(value.as_string());
            const std::string region = options_.region;
            std::string result;
            std::string::const_iterator from = text.begin();
            for (std::sregex_iterator match(text.begin(), text.end(), arn_pattern()), end;
                 match != end; ++match) {
                result.append(from, (*match)[0].first);
                const std::string own = (*match)[2];
                result += "arn:aws:" + (*match)[1].str() + ":" +
                          (own.empty() || region.empty() ? own : region) + ":" + (*match)[3].str() +
                          ":";
                from = (*match)[0].second;
            }
            result.append(from, text.end());
            return json::value(result);
        }
        if (const json::array* array = value.if_array()) {
            json::array result;
            for (const json::value& element : *array) result.push_back(places(element));
            return result;
        }
        if (!value.is_object()) return value;
        json::object result;
        for (const auto& [name, member] : value.as_object()) result[name] = places(member);
        if (!options_.region.empty() && result.contains("awsRegion")) {
            result["awsRegion"] = options_.region;
        }
        return result;
    }

    const ImportOptions& options_;
};

class Importer {
  public:
    Importer(const std::vector<FoundEvent>& events, const ImportOptions& options)
        : options_(options), events_(events), world_(start_of(events), options.account) {
        Places places(options);
        for (FoundEvent& event : events_) {
            event.event = places.rewrite(event.event);
            if (event.function.empty()) event.function = function_of_event(event);
        }
    }

    Imported run() {
        for (const FoundEvent& event : events_) take(event);
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
        std::set<std::string> items;  // of a table, by keys
    };

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
        } else if (event.kind == Kind::kinesis) {
            take_batch(event, &Importer::make_stream, &Importer::put_records);
        } else if (event.kind == Kind::dynamodb) {
            take_batch(event, &Importer::make_table, &Importer::write_items);
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
        world_.advance(kSettling);
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
        const auto token = parse_arn(required(event.event, "ServiceToken", of));
        if (!token || token->service != "lambda") {
            return take_directly(event, "the ServiceToken is no function, so no stack was made");
        }
        const std::string logical_id = required(event.event, "LogicalResourceId", of);
        const std::string stack_id = required(event.event, "StackId", of);
        const std::string id =
            type == "Create" ? std::string() : required(event.event, "PhysicalResourceId", of);
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

    using MakeSource = std::string (Importer::*)(const FoundEvent&, Source&);
    using WriteRecords = void (Importer::*)(const FoundEvent&, Source&);

    // Records are written while the mapping is disabled, so that they are one batch however far
    // apart they came.
    void take_batch(const FoundEvent& event, MakeSource make_source, WriteRecords write_records) {
        const std::string arn =
            required(record_at(event.event, 0, event.name), "eventSourceARN", event.name);
        const auto parsed = parse_arn(arn);
        if (!parsed || parsed->resource.find('/') == std::string::npos) {
            throw CaptureError(event.name + ": its eventSourceARN is none: " + arn);
        }
        Source& source = sources_[arn + "|" + event.function];
        finish_earlier(event, source);
        if (source.name.empty()) {
            const std::string name = parsed->resource.substr(parsed->resource.find('/') + 1);
            source.name = name.substr(0, name.find('/'));
            require_function(event.function);
            const std::string source_arn = (this->*make_source)(event, source);
            const json::object mapping = world_.call(
                "lambda", "CreateEventSourceMapping",
                {{"FunctionName", event.function},
                 {"EventSourceArn", source_arn},
                 {"BatchSize", longest_batch(arn)},
                 {"StartingPosition", event.kind == Kind::kinesis ? "TRIM_HORIZON" : "LATEST"}});
            source.mapping = text_member(mapping, "UUID");
            world_.advance(kSettling);
        }
        enable(source, false);
        (this->*write_records)(event, source);
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

    std::string make_stream(const FoundEvent&, Source& source) {
        if (streams_.insert(world_.arn("kinesis", source.name)).second) {
            world_.call("kinesis", "CreateStream",
                        {{"StreamName", source.name}, {"ShardCount", 1}});
            world_.advance(kSettling);
        }
        return world_.arn("kinesis", "stream/" + source.name);
    }

    void put_records(const FoundEvent& event, Source& source) {
        json::array entries;
        const auto put = [&] {
            if (entries.empty()) return;
            world_.call("kinesis", "PutRecords",
                        {{"StreamName", source.name}, {"Records", std::exchange(entries, {})}});
        };
        for (std::size_t i = 0; i < records_of(event.event).size(); ++i) {
            const json::object& record = record_at(event.event, i, event.name);
            const json::object& kinesis = member_object(record, "kinesis", event.name);
            const std::string data = text_member(kinesis, "data");
            if (!base64_decode(data)) {
                throw CaptureError(event.name + ": the data of record " + std::to_string(i + 1) +
                                   " is not base64");
            }
            const auto time = time_of_record(record);
            if ((time && *time > world_.now()) || entries.size() == 500) put();
            if (time) world_.advance_to(*time);
            entries.push_back(json::object{
                {"Data", data}, {"PartitionKey", required(kinesis, "partitionKey", event.name)}});
        }
        put();
    }

    std::string make_table(const FoundEvent& event, Source& source) {
        const json::object& first =
            member_object(record_at(event.event, 0, event.name), "dynamodb", event.name);
        const json::object& keys = member_object(first, "Keys", event.name);
        if (keys.empty() || keys.size() > 2) {
            throw CaptureError(event.name + ": Keys has neither one nor two attributes");
        }
        if (keys.size() == 2) {
            imported_.notes.push_back("table " + source.name + ": " +
                                      std::string(keys.begin()->key()) +
                                      " is taken for the partition key, as it stands first in "
                                      "Keys");
        }
        json::array schema;
        json::array definitions;
        for (const auto& [name, value] : keys) {
            if (!value.is_object() || value.as_object().size() != 1) {
                throw CaptureError(event.name + ": Keys has a value without a type");
            }
            schema.push_back(json::object{{"AttributeName", name},
                                          {"KeyType", schema.empty() ? "HASH" : "RANGE"}});
            definitions.push_back(json::object{
                {"AttributeName", name}, {"AttributeType", value.as_object().begin()->key()}});
        }
        const json::object table = world_.call(
            "dynamodb", "CreateTable",
            {{"TableName", source.name},
             {"BillingMode", "PAY_PER_REQUEST"},
             {"KeySchema", schema},
             {"AttributeDefinitions", definitions},
             {"StreamSpecification",
              {{"StreamEnabled", true},
               {"StreamViewType", text_member(first, "StreamViewType", "NEW_AND_OLD_IMAGES")}}}});
        world_.advance(kSettling);
        put_old_images(text_member(record_at(event.event, 0, event.name), "eventSourceARN"),
                       source);
        return text_member(member_object(table, "TableDescription", "CreateTable"),
                           "LatestStreamArn");
    }

    // What was in the table before the first change of it in any of the batches.
    void put_old_images(const std::string& arn, Source& source) {
        for (const FoundEvent& event : events_) {
            if (event.kind != Kind::dynamodb) continue;
            for (std::size_t i = 0; i < records_of(event.event).size(); ++i) {
                const json::object& record = record_at(event.event, i, event.name);
                if (text_member(record, "eventSourceARN") != arn) continue;
                const json::object& change = member_object(record, "dynamodb", event.name);
                const json::object& keys = member_object(change, "Keys", event.name);
                const bool is_first = source.items.insert(json::serialize(keys)).second;
                if (!is_first || text_member(record, "eventName") == "INSERT") continue;
                const json::object* image = find_object(change, "OldImage");
                world_.call("dynamodb", "PutItem",
                            {{"TableName", source.name}, {"Item", image ? *image : keys}});
            }
        }
    }

    void write_items(const FoundEvent& event, Source& source) {
        for (std::size_t i = 0; i < records_of(event.event).size(); ++i) {
            const json::object& record = record_at(event.event, i, event.name);
            const json::object& change = member_object(record, "dynamodb", event.name);
            const json::object& keys = member_object(change, "Keys", event.name);
            if (const auto time = time_of_record(record)) world_.advance_to(*time);
            if (text_member(record, "eventName") == "REMOVE") {
                world_.call("dynamodb", "DeleteItem", {{"TableName", source.name}, {"Key", keys}});
                continue;
            }
            json::object item = keys;
            if (const json::object* image = find_object(change, "NewImage")) {
                item = *image;
            } else if (text_member(record, "eventName") == "MODIFY") {
                // Something must differ; what it was is not in the event.
                item["imported"] = json::object{{"N", std::to_string(++changes_)}};
            }
            world_.call("dynamodb", "PutItem", {{"TableName", source.name}, {"Item", item}});
        }
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
    int changes_ = 0;
};

}  // namespace

Imported import_events(const std::vector<FoundEvent>& events, const ImportOptions& options) {
    return Importer(events, options).run();
}

}  // namespace sbemu
