// UpdateExpression: what changes in an item, parsed once, applied to items.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>
#include <vector>

#include "fakes/dynamodb/expressions/path.h"

namespace sbemu::dynamodb {

// What SET gives a path; ADD and DELETE have a value only.
struct UpdateOperand {
    enum class Kind {
        path,
        value,
        if_not_exists,  // path, else operands[0]
        list_append,    // operands[0], operands[1]
        plus,           // operands[0] + operands[1]
        minus,          // operands[0] - operands[1]
    };
    Kind kind = Kind::value;
    Path path;
    boost::json::object value;
    std::vector<UpdateOperand> operands;
};

struct UpdateAction {
    enum class Kind {
        set,
        remove,
        add,             // to a number or set; AttributeUpdates also appends to a list
        remove_members,  // DELETE: from a set
    };
    Kind kind = Kind::set;
    Path path;
    UpdateOperand operand;  // not of `remove`
};

using Update = std::vector<UpdateAction>;

// Throws ValidationException with AWS's text and order of checks.
Update parse_update(std::string_view source, ExpressionAttributes& attributes);

// The item after the update. All operands are read from the item as it was. Throws
// ValidationException where the item does not have what the update needs.
Item apply_update(const Update& update, const Item& item);

// Whether it makes an item where there is none: one that only takes away does not
// (facts/dynamodb-kinesis.md 1.7).
bool makes_item(const Update& update);

// Every path that the update changes, and every path that it changes or reads.
std::vector<Path> changed_paths(const Update& update);
void collect_paths(const Update& update, std::vector<const Path*>& paths);

}  // namespace sbemu::dynamodb
