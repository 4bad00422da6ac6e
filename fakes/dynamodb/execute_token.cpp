#include "fakes/dynamodb/execute_token.h"

#include <boost/json.hpp>

#include "emulator/core/encoding.h"
#include "emulator/core/members.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/keys.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

[[noreturn]] void invalid() { throw validation_error("Invalid NextToken"); }

json::object parse(const std::string& token) {
    const auto text = base64_decode(token);
    if (!text) invalid();
    boost::system::error_code error;
    json::value value = json::parse(*text, error);
    if (error || !value.is_object()) invalid();
    return std::move(value.as_object());
}

IndexPosition place_of(const Table& table, const Index* index, const Item& key) {
    IndexPosition position;
    try {
        const Item normal = normalize_item(key);
        position.item = key_of_item(table, normal);
        if (!index) return position;
        const auto place = place_in(*index, normal);
        if (!place) invalid();
        position.place = *place;
    } catch (const std::exception&) {  // also where JSON has other types than a key
        invalid();
    }
    return position;
}

}  // namespace

Item position_of(const Table& table, const Index* index, const Item& item) {
    Item key = key_attributes(table, item);
    if (!index) return key;
    for (const auto* keys : {&index->partition, &index->sort}) {
        for (const KeyAttribute& attribute : *keys) key[attribute.name] = item.at(attribute.name);
    }
    return key;
}

std::string make_token(std::size_t read, const Item& key, const std::string& fingerprint) {
    const json::object token{{"statement", fingerprint}, {"read", read}, {"key", key}};
    return base64_encode(json::serialize(token));
}

PagePosition read_token(const std::string& token, const std::string& fingerprint,
                        const Table& table, const Index* index) {
    const json::object content = parse(token);
    const auto statement = find_text(content, "statement");
    const auto read = find_number(content, "read");
    const json::object* key = find_object(content, "key");
    if (!statement || !read || *read < 0 || !key) invalid();
    if (*statement != fingerprint) throw validation_error("NextToken does not match request");
    return {static_cast<std::size_t>(*read), place_of(table, index, *key)};
}

}  // namespace sbemu::dynamodb
