#include "fakes/dynamodb/query_range.h"

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <span>

#include "fakes/dynamodb/keys.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace {

using Operator = KeyCondition::Operator;

const KeyCondition* find_condition(const std::vector<KeyCondition>& conditions,
                                   const KeyAttribute& attribute) {
    for (const KeyCondition& condition : conditions) {
        if (condition.attribute == attribute.name) return &condition;
    }
    return nullptr;
}

void check_count(const KeySchema& schema, const std::vector<KeyCondition>& conditions) {
    const std::size_t attributes = schema.partition.size() + schema.sort.size();
    if (conditions.size() <= attributes) return;
    throw validation_error("The number of query conditions (" + std::to_string(conditions.size()) +
                           ") exceeds the number of key attributes defined in the schema (" +
                           std::to_string(attributes) + ")");
}

// Indexes with several such attributes have a text of their own (Alternator's
// test_gsi_composite_query_hk_inequality and others: HASH and equality are in it; the rest is
// assumed, as what is said of RANGE).
[[noreturn]] void not_equal(const KeySchema& schema, const KeyAttribute& attribute,
                            const std::string& text) {
    if (schema.partition.size() == 1) throw validation_error(text);
    throw validation_error("HASH key attributes " + attribute.name +
                           " must have equality conditions specified in the query");
}

std::string missed(const KeyAttribute& attribute) {
    return "Query condition missed key schema element: " + attribute.name;
}

void check_value(const KeyAttribute& attribute, const boost::json::object& value) {
    if (type_of(value) != attribute.type) {
        throw invalid_values("Condition parameter type does not match schema type");
    }
    if (attribute.type == "N" || !text_of(value).empty()) return;
    // assumed: as where a key is given
    throw validation_error(
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
        "contain an empty " +
        std::string(attribute.type == "B" ? "binary" : "string") +
        " value. Key: " + attribute.name);
}

void check_condition(const KeyAttribute& attribute, const KeyCondition& condition,
                     void (*check_size)(const std::string& bytes)) {
    if (condition.comparison == Operator::not_indexable) {
        throw validation_error("Attempted conditional constraint is not an indexable operation");
    }
    for (const auto& value : condition.values) {
        check_value(attribute, value);
        check_size(sortable_bytes(value));
    }
}

// The conditions on the first sort attributes: equality on all but the last.
std::vector<const KeyCondition*> sort_conditions(const KeySchema& schema,
                                                 const std::vector<KeyCondition>& conditions) {
    const std::size_t wanted = conditions.size() - schema.partition.size();
    std::vector<const KeyCondition*> found;
    std::string unequal;  // attributes before the last condition, without equality
    std::string pending;
    for (const KeyAttribute& attribute : schema.sort) {
        const KeyCondition* condition = find_condition(conditions, attribute);
        if (condition) {
            check_condition(attribute, *condition, check_sort_size);
            found.push_back(condition);
            unequal = pending;
        }
        if (condition && condition->comparison == Operator::equal) continue;
        pending += (pending.empty() ? "" : ", ") + attribute.name;
    }
    if (found.size() < wanted) {
        for (const KeyAttribute& attribute : schema.sort) {
            if (!find_condition(conditions, attribute)) throw validation_error(missed(attribute));
        }
    }
    if (unequal.empty()) return found;
    throw validation_error("RANGE key attributes " + unequal +
                           " must have equality conditions specified in the query because a "
                           "condition is present on key attribute " +
                           found.back()->attribute);
}

// The least bytes that are greater than all that begin with the prefix; nothing if none are.
std::optional<std::string> behind_prefix(std::string prefix) {
    while (!prefix.empty() && prefix.back() == '\xff') prefix.pop_back();
    if (prefix.empty()) return std::nullopt;
    ++prefix.back();
    return prefix;
}

// Encoded sort keys from `low` to before `high`; without one, to the last.
struct Interval {
    std::string low;
    std::optional<std::string> high;
};

Interval all_that_begin(const std::string& prefix) { return {prefix, behind_prefix(prefix)}; }

// Encodes bounds of one sort attribute behind the values of those before it.
class SortBounds {
  public:
    explicit SortBounds(bool is_single) : is_single_(is_single) {}

    void append_equal(const std::string& value) { before_ = at(value).low; }

    Interval all() const { return all_that_begin(before_); }
    Interval at(const std::string& value) const {
        // A lone value has no end: the least that is greater is itself and a 0.
        if (is_single_) return {value, value + '\0'};
        std::string bytes = before_;
        append_ended(bytes, value);
        return all_that_begin(bytes);
    }
    Interval beginning(const std::string& value) const {
        std::string bytes = before_;
        if (is_single_) {
            bytes += value;
        } else {
            append_value(bytes, value);
        }
        return all_that_begin(bytes);
    }

  private:
    bool is_single_;
    std::string before_;
};

Interval interval_of(const SortBounds& bounds, const KeyCondition& condition) {
    const std::string value = sortable_bytes(condition.values.front());
    switch (condition.comparison) {
        case Operator::equal:
            return bounds.at(value);
        case Operator::less:
            return {bounds.all().low, bounds.at(value).low};
        case Operator::less_or_equal:
            return {bounds.all().low, bounds.at(value).high};
        case Operator::greater:
            return {*bounds.at(value).high, bounds.all().high};
        case Operator::greater_or_equal:
            return {bounds.at(value).low, bounds.all().high};
        case Operator::between:
            return {bounds.at(value).low, bounds.at(sortable_bytes(condition.values.back())).high};
        case Operator::begins_with:
            return bounds.beginning(value);
        case Operator::not_indexable:
            break;
    }
    return bounds.all();
}

SortRange encode(const KeySchema& schema, std::span<const KeyCondition* const> conditions) {
    SortBounds bounds(schema.sort.size() == 1);
    for (const KeyCondition* condition : conditions.first(conditions.size() - 1)) {
        bounds.append_equal(sortable_bytes(condition->values.front()));
    }
    Interval interval = interval_of(bounds, *conditions.back());
    return {std::move(interval.low), false, std::move(interval.high), true};
}

}  // namespace

std::string partition_of(const KeySchema& schema, const std::vector<KeyCondition>& conditions) {
    check_count(schema, conditions);
    Item key;
    for (const KeyAttribute& attribute : schema.partition) {
        const KeyCondition* condition = find_condition(conditions, attribute);
        if (!condition) not_equal(schema, attribute, missed(attribute));
        check_condition(attribute, *condition, check_partition_size);
        if (condition->comparison != Operator::equal) {
            not_equal(schema, attribute, "Query key condition not supported");
        }
        key[attribute.name] = condition->values.front();
    }
    return encode_values(schema.partition, key);
}

std::optional<SortRange> sort_range_of(const KeySchema& schema,
                                       const std::vector<KeyCondition>& conditions) {
    const auto found = sort_conditions(schema, conditions);
    if (found.empty()) return std::nullopt;
    return encode(schema, found);
}

bool contains(const SortRange& range, const std::string& sort) {
    if (range.excludes_low ? sort <= range.low : sort < range.low) return false;
    if (!range.high) return true;
    return range.excludes_high ? sort < *range.high : sort <= *range.high;
}

}  // namespace sbemu::dynamodb
