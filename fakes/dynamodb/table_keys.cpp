// The texts of these errors: facts/dynamodb-kinesis.md 1.14 and ack-api-quirks (2026-10),
// DDB-TABLE-123, 124, 127.
#include "fakes/dynamodb/table_keys.h"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "emulator/core/members.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxKeysOfOneKind = 4;

std::vector<std::string> names_in(const json::array& elements) {
    std::vector<std::string> names;
    for (const json::value& element : elements) {
        names.push_back(text_member(element.as_object(), "AttributeName"));
    }
    return names;
}

std::vector<std::string> names_of(const std::vector<KeyAttribute>& attributes) {
    std::vector<std::string> names;
    names.reserve(attributes.size());
    for (const KeyAttribute& attribute : attributes) names.push_back(attribute.name);
    return names;
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return "[" + text + "]";
}

// DynamoDB prints sets of names in the order that Java's HashSet of so many buckets has them
// (recorded: [sk, a, b, pk, c] of five in eight buckets, [a, sk, pk] in sixteen).
std::vector<std::string> in_hash_order(std::vector<std::string> names, std::uint32_t buckets) {
    const auto bucket_of = [buckets](const std::string& name) {
        std::uint32_t hash = 0;
        for (const char c : name) hash = 31 * hash + static_cast<unsigned char>(c);
        return (hash ^ (hash >> 16)) & (buckets - 1);
    };
    std::stable_sort(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {
        return bucket_of(a) < bucket_of(b);
    });
    return names;
}

// The buckets of a set that was made for so many names.
std::uint32_t buckets_for(std::size_t names) {
    const std::size_t wanted = names < 3 ? names + 1 : names * 4 / 3 + 1;
    std::uint32_t buckets = 1;
    while (buckets < wanted) buckets *= 2;
    return buckets;
}

std::string listed_definitions(const std::vector<KeyAttribute>& definitions) {
    return listed(in_hash_order(names_of(definitions), buckets_for(definitions.size())));
}

bool is_defined(const std::string& name, const std::vector<KeyAttribute>& definitions) {
    return std::any_of(definitions.begin(), definitions.end(),
                       [&](const KeyAttribute& each) { return each.name == name; });
}

std::string kind_of(const json::value& element) {
    return text_member(element.as_object(), "KeyType");
}

void check_first_is_hash(const json::array& schema) {
    if (!schema.empty() && kind_of(schema[0]) == "HASH") return;
    throw validation_error("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
}

}  // namespace

const json::array& array_of(const json::object& request, std::string_view member) {
    static const json::array kNothing;
    const json::array* array = find_array(request, member);
    return array ? *array : kNothing;
}

std::vector<KeyAttribute> parse_definitions(const json::object& request) {
    std::vector<KeyAttribute> definitions;
    for (const json::value& written : array_of(request, "AttributeDefinitions")) {
        const json::object& definition = written.as_object();
        const std::string name = text_member(definition, "AttributeName");
        if (is_defined(name, definitions)) {
            throw validation_error("Attribute Name is duplicated: " + name);
        }
        definitions.push_back({name, text_member(definition, "AttributeType")});
    }
    return definitions;
}

json::array describe_definitions(std::vector<KeyAttribute> definitions) {
    std::sort(definitions.begin(), definitions.end(),
              [](const KeyAttribute& a, const KeyAttribute& b) { return a.name < b.name; });
    json::array described;
    for (const KeyAttribute& definition : definitions) {
        described.push_back(
            json::object{{"AttributeName", definition.name}, {"AttributeType", definition.type}});
    }
    return described;
}

void check_keys_are_defined(const json::array& schema,
                            const std::vector<KeyAttribute>& definitions) {
    const std::vector<std::string> keys = names_in(schema);
    for (const std::string& key : keys) {
        if (is_defined(key, definitions)) continue;
        throw invalid_values(
            "Some index key attributes are not defined in AttributeDefinitions. Keys: " +
            listed(keys) + ", AttributeDefinitions: " + listed_definitions(definitions));
    }
}

void check_definitions_are_used(const json::object& request,
                                const std::vector<KeyAttribute>& definitions) {
    std::vector<std::string> used;
    const auto use = [&](const json::object& keyed) {
        for (std::string& name : names_in(array_of(keyed, "KeySchema"))) {
            if (std::find(used.begin(), used.end(), name) == used.end()) {
                used.push_back(std::move(name));
            }
        }
    };
    use(request);
    for (const char* const member : {"LocalSecondaryIndexes", "GlobalSecondaryIndexes"}) {
        for (const json::value& index : array_of(request, member)) use(index.as_object());
    }
    if (used.size() == definitions.size()) return;
    constexpr std::uint32_t kBuckets = 16;
    throw invalid_values("Some AttributeDefinitions are not used. AttributeDefinitions: " +
                         listed_definitions(definitions) +
                         ", keys used: " + listed(in_hash_order(used, kBuckets)));
}

void check_simple_keys(const json::array& schema) {
    const std::vector<std::string> keys = names_in(schema);
    if (keys.size() > 1 && keys[0] == keys[1]) {
        throw validation_error(
            "Invalid KeySchema: Both the Hash Key and the Range Key element in the KeySchema have "
            "the same name");
    }
    check_first_is_hash(schema);
    if (keys.size() > 1 && kind_of(schema[1]) != "RANGE") {
        throw validation_error(
            "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
    }
}

void check_global_keys(const json::array& schema) {
    check_first_is_hash(schema);
    std::size_t hash_keys = 0;
    std::size_t range_keys = 0;
    for (const json::value& element : schema) {
        if (kind_of(element) == "RANGE") {
            ++range_keys;
            continue;
        }
        ++hash_keys;
        if (range_keys == 0) continue;
        throw invalid_values(
            "All HASH key attributes must precede RANGE key attributes in the KeySchema");
    }
    if (hash_keys > kMaxKeysOfOneKind || range_keys > kMaxKeysOfOneKind) {
        throw invalid_values("The KeySchema exceeds the maximum allowed number of " +
                             std::string(hash_keys > kMaxKeysOfOneKind ? "HASH" : "RANGE") +
                             " key attributes");
    }
    const std::vector<std::string> keys = names_in(schema);
    if (std::set(keys.begin(), keys.end()).size() != keys.size()) {
        throw validation_error("The KeySchema contains multiple key attributes with the same name");
    }
}

Keys parse_keys(const json::array& schema, const std::vector<KeyAttribute>& definitions) {
    Keys keys;
    for (const json::value& element : schema) {
        const std::string name = text_member(element.as_object(), "AttributeName");
        const auto definition =
            std::find_if(definitions.begin(), definitions.end(),
                         [&](const KeyAttribute& each) { return each.name == name; });
        (kind_of(element) == "HASH" ? keys.partition : keys.sort).push_back(*definition);
    }
    return keys;
}

json::array describe_keys(const Keys& keys) {
    json::array schema;
    const auto describe = [&](const std::vector<KeyAttribute>& attributes, const char* kind) {
        for (const KeyAttribute& attribute : attributes) {
            schema.push_back(json::object{{"AttributeName", attribute.name}, {"KeyType", kind}});
        }
    };
    describe(keys.partition, "HASH");
    describe(keys.sort, "RANGE");
    return schema;
}

}  // namespace sbemu::dynamodb
