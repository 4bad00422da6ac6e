#include "fakes/dynamodb/expressions/projection.h"

#include <boost/json.hpp>

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

using Kind = Problems::Kind;

// Of each path that goes through `value`, the steps from `depth` on. Nothing if no path ends in it.
std::optional<json::object> extract(const json::object& value,
                                    const std::vector<const Path*>& paths, std::size_t depth) {
    for (const Path* path : paths) {
        if (path->steps.size() == depth) return value;
    }
    const auto through = [&](const PathStep& step) {
        std::vector<const Path*> result;
        for (const Path* path : paths) {
            if (path->steps[depth] == step) result.push_back(path);
        }
        return result;
    };
    if (const json::value* map = value.if_contains("M")) {
        json::object found;
        for (const auto& [name, member] : map->as_object()) {
            const auto deeper = through(PathStep(std::string(std::string_view(name))));
            if (deeper.empty()) continue;
            auto part = extract(member.as_object(), deeper, depth + 1);
            if (part) found[name] = *std::move(part);
        }
        if (!found.empty()) return json::object{{"M", std::move(found)}};
    } else if (const json::value* list = value.if_contains("L")) {
        json::array found;
        const json::array& members = list->as_array();
        for (std::size_t i = 0; i < members.size(); ++i) {
            const auto deeper = through(PathStep(i));
            if (deeper.empty()) continue;
            auto part = extract(members[i].as_object(), deeper, depth + 1);
            if (part) found.push_back(*std::move(part));
        }
        if (!found.empty()) return json::object{{"L", std::move(found)}};
    }
    return std::nullopt;
}

}  // namespace

Projection parse_projection(std::string_view source, ExpressionAttributes& attributes) {
    TokenReader reader("ProjectionExpression", source);
    Problems problems;
    Projection paths;
    do {
        paths.push_back(parse_path(reader, attributes, problems));
    } while (reader.accept(","));
    reader.expect_end();
    check_disjoint(paths, problems);
    if (const std::string* message = problems.first(
            {Kind::reserved_word, Kind::undefined_name, Kind::overlap, Kind::conflict})) {
        reader.fail(*message);
    }
    return paths;
}

ProjectedPaths::ProjectedPaths(const Projection& projection) {
    for (const Path& path : projection) by_attribute_[path.attribute()].push_back(&path);
}

Item ProjectedPaths::part_of(const Item& item) const {
    Item result;
    for (const auto& [name, value] : item) {
        const auto paths = by_attribute_.find(std::string_view(name));
        if (paths == by_attribute_.end()) continue;
        auto part = extract(value.as_object(), paths->second, 1);
        if (part) result[name] = *std::move(part);
    }
    return result;
}

Item project(const Projection& projection, const Item& item) {
    return ProjectedPaths(projection).part_of(item);
}

}  // namespace sbemu::dynamodb
