#include "emulator/capture/import_sources.h"

#include <boost/json.hpp>

#include "emulator/capture/logged_event.h"
#include "emulator/core/encoding.h"
#include "emulator/core/members.h"

namespace sbemu {
namespace json = boost::json;
namespace {

class Stream : public ImportedSource {
  public:
    using ImportedSource::ImportedSource;

    std::string make(const FoundEvent&, const std::vector<FoundEvent>&,
                     std::vector<std::string>&) override {
        world_.call("kinesis", "CreateStream", {{"StreamName", name_}, {"ShardCount", 1}});
        world_.advance(kUntilActive);
        return world_.arn("kinesis", "stream/" + name_);
    }

    void write(const FoundEvent& event) override {
        json::array entries;
        const auto put = [&] {
            if (entries.empty()) return;
            world_.call("kinesis", "PutRecords",
                        {{"StreamName", name_}, {"Records", std::exchange(entries, {})}});
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
            entries.push_back(
                json::object{{"Data", data},
                             {"PartitionKey", required_text(kinesis, "partitionKey", event.name)}});
        }
        put();
    }
};

class Table : public ImportedSource {
  public:
    using ImportedSource::ImportedSource;

    std::string make(const FoundEvent& event, const std::vector<FoundEvent>& all,
                     std::vector<std::string>& notes) override {
        const json::object& first =
            member_object(record_at(event.event, 0, event.name), "dynamodb", event.name);
        const json::object& keys = member_object(first, "Keys", event.name);
        if (keys.empty() || keys.size() > 2) {
            throw CaptureError(event.name + ": Keys has neither one nor two attributes");
        }
        if (keys.size() == 2) {
            notes.push_back("table " + name_ + ": " + std::string(keys.begin()->key()) +
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
            {{"TableName", name_},
             {"BillingMode", "PAY_PER_REQUEST"},
             {"KeySchema", schema},
             {"AttributeDefinitions", definitions},
             {"StreamSpecification",
              {{"StreamEnabled", true},
               {"StreamViewType", text_member(first, "StreamViewType", "NEW_AND_OLD_IMAGES")}}}});
        world_.advance(kUntilActive);
        put_old_images(text_member(record_at(event.event, 0, event.name), "eventSourceARN"), all);
        return text_member(member_object(table, "TableDescription", "CreateTable"),
                           "LatestStreamArn");
    }

    void write(const FoundEvent& event) override {
        for (std::size_t i = 0; i < records_of(event.event).size(); ++i) {
            const json::object& record = record_at(event.event, i, event.name);
            const json::object& change = member_object(record, "dynamodb", event.name);
            const json::object& keys = member_object(change, "Keys", event.name);
            if (const auto time = time_of_record(record)) world_.advance_to(*time);
            if (text_member(record, "eventName") == "REMOVE") {
                world_.call("dynamodb", "DeleteItem", {{"TableName", name_}, {"Key", keys}});
                continue;
            }
            json::object item = keys;
            if (const json::object* image = find_object(change, "NewImage")) {
                item = *image;
            } else if (text_member(record, "eventName") == "MODIFY") {
                // Something must differ; what it was is not in the event.
                item["imported"] = json::object{{"N", std::to_string(++changes_)}};
            }
            world_.call("dynamodb", "PutItem", {{"TableName", name_}, {"Item", item}});
        }
    }

  private:
    // What was in the table before the first change of it in any of the batches.
    void put_old_images(const std::string& arn, const std::vector<FoundEvent>& all) {
        for (const FoundEvent& event : all) {
            if (event.kind != FoundEvent::Kind::dynamodb) continue;
            for (std::size_t i = 0; i < records_of(event.event).size(); ++i) {
                const json::object& record = record_at(event.event, i, event.name);
                if (text_member(record, "eventSourceARN") != arn) continue;
                const json::object& change = member_object(record, "dynamodb", event.name);
                const json::object& keys = member_object(change, "Keys", event.name);
                const bool is_first = items_.insert(json::serialize(keys)).second;
                if (!is_first || text_member(record, "eventName") == "INSERT") continue;
                const json::object* image = find_object(change, "OldImage");
                world_.call("dynamodb", "PutItem",
                            {{"TableName", name_}, {"Item", image ? *image : keys}});
            }
        }
    }

    std::set<std::string> items_;  // seen so far, by keys
    int changes_ = 0;
};

}  // namespace

std::unique_ptr<ImportedSource> imported_stream(ImportWorld& world, const std::string& name) {
    return std::make_unique<Stream>(world, name);
}

std::unique_ptr<ImportedSource> imported_table(ImportWorld& world, const std::string& name) {
    return std::make_unique<Table>(world, name);
}

}  // namespace sbemu
