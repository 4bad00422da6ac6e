// The query protocol: a form in the body or in the query string.
#include <boost/json.hpp>
#include <charconv>
#include <map>

#include "emulator/wire/protocols.h"

namespace sbemu::wire {
namespace {

namespace json = boost::json;
using model::Member;
using model::Shape;
using model::Type;

constexpr std::size_t kMostLevels = 64;

// "Tags.member.1.Key=a" as a tree.
struct Node {
    const std::string* text = nullptr;
    std::map<std::string_view, Node> children;
};

void plant(Node& root, const QueryPart& part) {
    Node* node = &root;
    std::string_view rest = part.name;
    for (std::size_t level = 0; level < kMostLevels; ++level) {
        const std::size_t dot = rest.find('.');
        node = &node->children[rest.substr(0, dot)];
        if (dot == std::string_view::npos) {
            node->text = &part.value;
            return;
        }
        rest.remove_prefix(dot + 1);
    }
}

json::value value_from(const Member& member, const Node& node);

// The numbered children in order of their numbers.
std::vector<const Node*> numbered(const Node& node) {
    std::map<std::uint64_t, const Node*> sorted;
    for (const auto& [name, child] : node.children) {
        std::uint64_t number = 0;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
        if (error == std::errc() && end == name.data() + name.size()) sorted[number] = &child;
    }
    std::vector<const Node*> nodes;
    for (const auto& [number, child] : sorted) nodes.push_back(child);
    return nodes;
}

const Node* child_of(const Node& node, std::string_view name) {
    const auto found = node.children.find(name);
    return found == node.children.end() ? nullptr : &found->second;
}

json::object structure_from(const Shape& shape, const Node& node) {
    json::object made;
    for (const Member& member : shape.members) {
        if (const Node* child = child_of(node, member.wire_name)) {
            made[member.name] = value_from(member, *child);
        }
    }
    return made;
}

json::value value_from(const Member& member, const Node& node) {
    const Shape& shape = *member.shape;
    if (shape.type == Type::structure) return structure_from(shape, node);
    if (shape.type == Type::list) {
        json::array values;
        // An empty list is sent as "Tags=": given, but empty.
        const Node* entries = member.flattened ? &node : child_of(node, shape.element().wire_name);
        if (!entries) return values;
        for (const Node* entry : numbered(*entries)) {
            values.push_back(value_from(shape.element(), *entry));
        }
        return values;
    }
    if (shape.type == Type::map) {
        json::object values;
        const Node* entries = member.flattened ? &node : child_of(node, "entry");
        if (!entries) return values;
        for (const Node* entry : numbered(*entries)) {
            const Node* key = child_of(*entry, shape.key().wire_name);
            const Node* value = child_of(*entry, shape.value().wire_name);
            if (key && key->text && value) values[*key->text] = value_from(shape.value(), *value);
        }
        return values;
    }
    return model::scalar_from_text(member, node.text ? std::string_view(*node.text) : "");
}

}  // namespace

void read_query(Reading& reading) {
    Call& call = reading.call;
    unpack_body(reading.request, call.service);
    std::vector<QueryPart> parts = reading.url.query;
    for (QueryPart& part : parse_form(reading.request.body)) parts.push_back(std::move(part));
    Node root;
    for (const QueryPart& part : parts) plant(root, part);
    const Node* action = child_of(root, "Action");
    if (!action || !action->text || action->text->empty()) {
        throw ApiError("MissingAction", "Missing Action");  // assumed
    }
    const model::Operation* operation = model::find_operation(call.service, *action->text);
    if (!operation) {
        const Node* version = child_of(root, "Version");
        throw ApiError("InvalidAction",
                       "Could not find operation " + *action->text + " for version " +
                           (version && version->text ? *version->text : "NO_VERSION_SPECIFIED"));
    }
    call.operation = operation->name;
    if (operation->input) call.params = structure_from(*operation->input, root);
}

}  // namespace sbemu::wire
