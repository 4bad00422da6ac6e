#include "fakes/dynamodb/values/normal_item.h"

#include <algorithm>
#include <boost/json.hpp>

#include "emulator/core/encoding.h"
#include "fakes/dynamodb/values/number.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

bool is_normal(const json::value& value, std::size_t depth);

bool is_normal_map(const json::object& map, std::size_t depth) {
    return std::all_of(map.begin(), map.end(), [&](const json::key_value_pair& member) {
        return is_normal(member.value(), depth);
    });
}

bool is_normal_list(const json::array& list, std::size_t depth) {
    return std::all_of(list.begin(), list.end(),
                       [&](const json::value& member) { return is_normal(member, depth); });
}

// What is faulty is not normal, and sets are not looked through: normalize_item sorts and refuses.
bool is_normal(const json::value& value, std::size_t depth) {
    if (depth > kMaxNesting || !value.is_object() || value.get_object().size() != 1) return false;
    const std::string_view type = type_of(value.get_object());
    const json::value& content = content_of(value.get_object());
    if (type == "S") return content.is_string();
    if (type == "N") return content.is_string() && is_normal_number(content.get_string());
    if (type == "B") return content.is_string() && base64_decode(content.get_string());
    if (type == "BOOL") return content.is_bool();
    if (type == "NULL") return content == true;
    if (type == "M") return content.is_object() && is_normal_map(content.get_object(), depth + 1);
    return type == "L" && content.is_array() && is_normal_list(content.get_array(), depth + 1);
}

}  // namespace

NormalItem NormalItem::borrow(const Item& item) {
    NormalItem normal;
    normal.borrowed_ = &item;
    return normal;
}

NormalItem NormalItem::in(const json::object& request_item, ValueLayer layer) {
    if (!request_item.contains("") && is_normal_map(request_item, 1)) return borrow(request_item);
    return NormalItem(normalize_item(request_item, layer));
}

std::size_t NormalItem::size() const {
    if (size_ == kUnknown) size_ = size_of_item(item());
    return size_;
}

}  // namespace sbemu::dynamodb
