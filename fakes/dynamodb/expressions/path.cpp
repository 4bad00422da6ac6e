#include "fakes/dynamodb/expressions/path.h"

#include <algorithm>
#include <boost/json.hpp>

#include "fakes/dynamodb/expressions/reserved_words.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxPathDepth = 32;

std::string parse_name(TokenReader& reader, ExpressionAttributes& attributes, Problems& problems) {
    const Token::Kind kind = reader.peek().kind;
    if (kind != Token::Kind::name && kind != Token::Kind::name_ref) reader.syntax_error();
    std::string text(reader.take().text);
    if (kind == Token::Kind::name) {
        if (is_reserved_word(text)) {
            problems.note(Problems::Kind::reserved_word,
                          "Attribute name is a reserved keyword; reserved keyword: " + text);
        }
        return text;
    }
    const std::string* name = attributes.name(text);
    if (name) return *name;
    problems.note(
        Problems::Kind::undefined_name,
        "An expression attribute name used in the document path is not defined; attribute name: " +
            text);
    return text;
}

std::size_t parse_index(TokenReader& reader) {
    if (reader.peek().kind != Token::Kind::number) reader.syntax_error();
    const std::string_view digits = reader.take().text;
    std::size_t index = 0;
    for (const char c : digits) {
        index = index * 10 + static_cast<std::size_t>(c - '0');
        if (index > 2147483647) {  // assumed: a 32-bit index
            reader.fail("List index is not within the allowable range; index: [" +
                        std::string(digits) + "]");
        }
    }
    reader.expect("]");
    return index;
}

void check_disjoint(const Path& one, const Path& two, Problems& problems) {
    const std::size_t common = std::min(one.steps.size(), two.steps.size());
    std::size_t same = 0;
    while (same < common && one.steps[same] == two.steps[same]) ++same;
    const bool overlap = same == common;
    if (!overlap && one.steps[same].index() == two.steps[same].index()) return;
    const auto kind = overlap ? Problems::Kind::overlap : Problems::Kind::conflict;
    if (problems.has(kind)) return;  // thousands of pairs may be wrong
    problems.note(kind, std::string("Two document paths ") + (overlap ? "overlap" : "conflict") +
                            " with each other; must remove or rewrite one of these paths; path "
                            "one: " +
                            one.text() + ", path two: " + two.text());
}

}  // namespace

std::string Path::text() const {
    std::string result = "[";
    for (const PathStep& step : steps) {
        if (result.size() > 1) result += ", ";
        const auto* index = std::get_if<std::size_t>(&step);
        result += index ? "[" + std::to_string(*index) + "]" : std::get<std::string>(step);
    }
    return result + "]";
}

Path parse_path(TokenReader& reader, ExpressionAttributes& attributes, Problems& problems) {
    Path path;
    path.steps.emplace_back(parse_name(reader, attributes, problems));
    while (true) {
        if (reader.accept(".")) {
            path.steps.emplace_back(parse_name(reader, attributes, problems));
        } else if (reader.accept("[")) {
            path.steps.emplace_back(parse_index(reader));
        } else {
            break;
        }
    }
    if (path.steps.size() > kMaxPathDepth) {
        reader.fail("The document path has too many nesting levels; nesting levels: " +
                    std::to_string(path.steps.size()));
    }
    return path;
}

const json::object* find(const Item& item, const Path& path) {
    const json::value* value = item.if_contains(path.attribute());
    for (std::size_t i = 1; value && i < path.steps.size(); ++i) {
        const json::object& holder = value->as_object();
        if (const auto* name = std::get_if<std::string>(&path.steps[i])) {
            const json::value* map = holder.if_contains("M");
            value = map ? map->as_object().if_contains(*name) : nullptr;
        } else {
            const json::value* list = holder.if_contains("L");
            value =
                list ? list->as_array().if_contains(std::get<std::size_t>(path.steps[i])) : nullptr;
        }
    }
    return value ? &value->as_object() : nullptr;
}

void check_disjoint(const std::vector<Path>& paths, Problems& problems) {
    for (std::size_t i = 0; i < paths.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) check_disjoint(paths[j], paths[i], problems);
    }
}

}  // namespace sbemu::dynamodb
