#include "fakes/dynamodb/unprojected.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string_view>

#include "fakes/dynamodb/keys.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace {

std::string in_brackets(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return "[" + text + "]";
}

// The order in which a Java HashSet of up to twelve names has them: AWS lists attributes so.
void order_as_hash_set(std::vector<std::string>& names) {
    const auto bucket = [](const std::string& name) {
        std::uint32_t hash = 0;
        for (const char c : name) hash = hash * 31 + static_cast<unsigned char>(c);
        return (hash ^ hash >> 16) & 15;
    };
    std::stable_sort(names.begin(), names.end(), [&](const auto& left, const auto& right) {
        return bucket(left) < bucket(right);
    });
}

}  // namespace

std::vector<std::string> unprojected(const Table& table, const Index& index,
                                     const std::vector<const Path*>& paths) {
    std::vector<std::string> names;
    std::set<std::string_view> seen;  // a request may name 100,000
    for (const Path* path : paths) {
        const std::string& name = path->attribute();
        if (!projects(table, index, name) && seen.insert(name).second) names.push_back(name);
    }
    return names;
}

ApiError not_projected(const Index& index, const std::vector<std::string>& names) {
    return invalid_values("Global secondary index " + index.name + " does not project " +
                          in_brackets(names));
}

ApiError filters_not_projected(const Index& index, std::vector<std::string> names) {
    order_as_hash_set(names);
    return invalid_values("Secondary index " + index.name +
                          " does not project one or more filter attributes: " + in_brackets(names));
}

}  // namespace sbemu::dynamodb
