// INSERT, UPDATE, DELETE and EXISTS(SELECT ...) as writes of one item.
#include <boost/json.hpp>
#include <utility>

#include "fakes/dynamodb/execute.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/partiql/conditions.h"
#include "fakes/dynamodb/partiql/updates.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

// What a WHERE clause says of the key of an item, and of the rest of it.
struct OneItem {
    Item key;
    bool contradicts_itself = false;  // two values for one key attribute
    std::string contradicted;
    std::optional<Node> rest;
};

// The value that the condition demands of the attribute; null if it demands none.
const json::object* equality_with(const Node& node, const std::string& attribute) {
    if (node.kind != Node::Kind::comparison || node.name != "=") return nullptr;
    for (const std::size_t path : {std::size_t{0}, std::size_t{1}}) {
        const Node& left = node.children[path];
        const Node& right = node.children[1 - path];
        if (left.kind == Node::Kind::path && right.kind == Node::Kind::value &&
            left.path.steps.size() == 1 && left.path.attribute() == attribute) {
            return &right.value;
        }
    }
    return nullptr;
}

// A second value for a key attribute stays a condition.
bool take_key(const std::string& attribute, const Node& node, OneItem& one) {
    const json::object* value = equality_with(node, attribute);
    if (!value) return false;
    const json::value* known = one.key.if_contains(attribute);
    if (!known) {
        one.key[attribute] = *value;
        return true;
    }
    if (equal(known->as_object(), *value)) return true;
    one.contradicts_itself = true;
    one.contradicted = attribute;
    return false;
}

void read_item(const Table& table, Node node, OneItem& one) {
    if (node.kind == Node::Kind::both) {
        for (Node& child : node.children) read_item(table, std::move(child), one);
        return;
    }
    if (take_key(table.partition.name, node, one)) return;
    if (table.sort && take_key(table.sort->name, node, one)) return;
    one.rest = partiql::both(std::move(one.rest), std::move(node));
}

Node test_existence(const char* function, const Table& table) {
    Node attribute;
    attribute.path = {{table.partition.name}};
    Node node;
    node.kind = Node::Kind::function;
    node.name = function;
    node.children.push_back(std::move(attribute));
    return node;
}

void check_one_item(const Table& table, const OneItem& one) {
    const bool has_all = one.key.contains(table.partition.name) &&
                         (!table.sort || one.key.contains(table.sort->name));
    if (!has_all) {
        throw validation_error(
            "Where clause does not contain a mandatory equality on all key attributes");
    }
    if (one.contradicts_itself) {
        throw validation_error("Multiple conditions on same key " + one.contradicted +
                               ". Only single item Update/Insert/Delete are supported");
    }
    const auto check_type = [&](const KeyAttribute& key) {
        if (type_of(one.key.at(key.name).as_object()) == key.type) return;
        // Recorded of SELECT; that writes say the same is assumed.
        throw validation_error(
            "Key attribute's data type should match its data type in table's schema: Key " +
            key.name);
    };
    check_type(table.partition);
    if (table.sort) check_type(*table.sort);
}

std::string return_values_of(const partiql::Change& change) {
    if (!change.returning) return "NONE";
    const std::string& wanted = *change.returning;
    if (change.deletes && wanted != "ALL OLD *") {
        throw validation_error("Invalid returning clause: RETURNING " + wanted +
                               ". Only RETURNING ALL OLD * is allowed in DELETE statements.");
    }
    if (wanted == "ALL OLD *") return "ALL_OLD";
    if (wanted == "ALL NEW *") return "ALL_NEW";
    return wanted == "MODIFIED OLD *" ? "UPDATED_OLD" : "UPDATED_NEW";
}

OneItem one_item_of(const Table& table, const std::optional<Node>& where) {
    OneItem one;
    if (where) read_item(table, *where, one);
    return one;
}

StatementWrite change_of(const Table& table, const partiql::Prepared& prepared,
                         bool in_transaction) {
    const partiql::Change& change = *prepared.statement.change;
    if (prepared.index) {
        throw validation_error("This operation is not supported on an index");
    }
    StatementWrite result;
    result.return_values = return_values_of(change);
    OneItem one = one_item_of(table, prepared.where);
    if (!in_transaction) check_one_item(table, one);
    if (!one.contradicts_itself) result.write.item = NormalItem(std::move(one.key));
    if (change.deletes) {
        result.write.kind = ItemWrite::Kind::erase;
        // What is not there is deleted whatever the condition says of it.
        if (one.rest) {
            Node either = test_existence("attribute_not_exists", table);
            result.write.condition.emplace();
            result.write.condition->kind = Node::Kind::either;
            result.write.condition->children = {std::move(either), *std::move(one.rest)};
        }
    } else {
        result.write.kind = ItemWrite::Kind::update;
        result.write.update = partiql::update_of(change.assignments, prepared.parameters);
        result.write.condition =
            partiql::both(test_existence("attribute_exists", table), std::move(one.rest));
    }
    return result;
}

StatementWrite insert_of(const partiql::Prepared& prepared) {
    const partiql::Expression& structure = prepared.statement.insert->item;
    Item item;
    for (std::size_t i = 0; i < structure.children.size(); i += 2) {
        const partiql::Expression& name = structure.children[i];
        if (name.kind != partiql::Expression::Kind::string) {
            throw validation_error("Tuple keys must be of type String. Actual type: " +
                                   partiql::describe(name) + " under root");
        }
        if (item.contains(name.text)) {
            throw validation_error("Duplicate keys in tuple. Key: " + name.text + " under root");
        }
        item[name.text] = partiql::value_of(structure.children[i + 1], prepared.parameters);
    }
    StatementWrite result;
    result.write.item = NormalItem(normalize_item(item, ValueLayer::older));
    check_size(result.write.item);
    return result;
}

StatementWrite check_of(const Table& table, const partiql::Prepared& prepared) {
    if (prepared.index) {
        throw validation_error("Operations on indices are not supported in transactions");
    }
    OneItem one = one_item_of(table, prepared.where);
    const bool has_key = one.key.contains(table.partition.name) &&
                         (!table.sort || one.key.contains(table.sort->name));
    if (!has_key || !one.rest) {
        throw validation_error(
            "EXISTS() must contain a single item read with additional condition");
    }
    StatementWrite result;
    result.write.kind = ItemWrite::Kind::check;
    result.write.item = NormalItem(std::move(one.key));
    result.write.condition = std::move(one.rest);
    return result;
}

}  // namespace

StatementWrite write_of(const Table& table, const partiql::Prepared& prepared,
                        bool in_transaction) {
    if (prepared.is_condition_check) return check_of(table, prepared);
    if (prepared.statement.insert) return insert_of(prepared);
    return change_of(table, prepared, in_transaction);
}

PlannedWrite plan_statement(Context& ctx, const Table& table, StatementWrite& statement) {
    // Recorded without the sentence that UpdateItem adds.
    static constexpr std::string_view kTooDeep = "Nesting Levels have exceeded supported limits";
    try {
        PlannedWrite planned = plan_write(ctx, table, statement.write);
        if (statement.write.kind == ItemWrite::Kind::put && planned.old_item) {
            throw ApiError("DuplicateItemException", "Duplicate primary key exists in table");
        }
        return planned;
    } catch (const ApiError& error) {
        if (!std::string_view(error.what()).starts_with(kTooDeep)) throw;
        throw validation_error(std::string(kTooDeep));
    }
}

StatementResult execute_write(Context& ctx, const Table& table, StatementWrite statement) {
    const PlannedWrite planned = plan_statement(ctx, table, statement);
    StatementResult result;
    result.consumed = carry_out(ctx, table, planned);
    if (auto item = returned_attributes(statement.return_values, statement.write, planned)) {
        result.items.emplace_back(*std::move(item));
    }
    return result;
}

}  // namespace sbemu::dynamodb
