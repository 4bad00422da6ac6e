#include "fakes/dynamodb/execute_keys.h"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "fakes/dynamodb/keys.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

using Kind = Node::Kind;

constexpr std::size_t kMaxReads = 50;
// Alternatives multiply before it is known whether they are keyed.
constexpr std::size_t kMaxBranches = 1000;

[[noreturn]] void too_many_reads() {
    throw validation_error("Too many decomposed read operations for a given query.");
}

[[noreturn]] void overlapping() {
    throw validation_error(
        "Overlapping conditions with range keys are not supported in where clause");
}

bool is_attribute(const Node& node, const std::string& name) {
    return node.kind == Kind::path && node.path.steps.size() == 1 && node.path.attribute() == name;
}

bool is_attribute(const Node& node, const std::optional<KeyAttribute>& key) {
    return key && is_attribute(node, key->name);
}

bool all_values(const Node& node) {
    return std::all_of(node.children.begin() + 1, node.children.end(),
                       [](const Node& child) { return child.kind == Kind::value; });
}

// 1 < a is a > 1.
Node with_path_first(const Node& comparison) {
    if (comparison.children[0].kind != Kind::value) return comparison;
    Node result = comparison;
    std::swap(result.children[0], result.children[1]);
    if (comparison.name.starts_with('<') && comparison.name != "<>") {
        result.name[0] = '>';
    } else if (comparison.name.starts_with('>')) {
        result.name[0] = '<';
    }
    return result;
}

Node equality(const Node& attribute, const Node& value) {
    Node result;
    result.kind = Kind::comparison;
    result.name = "=";
    result.children = {attribute, value};
    return result;
}

class Decomposition {
  public:
    explicit Decomposition(const KeyNames& keys) : keys_(keys) {}

    std::vector<KeyedBranch> branches(const Node& node) const {
        if (node.kind == Kind::both) {
            return product(branches(node.children[0]), branches(node.children[1]));
        }
        if (node.kind == Kind::either && names_key(node)) {
            std::vector<KeyedBranch> result = branches(node.children[0]);
            std::vector<KeyedBranch> more = branches(node.children[1]);
            std::move(more.begin(), more.end(), std::back_inserter(result));
            return result;
        }
        if (node.kind == Kind::in && is_key_condition(node)) {
            std::vector<KeyedBranch> result;
            for (std::size_t i = 1; i < node.children.size(); ++i) {
                result.push_back(of_key(equality(node.children[0], node.children[i])));
            }
            return result;
        }
        if (is_key_condition(node)) {
            return {of_key(node.kind == Kind::comparison ? with_path_first(node) : node)};
        }
        KeyedBranch branch;
        branch.filters.push_back(&node);
        branch.negates_sort = negates_sort(node);
        return {branch};
    }

  private:
    static std::vector<KeyedBranch> product(const std::vector<KeyedBranch>& left,
                                            const std::vector<KeyedBranch>& right) {
        if (left.size() * right.size() > kMaxBranches) too_many_reads();
        std::vector<KeyedBranch> result;
        for (const KeyedBranch& one : left) {
            for (const KeyedBranch& other : right) result.push_back(joined(one, other));
        }
        return result;
    }

    static KeyedBranch joined(KeyedBranch branch, const KeyedBranch& other) {
        for (const json::object& partition : other.partitions) {
            const bool known =
                std::any_of(branch.partitions.begin(), branch.partitions.end(),
                            [&](const json::object& each) { return equal(each, partition); });
            if (!known) branch.partitions.push_back(partition);
        }
        branch.sort_conditions.insert(branch.sort_conditions.end(), other.sort_conditions.begin(),
                                      other.sort_conditions.end());
        branch.filters.insert(branch.filters.end(), other.filters.begin(), other.filters.end());
        branch.negates_sort |= other.negates_sort;
        return branch;
    }

    KeyedBranch of_key(Node node) const {
        KeyedBranch branch;
        if (is_attribute(node.children[0], keys_.partition.name)) {
            branch.partitions.push_back(node.children[1].value);
        } else {
            branch.sort_conditions.push_back(std::move(node));
        }
        return branch;
    }

    bool names_key(const Node& node) const {
        if (node.kind != Kind::both && node.kind != Kind::either) return is_key_condition(node);
        return names_key(node.children[0]) || names_key(node.children[1]);
    }

    // Equality with the partition key, or a range of sort keys.
    bool is_key_condition(const Node& node) const {
        switch (node.kind) {
            case Kind::comparison: {
                const Node turned = with_path_first(node);
                if (!all_values(turned) || turned.name == "<>") return false;
                return is_attribute(turned.children[0], keys_.sort) ||
                       (turned.name == "=" &&
                        is_attribute(turned.children[0], keys_.partition.name));
            }
            case Kind::in:
                return all_values(node) && (is_attribute(node.children[0], keys_.sort) ||
                                            is_attribute(node.children[0], keys_.partition.name));
            case Kind::between:
                return all_values(node) && is_attribute(node.children[0], keys_.sort);
            case Kind::function:
                return node.name == "begins_with" && all_values(node) &&
                       is_attribute(node.children[0], keys_.sort);
            default:
                return false;
        }
    }

    bool negates_sort(const Node& node) const {
        if (!keys_.sort) return false;
        if (node.kind != Kind::negation && node.name != "<>") return false;
        std::vector<const Path*> paths;
        collect_paths(node, paths);
        return std::any_of(paths.begin(), paths.end(),
                           [&](const Path* path) { return path->attribute() == keys_.sort->name; });
    }

    const KeyNames& keys_;
};

void check_type(const KeyAttribute& key, const json::object& value) {
    const std::string_view type = type_of(value);
    if (type != "S" && type != "N" && type != "B") {
        throw validation_error("Key value must be of type S, N, or B. Key name: " + key.name +
                               ", Key type: " + std::string(type));
    }
    if (type != key.type) {
        throw validation_error(
            "Key attribute's data type should match its data type in table's schema: Key " +
            key.name);
    }
    if (!sortable_bytes(value).empty()) return;
    throw validation_error(
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
        "contain an empty " +
        std::string(type == "B" ? "binary" : "string") + " value. Key: " + key.name);
}

// The least text that is greater than all that begin with the prefix; nothing if there is none.
std::optional<std::string> behind_prefix(std::string prefix) {
    while (!prefix.empty() && prefix.back() == '\xff') prefix.pop_back();
    if (prefix.empty()) return std::nullopt;
    prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
    return prefix;
}

void raise_low(SortRange& range, const std::string& low, bool excludes) {
    if (low < range.low || (low == range.low && !excludes)) return;
    range.low = low;
    range.excludes_low = excludes;
}

void lower_high(SortRange& range, const std::string& high, bool excludes) {
    if (range.high && (high > *range.high || (high == *range.high && !excludes))) return;
    range.high = high;
    range.excludes_high = excludes;
}

void narrow(SortRange& range, const Node& condition) {
    const std::string first = sortable_bytes(condition.children[1].value);
    if (condition.kind == Kind::between) {
        raise_low(range, first, false);
        lower_high(range, sortable_bytes(condition.children[2].value), false);
    } else if (condition.kind == Kind::function) {
        raise_low(range, first, false);
        if (const auto behind = behind_prefix(first)) lower_high(range, *behind, true);
    } else {
        const std::string& symbol = condition.name;
        if (symbol != "<" && symbol != "<=") raise_low(range, first, symbol == ">");
        if (symbol != ">" && symbol != ">=") lower_high(range, first, symbol == "<");
    }
}

KeyedRead read_of(const KeyedBranch& branch, const KeyNames& keys) {
    KeyedRead read;
    check_type(keys.partition, branch.partitions.front());
    read.partition = sortable_bytes(branch.partitions.front());
    check_partition_size(read.partition);  // assumed: as in Query
    for (const Node& condition : branch.sort_conditions) {
        for (std::size_t i = 1; i < condition.children.size(); ++i) {
            check_type(*keys.sort, condition.children[i].value);
            check_sort_size(sortable_bytes(condition.children[i].value));
        }
        narrow(read.range, condition);
        read.is_one_item |= condition.name == "=";
    }
    read.is_one_item |= !keys.sort;
    return read;
}

bool ends_before(const SortRange& left, const SortRange& right) {
    if (!left.high) return false;
    return *left.high < right.low ||
           (*left.high == right.low && (left.excludes_high || right.excludes_low));
}

bool overlap(const KeyedRead& left, const KeyedRead& right) {
    return left.partition == right.partition && !ends_before(left.range, right.range) &&
           !ends_before(right.range, left.range);
}

// Alternatives that overlap all the same are read as one: the whole partition.
void add_read(std::vector<KeyedRead>& reads, KeyedRead read) {
    const bool overlaps = std::any_of(reads.begin(), reads.end(),
                                      [&](const KeyedRead& other) { return overlap(read, other); });
    if (overlaps) {
        const auto same = [&](const KeyedRead& other) { return other.partition == read.partition; };
        reads.erase(std::remove_if(reads.begin(), reads.end(), same), reads.end());
        read.range = {};
        read.is_one_item = false;
    }
    reads.push_back(std::move(read));
}

}  // namespace

KeyNames::KeyNames(const Index& index) : partition(index.partition.front()) {
    if (!index.sort.empty()) sort = index.sort.front();
}

std::vector<KeyedBranch> take_apart(const Node& condition, const KeyNames& keys) {
    return Decomposition(keys).branches(condition);
}

std::optional<Item> only_key(const Node& condition, const KeyNames& keys) {
    const std::vector<KeyedBranch> branches = take_apart(condition, keys);
    if (branches.size() != 1) return std::nullopt;
    const KeyedBranch& branch = branches.front();
    if (!branch.is_keyed() || !branch.filters.empty()) return std::nullopt;
    Item key{{keys.partition.name, branch.partitions.front()}};
    for (const Node& condition_of_sort : branch.sort_conditions) {
        if (condition_of_sort.name != "=") return std::nullopt;
        const json::object& value = condition_of_sort.children[1].value;
        const json::value* known = key.if_contains(keys.sort->name);
        if (known && !equal(known->as_object(), value)) return std::nullopt;
        key[keys.sort->name] = value;
    }
    if (keys.sort && !key.contains(keys.sort->name)) return std::nullopt;
    return key;
}

std::optional<std::vector<KeyedRead>> keyed_reads(const std::vector<KeyedBranch>& branches,
                                                  const KeyNames& keys) {
    const bool all_keyed = std::all_of(branches.begin(), branches.end(),
                                       [](const KeyedBranch& branch) { return branch.is_keyed(); });
    if (!all_keyed) return std::nullopt;
    if (branches.size() > kMaxReads) too_many_reads();
    std::vector<KeyedRead> all;
    all.reserve(branches.size());
    for (const KeyedBranch& branch : branches) all.push_back(read_of(branch, keys));
    std::vector<KeyedRead> reads;
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            const bool may_overlap = branches[i].negates_sort || branches[j].negates_sort;
            if (!may_overlap && overlap(all[i], all[j])) overlapping();
        }
        add_read(reads, all[i]);
    }
    return reads;
}

}  // namespace sbemu::dynamodb
