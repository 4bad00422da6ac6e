#include "fakes/dynamodb/partiql/paths.h"

#include "fakes/dynamodb/partiql/problems.h"

namespace sbemu::dynamodb::partiql {
namespace {

using Kind = Expression::Kind;

constexpr std::size_t kMaxIndex = 2147483647;

std::size_t index_of(const Expression& step) {
    std::string_view digits = step.text;
    const bool negative = digits.starts_with('-');
    if (negative) digits.remove_prefix(1);
    std::size_t index = 0;
    for (const char c : digits) {
        // assumed for what is no whole number
        if (c < '0' || c > '9') throw problem_at("Unexpected path component", step.position);
        index = index * 10 + static_cast<std::size_t>(c - '0');
        if (index > kMaxIndex) break;
    }
    if (index > kMaxIndex || (negative && index > 0)) {
        throw problem_at("List index is not within the allowable range; index: [" + step.text + "]",
                         step.position);
    }
    return index;
}

}  // namespace

bool is_path(const Expression& expression) {
    return expression.kind == Kind::name || expression.kind == Kind::path;
}

Path path_of(const Expression& expression) {
    if (expression.kind == Kind::name) return {{expression.text}};
    if (expression.kind != Kind::path || expression.children.front().kind != Kind::name) {
        throw problem_at("Unexpected path component", expression.position);
    }
    Path path{{expression.children.front().text}};
    for (std::size_t i = 1; i < expression.children.size(); ++i) {
        const Expression& step = expression.children[i];
        if (step.kind == Kind::string) {
            path.steps.emplace_back(step.text);
        } else if (step.kind == Kind::number) {
            path.steps.emplace_back(index_of(step));
        } else {
            throw problem_at("Unexpected path component", step.position);
        }
    }
    return path;
}

std::string column_of(const Path& path) {
    std::string indexes;
    for (std::size_t i = path.steps.size(); i-- > 0;) {
        if (const auto* name = std::get_if<std::string>(&path.steps[i])) return *name + indexes;
        indexes.insert(0, "[" + std::to_string(std::get<std::size_t>(path.steps[i])) + "]");
    }
    return indexes;
}

}  // namespace sbemu::dynamodb::partiql
