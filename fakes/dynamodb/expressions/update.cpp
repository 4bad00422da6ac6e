#include "fakes/dynamodb/expressions/update.h"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "fakes/dynamodb/values/errors.h"
#include "fakes/dynamodb/values/number.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

using Action = UpdateAction::Kind;
using Operand = UpdateOperand::Kind;

[[noreturn]] void wrong_type() {
    throw validation_error("An operand in the update expression has an incorrect data type");
}

[[noreturn]] void wrong_path() {
    throw validation_error(
        "The document path provided in the update expression is invalid for update");
}

json::object sum_of(const json::object& left, const json::object& right, bool subtracts) {
    if (type_of(left) != "N" || type_of(right) != "N") wrong_type();
    const Number number = parse_number(text_of(right));
    return {{"N", add(parse_number(text_of(left)), subtracts ? negate(number) : number).text()}};
}

json::object joined(const json::object& left, const json::object& right) {
    if (type_of(left) != "L" || type_of(right) != "L") wrong_type();
    json::array list = content_of(left).as_array();
    for (const json::value& member : content_of(right).as_array()) list.push_back(member);
    return {{"L", std::move(list)}};
}

// Values of operands in the item as it was. What SET copies is in the new item, and a short
// expression can name a long list hundreds of times: no more is copied than an item can hold.
class Evaluation {
  public:
    explicit Evaluation(const Item& item) : item_(item) {}

    json::object value_of(const UpdateOperand& operand) {
        switch (operand.kind) {
            case Operand::value:
                return copy(operand.value);
            case Operand::path:
                if (const json::object* found = find(item_, operand.path)) return copy(*found);
                throw validation_error(
                    "The provided expression refers to an attribute that does not exist in the "
                    "item");
            case Operand::if_not_exists:
                if (const json::object* found = find(item_, operand.path)) return copy(*found);
                return value_of(operand.operands[0]);
            case Operand::list_append: {
                const json::object first = value_of(operand.operands[0]);
                return joined(first, value_of(operand.operands[1]));
            }
            case Operand::plus:
            case Operand::minus:
                break;
        }
        const json::object left = value_of(operand.operands[0]);
        return sum_of(left, value_of(operand.operands[1]), operand.kind == Operand::minus);
    }

  private:
    // A number may end in a shorter sum; a list leaves its own three bytes behind when joined.
    json::object copy(const json::object& value) {
        if (type_of(value) == "N") return value;
        const std::size_t size = size_of_value(value);
        copied_ += size - std::min<std::size_t>(size, 3);
        if (copied_ > kMaxItemSize) {
            // assumed: also where something else is wrong further on
            throw validation_error("Item size to update has exceeded the maximum allowed size");
        }
        return value;
    }

    const Item& item_;
    std::size_t copied_ = 0;
};

// A set with the members of both, or without those of the second; in the order sets have.
json::object changed_set(const json::object& set, const json::object& members, bool adds) {
    const std::string type(type_of(set));
    json::array changed;
    const json::array& given = content_of(members).as_array();
    std::set<std::string_view> known;
    for (const json::value& member : given) known.insert(member.as_string());
    for (const json::value& member : content_of(set).as_array()) {
        if (!known.contains(member.as_string())) changed.push_back(member);
    }
    if (adds) changed.insert(changed.end(), given.begin(), given.end());
    if (changed.empty()) return {};
    return normalize_value(json::object{{type, std::move(changed)}});
}

// What ADD and DELETE change has the type of what they are given.
void check_type(const UpdateAction& action, const json::object& old_value) {
    if (type_of(old_value) == type_of(action.operand.value)) return;
    if (action.is_legacy) throw validation_error("Type mismatch for attribute to update");
    wrong_type();
}

// The value that an ADD leads to.
json::object added(const UpdateAction& action, const json::object* old_value) {
    const json::object& value = action.operand.value;
    if (!old_value) return value;
    check_type(action, *old_value);
    const std::string_view type = type_of(value);
    if (type == "N") return sum_of(*old_value, value, false);
    if (type == "L") return joined(*old_value, value);
    return changed_set(*old_value, value, true);
}

// The map or list that the last step of the path is in; null if there is none.
json::object* holder_of(Item& item, const Path& path) {
    json::object* holder = nullptr;
    json::value* value = item.if_contains(path.attribute());
    for (std::size_t i = 1; i < path.steps.size(); ++i) {
        if (!value) return nullptr;
        holder = &value->as_object();
        if (i + 1 == path.steps.size()) return holder;
        if (const auto* name = std::get_if<std::string>(&path.steps[i])) {
            json::value* map = holder->if_contains("M");
            value = map ? map->as_object().if_contains(*name) : nullptr;
        } else {
            json::value* list = holder->if_contains("L");
            value =
                list ? list->as_array().if_contains(std::get<std::size_t>(path.steps[i])) : nullptr;
        }
    }
    return holder;
}

void store(Item& item, const Path& path, json::object value) {
    if (path.steps.size() == 1) {
        item[path.attribute()] = std::move(value);
        return;
    }
    json::object* holder = holder_of(item, path);
    if (!holder) wrong_path();
    if (const auto* name = std::get_if<std::string>(&path.steps.back())) {
        json::value* map = holder->if_contains("M");
        if (!map) wrong_path();
        map->as_object()[*name] = std::move(value);
        return;
    }
    json::value* list = holder->if_contains("L");
    if (!list) wrong_path();
    json::array& members = list->as_array();
    const std::size_t index = std::get<std::size_t>(path.steps.back());
    // Past the end there is one more element, not a gap (facts/dynamodb-kinesis.md 1.7).
    if (index < members.size()) {
        members[index] = std::move(value);
    } else {
        members.push_back(std::move(value));
    }
}

// What is not there needs no removing, but where it would be must be a map or a list.
void remove(Item& item, const Path& path) {
    if (path.steps.size() == 1) {
        item.erase(path.attribute());
        return;
    }
    json::object* holder = holder_of(item, path);
    if (!holder) wrong_path();
    if (const auto* name = std::get_if<std::string>(&path.steps.back())) {
        json::value* map = holder->if_contains("M");
        if (!map) wrong_path();
        map->as_object().erase(*name);
        return;
    }
    json::value* list = holder->if_contains("L");
    if (!list) wrong_path();
    json::array& members = list->as_array();
    const std::size_t index = std::get<std::size_t>(path.steps.back());
    if (index < members.size()) members.erase(members.begin() + static_cast<std::ptrdiff_t>(index));
}

struct Change {
    const Path* path;
    json::object value;  // empty: remove
};

Change change_of(const UpdateAction& action, const Item& item, Evaluation& evaluation) {
    switch (action.kind) {
        case Action::set:
            return {&action.path, evaluation.value_of(action.operand)};
        case Action::add:
            return {&action.path, added(action, find(item, action.path))};
        case Action::remove:
            return {&action.path, {}};
        case Action::remove_members:
            break;
    }
    const json::object* set = find(item, action.path);
    if (!set) return {nullptr, {}};
    check_type(action, *set);
    return {&action.path, changed_set(*set, action.operand.value, false)};
}

// In the list that the path ends in; 0 if it ends in a map.
std::size_t index_of(const Path& path) {
    const auto* index = std::get_if<std::size_t>(&path.steps.back());
    return index ? *index : 0;
}

// Each index is meant in the list as it was: what is deeper goes first, then the later elements.
bool goes_first(const Change& left, const Change& right) {
    const auto rank = [](const Path& path) { return std::pair(path.steps.size(), index_of(path)); };
    return rank(*left.path) > rank(*right.path);
}

void collect_paths(const UpdateOperand& operand, std::vector<const Path*>& paths) {
    if (!operand.path.steps.empty()) paths.push_back(&operand.path);
    for (const UpdateOperand& inner : operand.operands) collect_paths(inner, paths);
}

}  // namespace

Item apply_update(const Update& update, const Item& item) {
    std::vector<Change> stores;
    std::vector<Change> removals;
    Evaluation evaluation(item);
    for (const UpdateAction& action : update) {
        Change change = change_of(action, item, evaluation);
        if (!change.path) continue;
        (change.value.empty() ? removals : stores).push_back(std::move(change));
    }
    // What is put past the end of a list follows it in the order of the indexes (Alternator's
    // test_nested_attribute_update_array_out_of_bounds).
    std::stable_sort(stores.begin(), stores.end(), [](const Change& left, const Change& right) {
        return index_of(*left.path) < index_of(*right.path);
    });
    Item result = item;
    for (Change& change : stores) {
        // A value put deep into an item may nest deeper than items can.
        check_nesting(change.value, change.path->steps.size());
        store(result, *change.path, std::move(change.value));
    }
    std::stable_sort(removals.begin(), removals.end(), goes_first);
    for (const Change& change : removals) remove(result, *change.path);
    return result;
}

bool makes_item(const Update& update) {
    return update.empty() || std::any_of(update.begin(), update.end(), [](const auto& action) {
               return action.kind == Action::set || action.kind == Action::add;
           });
}

std::vector<Path> changed_paths(const Update& update) {
    std::vector<Path> paths;
    for (const UpdateAction& action : update) paths.push_back(action.path);
    return paths;
}

void collect_paths(const Update& update, std::vector<const Path*>& paths) {
    for (const UpdateAction& action : update) {
        paths.push_back(&action.path);
        collect_paths(action.operand, paths);
    }
}

}  // namespace sbemu::dynamodb
