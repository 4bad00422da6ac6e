// DynamoDB against a plain model: random operations, every answer compared.
#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "tests/test_cloud.h"

namespace sbemu {
namespace js = boost::json;

namespace {

js::object text(const std::string& value) { return {{"S", value}}; }
js::object number(std::int64_t value) { return {{"N", std::to_string(value)}}; }

using ModelKey = std::pair<std::string, std::int64_t>;  // p S, n N

// What DynamoDB has to be like, with nothing but maps. Items have a counter c and a text a.
struct Model {
    struct Values {
        std::optional<std::int64_t> c;
        std::optional<std::string> a;
        bool operator==(const Values&) const = default;
    };
    std::map<ModelKey, Values> items;

    static js::object key_of(const ModelKey& key) {
        return {{"p", text(key.first)}, {"n", number(key.second)}};
    }
    static js::object item_of(const ModelKey& key, const Values& values) {
        js::object item = key_of(key);
        if (values.c) item["c"] = number(*values.c);
        if (values.a) item["a"] = text(*values.a);
        return item;
    }
    const Values* find(const ModelKey& key) const {
        const auto found = items.find(key);
        return found == items.end() ? nullptr : &found->second;
    }
};

// A write of the model and the request that asks DynamoDB for the same.
struct ModelWrite {
    std::string action;  // Put, Update, Delete, ConditionCheck
    js::object request;  // with TableName, as TransactWriteItems takes it
    ModelKey key;
    std::optional<Model::Values> values;  // afterwards; nothing: no item
    bool holds = true;
};

class Player {
  public:
    explicit Player(unsigned seed) : random_(seed) {
        cloud_.result("dynamodb.CreateTable",
                      R"({"TableName": "model", "BillingMode": "PAY_PER_REQUEST",
                          "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"},
                                                   {"AttributeName": "n", "AttributeType": "N"}],
                          "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"},
                                        {"AttributeName": "n", "KeyType": "RANGE"}]})");
        cloud_.settle();
    }

    void play() {
        switch (below(8)) {
            case 0:
            case 1:
            case 2:
                return play_write();
            case 3:
                return play_transaction();
            case 4:
                return play_batch();
            case 5:
                return play_get();
            case 6:
                return play_query();
            default:
                return play_scan();
        }
    }

  private:
    std::int64_t below(std::int64_t limit) {
        return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(limit));
    }
    ModelKey any_key() {
        return {std::string(1, static_cast<char>('a' + below(4))), below(12) - 6};
    }
    static std::string request(js::object members) {
        members["TableName"] = "model";
        return js::serialize(members);
    }

    // A condition that both sides understand: that c is below a number, or that there is no item.
    void add_condition(ModelWrite& write) {
        const Model::Values* old = model_.find(write.key);
        const std::int64_t limit = below(20);
        if (below(3) == 0) {
            write.request["ConditionExpression"] = "attribute_not_exists(p)";
            write.holds = old == nullptr;
        } else {
            write.request["ConditionExpression"] = "c < :limit OR attribute_not_exists(c)";
            write.request["ExpressionAttributeValues"].emplace_object()[":limit"] = number(limit);
            write.holds = !old || !old->c || *old->c < limit;
        }
    }

    ModelWrite any_put() {
        ModelWrite write{"Put", {}, any_key(), Model::Values{}};
        if (below(2)) write.values->c = below(20);
        if (below(2)) write.values->a = std::string(static_cast<std::size_t>(below(30)), 'x');
        write.request["Item"] = Model::item_of(write.key, *write.values);
        if (below(2)) add_condition(write);
        return write;
    }

    ModelWrite any_update() {
        ModelWrite write{"Update", {}, any_key(), Model::Values{}};
        if (const Model::Values* old = model_.find(write.key)) write.values = *old;
        write.request["Key"] = Model::key_of(write.key);
        const std::int64_t amount = below(7) - 3;
        if (below(2)) add_condition(write);
        js::value& values = write.request["ExpressionAttributeValues"];
        if (!values.is_object()) values.emplace_object();
        values.as_object()[":amount"] = number(amount);
        if (below(2)) {
            write.request["UpdateExpression"] = "ADD c :amount REMOVE a";
            write.values->c = write.values->c.value_or(0) + amount;
            write.values->a.reset();
        } else {
            write.request["UpdateExpression"] = "SET c = if_not_exists(c, :amount) - :amount";
            write.values->c = write.values->c.value_or(amount) - amount;
        }
        return write;
    }

    ModelWrite any_delete() {
        ModelWrite write{"Delete", {}, any_key(), std::nullopt};
        write.request["Key"] = Model::key_of(write.key);
        if (below(2)) add_condition(write);
        return write;
    }

    ModelWrite any_check() {
        ModelWrite write{"ConditionCheck", {}, any_key(), std::nullopt};
        if (const Model::Values* old = model_.find(write.key)) write.values = *old;
        write.request["Key"] = Model::key_of(write.key);
        add_condition(write);
        return write;
    }

    ModelWrite any_write() {
        switch (below(3)) {
            case 0:
                return any_put();
            case 1:
                return any_update();
            default:
                return any_delete();
        }
    }

    void apply(const ModelWrite& write) {
        if (write.values) {
            model_.items[write.key] = *write.values;
        } else {
            model_.items.erase(write.key);
        }
    }

    void play_write() {
        const ModelWrite write = any_write();
        js::object members = write.request;
        members["ReturnValues"] = "ALL_OLD";
        const Applied applied = cloud_.call("dynamodb." + write.action + "Item", request(members));
        if (!write.holds) {
            CHECK(error_of(applied).starts_with("ConditionalCheckFailedException"));
            return;
        }
        js::object wanted;
        if (const Model::Values* old = model_.find(write.key)) {
            wanted["Attributes"] = Model::item_of(write.key, *old);
        }
        CHECK(std::get<Outcome>(applied.answer).result == wanted);
        apply(write);
    }

    void play_transaction() {
        std::map<ModelKey, ModelWrite> writes;  // one for each item
        for (std::int64_t i = below(4); i >= 0; --i) {
            ModelWrite write = below(4) ? any_write() : any_check();
            const ModelKey key = write.key;
            writes.emplace(key, std::move(write));
        }
        js::array actions;
        std::string codes;
        bool holds = true;
        for (const auto& [key, write] : writes) {
            js::object action = write.request;
            action["TableName"] = "model";
            actions.push_back(js::object{{write.action, std::move(action)}});
            codes += (codes.empty() ? "" : ", ") +
                     std::string(write.holds ? "None" : "ConditionalCheckFailed");
            holds = holds && write.holds;
        }
        const Applied applied =
            cloud_.call("dynamodb.TransactWriteItems",
                        js::serialize(js::object{{"TransactItems", std::move(actions)}}));
        if (!holds) {
            CHECK(error_of(applied).ends_with("[" + codes + "]"));
            return;
        }
        CHECK(std::get<Outcome>(applied.answer).result.empty());
        for (const auto& [key, write] : writes) apply(write);
    }

    void play_batch() {
        std::map<ModelKey, std::optional<Model::Values>> writes;
        for (std::int64_t i = below(6); i >= 0; --i) {
            auto& values = writes[any_key()];
            if (below(3)) values = Model::Values{below(20), "b"};
        }
        js::array requests;
        for (const auto& [key, values] : writes) {
            if (values) {
                requests.push_back(
                    js::object{{"PutRequest", {{"Item", Model::item_of(key, *values)}}}});
            } else {
                requests.push_back(js::object{{"DeleteRequest", {{"Key", Model::key_of(key)}}}});
            }
        }
        cloud_.result("dynamodb.BatchWriteItem",
                      js::serialize(js::object{{"RequestItems", {{"model", requests}}}}));
        for (const auto& [key, values] : writes) {
            if (values) {
                model_.items[key] = *values;
            } else {
                model_.items.erase(key);
            }
        }
    }

    void play_get() {
        const ModelKey key = any_key();
        js::object wanted;
        if (const Model::Values* values = model_.find(key)) {
            wanted["Item"] = Model::item_of(key, *values);
        }
        CHECK(cloud_.result("dynamodb.GetItem", request({{"Key", Model::key_of(key)}})) == wanted);
    }

    // All pages of a Query or Scan, one after the other.
    js::array read(const std::string& operation, js::object members) {
        js::array items;
        while (true) {
            const js::object page =
                cloud_.result("dynamodb." + operation, request(members)).as_object();
            for (const js::value& item : page.at("Items").as_array()) items.push_back(item);
            const js::value* last = page.if_contains("LastEvaluatedKey");
            if (!last) return items;
            members["ExclusiveStartKey"] = *last;
        }
    }

    void play_query() {
        const std::string partition = any_key().first;
        const bool is_whole = below(3) == 0;  // which DynamoDB may answer from memory afterwards
        const std::int64_t low = is_whole ? -6 : below(12) - 6;
        const std::int64_t high = is_whole ? 6 : low + below(6);
        const bool forward = below(2) == 0;
        js::object values{{":p", text(partition)}};
        std::string condition = "p = :p";
        if (!is_whole) {
            condition += " AND n BETWEEN :low AND :high";
            values[":low"] = number(low);
            values[":high"] = number(high);
        }
        js::object members{{"KeyConditionExpression", condition},
                           {"ExpressionAttributeValues", values},
                           {"ScanIndexForward", forward}};
        if (below(2)) members["Limit"] = 1 + below(4);
        js::array wanted;
        for (const auto& [key, its_values] : model_.items) {
            if (key.first != partition || key.second < low || key.second > high) continue;
            wanted.insert(forward ? wanted.end() : wanted.begin(), Model::item_of(key, its_values));
        }
        CHECK(read("Query", members) == wanted);
    }

    void play_scan() {
        js::object members;
        if (below(2)) members["Limit"] = 1 + below(5);
        const std::int64_t segments = 1 + below(4);
        std::map<ModelKey, js::value> found;
        std::size_t count = 0;
        for (std::int64_t segment = 0; segment < segments; ++segment) {
            members["Segment"] = segment;
            members["TotalSegments"] = segments;
            for (const js::value& item : read("Scan", members)) {
                ++count;
                found[{std::string(item.at("p").at("S").as_string()),
                       std::stoll(std::string(item.at("n").at("N").as_string()))}] = item;
            }
        }
        CHECK(count == model_.items.size());
        std::map<ModelKey, js::value> wanted;
        for (const auto& [key, values] : model_.items) wanted[key] = Model::item_of(key, values);
        CHECK(found == wanted);
    }

    std::mt19937_64 random_;
    TestCloud cloud_;
    Model model_;
};

}  // namespace

TEST_CASE("DynamoDB answers like a plain model", "[dynamodb][model]") {
    const unsigned seed = GENERATE(range(1U, 16U));
    CAPTURE(seed);
    Player player(seed);
    for (int i = 0; i < 250; ++i) player.play();
}

}  // namespace sbemu
