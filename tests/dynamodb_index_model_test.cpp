// A table with secondary indexes, a stream and a time to live against a plain model: random writes,
// then everything that can be read is compared.
#include "tests/dynamodb_index_model.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>

namespace sbemu::index_model {
namespace json = boost::json;

namespace {

class Player {
  public:
    explicit Player(unsigned seed) : random_(seed) {
        cloud_.result("dynamodb.CreateTable", kTable);
        cloud_.settle();
        cloud_.result("dynamodb.UpdateTimeToLive", R"({"TableName": "model",
            "TimeToLiveSpecification": {"Enabled": true, "AttributeName": "e"}})");
    }

    void play() {
        switch (below(12)) {
            case 0:
                return pass_time();
            case 1:
                return write_batch();
            case 2:
                return write_transaction();
            case 3:
            case 4:
            case 5:
                return erase();
            case 6:
            case 7:
            case 8:
                return update();
            default:
                return put();
        }
    }

    void compare() {
        for (const IndexOfModel& index : kIndexes) {
            compare_scan(index);
            for (const char* partition : {"a", "b", "c"}) compare_query(index, partition);
        }
        compare_counts();
        compare_stream();
    }

  private:
    std::int64_t below(std::int64_t limit) {
        return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(limit));
    }
    std::string any_letter() { return std::string(1, static_cast<char>('a' + below(3))); }
    json::object any_key() { return {{"p", text(any_letter())}, {"n", number(below(8))}}; }
    std::int64_t now() const {
        return std::chrono::duration_cast<std::chrono::seconds>(cloud_.now().time_since_epoch())
            .count();
    }
    json::object any_item() {
        json::object item = any_key();
        if (below(4)) item["a"] = text(any_letter());
        if (below(4)) item["c"] = number(below(5));
        if (below(2)) item["d"] = number(below(5));
        if (below(4) == 0) item["e"] = number(now() + 1 + below(100));
        if (below(4) == 0)
            item["s"] = text(std::string(static_cast<std::size_t>(below(3000)), 's'));
        return item;
    }
    static json::object request(json::object members) {
        members["TableName"] = "model";
        return members;
    }
    json::object call(const std::string& operation, const json::object& members) {
        return cloud_.result("dynamodb." + operation, json::serialize(members)).as_object();
    }

    // The item becomes `after`; nothing: it goes.
    void change(const json::object& key, const std::optional<json::object>& after,
                bool expired = false) {
        const std::string name = name_of(key);
        const auto found = items_.find(name);
        json::object record{{"Keys", key}};
        if (found != items_.end()) record["OldImage"] = found->second;
        if (after) record["NewImage"] = *after;
        if (expired) record["userIdentity"] = true;
        const bool is_change =
            found != items_.end() ? !after || *after != found->second : after.has_value();
        if (is_change) records_.push_back(std::move(record));
        if (after) {
            items_[name] = *after;
        } else {
            items_.erase(name);
        }
    }

    void put() {
        const json::object item = any_item();
        call("PutItem", request({{"Item", item}}));
        change(key_of(item), item);
    }
    void erase() {
        const json::object key = any_key();
        call("DeleteItem", request({{"Key", key}}));
        change(key, std::nullopt);
    }

    // What the update asks for, and what becomes of the item.
    std::pair<json::object, json::object> any_update(const json::object& key) {
        const auto found = items_.find(name_of(key));
        json::object item = found != items_.end() ? found->second : key;
        json::object members{{"Key", key}};
        const std::string letter = any_letter();
        switch (below(3)) {
            case 0:
                members["UpdateExpression"] = "SET a = :a REMOVE d";
                members["ExpressionAttributeValues"] = {{":a", text(letter)}};
                item["a"] = text(letter);
                item.erase("d");
                break;
            case 1:
                members["UpdateExpression"] = "ADD c :one";
                members["ExpressionAttributeValues"] = {{":one", number(1)}};
                item["c"] = number((item.contains("c") ? number_in(item, "c") : 0) + 1);
                break;
            default:
                members["UpdateExpression"] = "SET d = :d REMOVE a, c";
                members["ExpressionAttributeValues"] = {{":d", number(7)}};
                item["d"] = number(7);
                item.erase("a");
                item.erase("c");
        }
        return {std::move(members), std::move(item)};
    }
    void update() {
        const json::object key = any_key();
        const auto [members, item] = any_update(key);
        call("UpdateItem", request(members));
        change(key, item);
    }

    void write_batch() {
        std::map<std::string, json::object> puts;
        for (std::int64_t i = below(6); i >= 0; --i) {
            const json::object item = any_item();
            puts[name_of(key_of(item))] = item;
        }
        json::array requests;
        for (const auto& [name, item] : puts) {
            requests.push_back(json::object{{"PutRequest", {{"Item", item}}}});
        }
        const json::object key = any_key();
        const bool erases = !puts.contains(name_of(key));
        if (erases) requests.push_back(json::object{{"DeleteRequest", {{"Key", key}}}});
        call("BatchWriteItem", {{"RequestItems", {{"model", std::move(requests)}}}});
        for (const auto& [name, item] : puts) change(key_of(item), item);
        if (erases) change(key, std::nullopt);
    }

    void write_transaction() {
        const json::object put_item = any_item();
        const json::object key = any_key();
        if (key == key_of(put_item)) return;
        const auto [members, item] = any_update(key);
        const bool holds = below(3) != 0;
        json::object action = request(members);
        action["ConditionExpression"] =
            holds ? "attribute_not_exists(absent)" : "attribute_exists(absent)";
        const json::object both{
            {"TransactItems", json::array{json::object{{"Put", request({{"Item", put_item}})}},
                                          json::object{{"Update", std::move(action)}}}}};
        const Applied applied = cloud_.call("dynamodb.TransactWriteItems", json::serialize(both));
        if (!holds) {
            REQUIRE(error_of(applied).ends_with("[None, ConditionalCheckFailed]"));
            return;
        }
        REQUIRE(error_of(applied) == "none");
        change(key_of(put_item), put_item);
        change(key, item);
    }

    void pass_time() {
        const bool is_long = hours_ < 3 && below(8) == 0;  // streams change their shards
        if (is_long) ++hours_;
        cloud_.advance(is_long ? Duration(5 * 3'600'000) : Duration(1000 * below(40)));
        std::vector<json::object> gone;
        for (const auto& [name, item] : items_) {
            if (item.contains("e") && number_in(item, "e") <= now()) gone.push_back(key_of(item));
        }
        for (const json::object& key : gone) change(key, std::nullopt, true);
    }

    // All pages; `scanned` becomes the sum of what they looked at.
    std::vector<json::object> read(const std::string& operation, json::object members,
                                   std::int64_t& scanned) {
        std::vector<json::object> items;
        scanned = 0;
        while (true) {
            const json::object page = call(operation, request(members));
            scanned += page.at("ScannedCount").as_int64();
            CHECK(page.at("Count") == page.at("Items").as_array().size());
            for (const json::value& item : page.at("Items").as_array()) {
                items.push_back(item.as_object());
            }
            const json::value* last = page.if_contains("LastEvaluatedKey");
            if (!last) return items;
            members["ExclusiveStartKey"] = *last;
        }
    }

    static bool has_place(const IndexOfModel& index, const json::object& item) {
        return item.contains(index.partition) && (index.sort.empty() || item.contains(index.sort));
    }

    void compare_scan(const IndexOfModel& index) {
        Items wanted;
        for (const auto& [name, item] : items_) {
            if (has_place(index, item)) wanted[name] = projected(item, index.projected);
        }
        json::object members{{"IndexName", index.name}};
        if (below(2)) members["Limit"] = 1 + below(5);
        const std::int64_t segments = 1 + below(4);
        Items found;
        std::size_t count = 0;
        for (std::int64_t segment = 0; segment < segments; ++segment) {
            members["Segment"] = segment;
            members["TotalSegments"] = segments;
            std::int64_t scanned = 0;
            for (json::object& item : read("Scan", members, scanned)) {
                ++count;
                found[name_of(key_of(item))] = std::move(item);
            }
        }
        INFO("scan of " << index.name);
        CHECK(count == wanted.size());
        REQUIRE(found == wanted);
    }

    // A range of sort keys, in both directions, whole and filtered.
    void compare_query(const IndexOfModel& index, const std::string& partition) {
        const std::int64_t low = below(5);
        json::object values{{":p", text(partition)}};
        std::string condition = index.partition + " = :p";
        if (!index.sort.empty()) {
            condition += " AND " + index.sort + " >= :low";
            values[":low"] = number(low);
        }
        json::object members{{"IndexName", index.name}, {"KeyConditionExpression", condition}};
        const bool filters = index.has_d && below(2);
        if (filters) {
            members["FilterExpression"] = "d > :d";
            values[":d"] = number(2);
        }
        members["ExpressionAttributeValues"] = values;
        if (below(2)) members["Limit"] = 1 + below(4);

        Items wanted;
        std::int64_t in_range = 0;
        for (const auto& [name, item] : items_) {
            if (!has_place(index, item) || item.at(index.partition) != text(partition)) continue;
            if (!index.sort.empty() && number_in(item, index.sort) < low) continue;
            ++in_range;
            if (filters && !(item.contains("d") && number_in(item, "d") > 2)) continue;
            wanted[name] = projected(item, index.projected);
        }
        INFO("query of " << index.name << " " << json::serialize(members));
        std::int64_t scanned = 0;
        std::vector<json::object> items = read("Query", members, scanned);
        CHECK(scanned == in_range);
        CHECK(std::is_sorted(items.begin(), items.end(), [&](const auto& left, const auto& right) {
            return !index.sort.empty() &&
                   number_in(left, index.sort) < number_in(right, index.sort);
        }));
        members["ScanIndexForward"] = false;
        std::vector<json::object> backwards = read("Query", members, scanned);
        std::reverse(backwards.begin(), backwards.end());
        CHECK(backwards == items);
        Items found;
        for (json::object& item : items) found[name_of(key_of(item))] = std::move(item);
        REQUIRE(found == wanted);
        CHECK(backwards.size() == wanted.size());
    }

    void compare_counts() {
        const json::value table =
            cloud_.result("dynamodb.DescribeTable", R"({"TableName": "model"})").at("Table");
        CHECK(table.at("ItemCount") == items_.size());
        const auto count = [&](const IndexOfModel& index) {
            return std::count_if(items_.begin(), items_.end(),
                                 [&](const auto& item) { return has_place(index, item.second); });
        };
        CHECK(table.at_pointer("/LocalSecondaryIndexes/0/ItemCount") == count(kIndexes[0]));
        CHECK(table.at_pointer("/GlobalSecondaryIndexes/0/ItemCount") == count(kIndexes[1]));
        CHECK(table.at_pointer("/GlobalSecondaryIndexes/1/ItemCount") == count(kIndexes[2]));
    }

    json::object stream_call(const std::string& operation, const json::object& members) {
        return cloud_.result("dynamodbstreams." + operation, json::serialize(members)).as_object();
    }

    // Of all shards, in their order.
    std::vector<json::object> read_stream() {
        const json::value arn = stream_call("ListStreams", {}).at("Streams").at(0).at("StreamArn");
        const json::object described = stream_call("DescribeStream", {{"StreamArn", arn}});
        std::vector<json::object> records;
        for (const json::value& shard : described.at("StreamDescription").at("Shards").as_array()) {
            json::value iterator =
                stream_call("GetShardIterator", {{"StreamArn", arn},
                                                 {"ShardId", shard.at("ShardId")},
                                                 {"ShardIteratorType", "TRIM_HORIZON"}})
                    .at("ShardIterator");
            while (true) {
                const json::object page =
                    stream_call("GetRecords", {{"ShardIterator", iterator}, {"Limit", 100}});
                for (const json::value& record : page.at("Records").as_array()) {
                    records.push_back(record.as_object());
                }
                const json::value* next = page.if_contains("NextShardIterator");
                if (!next || page.at("Records").as_array().empty()) break;
                iterator = *next;
            }
        }
        return records;
    }

    // Items that expire together do so in any order.
    static std::vector<json::object> with_expired_sorted(std::vector<json::object> records) {
        const auto expired = [](const json::object& record) {
            return record.contains("userIdentity");
        };
        for (auto begin = records.begin(); begin != records.end();) {
            begin = std::find_if(begin, records.end(), expired);
            const auto end = std::find_if_not(begin, records.end(), expired);
            std::sort(begin, end, [](const json::object& left, const json::object& right) {
                return name_of(left.at("Keys")) < name_of(right.at("Keys"));
            });
            begin = end;
        }
        return records;
    }

    void compare_stream() {
        std::vector<json::object> seen;
        std::string last_number;
        for (const json::object& record : read_stream()) {
            const json::object& change = record.at("dynamodb").as_object();
            const std::string number(change.at("SequenceNumber").as_string());
            CHECK(number > last_number);
            last_number = number;
            json::object told;
            for (const char* member : {"Keys", "OldImage", "NewImage"}) {
                if (const json::value* image = change.if_contains(member)) told[member] = *image;
            }
            CHECK(record.at("eventName") == (!told.contains("OldImage")   ? "INSERT"
                                             : !told.contains("NewImage") ? "REMOVE"
                                                                          : "MODIFY"));
            if (record.contains("userIdentity")) told["userIdentity"] = true;
            seen.push_back(std::move(told));
        }
        REQUIRE(with_expired_sorted(std::move(seen)) == with_expired_sorted(records_));
    }

    std::mt19937_64 random_;
    TestCloud cloud_;
    Items items_;
    std::vector<json::object> records_;  // of the stream
    int hours_ = 0;                      // how often five of them passed at once
};

}  // namespace

TEST_CASE("Indexes and streams answer like a plain model", "[dynamodb][model]") {
    const unsigned seed = GENERATE(range(1U, 13U));
    CAPTURE(seed);
    Player player(seed);
    for (int i = 0; i < 10; ++i) {
        for (int j = 0; j < 25; ++j) player.play();
        player.compare();
    }
}

}  // namespace sbemu::index_model
