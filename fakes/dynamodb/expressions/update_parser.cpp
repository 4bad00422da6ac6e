#include <boost/json.hpp>

#include "fakes/dynamodb/expressions/condition_rules.h"
#include "fakes/dynamodb/expressions/update.h"

namespace sbemu::dynamodb {
namespace {

using Kind = Problems::Kind;
using Action = UpdateAction::Kind;
using Operand = UpdateOperand::Kind;

struct Section {
    std::string_view keyword;
    Action action;
};
constexpr Section kSections[] = {{"SET", Action::set},
                                 {"REMOVE", Action::remove},
                                 {"ADD", Action::add},
                                 {"DELETE", Action::remove_members}};

// ADD and DELETE spell types out, the others do not (facts/dynamodb-kinesis.md 1.7; BOOL and the
// typeSet after it: floci's DynamoDbAddDeleteOperandIntegrationTest, recorded on 2026-09-17).
std::string long_name(std::string_view type) {
    if (type == "S") return "STRING";
    if (type == "N") return "NUMBER";
    if (type == "B") return "BINARY";
    if (type == "L") return "LIST";
    if (type == "M") return "MAP";
    return std::string(type);  // BOOL, NULL, and sets, which DELETE takes
}

bool is_set_type(std::string_view type) { return type == "SS" || type == "NS" || type == "BS"; }

// The type an operand is known to have without an item; empty if it depends.
std::string_view known_type(const UpdateOperand& operand) {
    switch (operand.kind) {
        case Operand::value:
            return operand.value.empty() ? std::string_view() : type_of(operand.value);
        case Operand::list_append:
            return "L";
        case Operand::plus:
        case Operand::minus:
            return "N";
        case Operand::path:
        case Operand::if_not_exists:
            break;
    }
    return "";
}

class Parser {
  public:
    Parser(std::string_view source, ExpressionAttributes& attributes)
        : reader_("UpdateExpression", source), attributes_(attributes) {}

    Update parse() {
        do parse_section();
        while (reader_.peek().kind != Token::Kind::end);
        check_disjoint(changed_paths(update_), problems_);
        // facts/dynamodb-kinesis.md 1.5.
        if (const std::string* message = problems_.first(
                {Kind::reserved_word, Kind::unknown_function, Kind::misused_function,
                 Kind::repeated_section, Kind::undefined_name, Kind::undefined_value, Kind::overlap,
                 Kind::conflict, Kind::operand})) {
            reader_.fail(*message);
        }
        return std::move(update_);
    }

  private:
    void parse_section() {
        for (const Section& section : kSections) {
            if (!reader_.accept_keyword(section.keyword)) continue;
            note_repeated(section);
            do parse_action(section.action);
            while (reader_.accept(","));
            return;
        }
        reader_.syntax_error();
    }

    void note_repeated(const Section& section) {
        for (const Action seen : sections_) {
            if (seen != section.action) continue;
            problems_.note(Kind::repeated_section,
                           "The \"" + std::string(section.keyword) +
                               "\" section can only be used once in an update expression;");
        }
        sections_.push_back(section.action);
    }

    void parse_action(Action kind) {
        UpdateAction action;
        action.kind = kind;
        action.path = parse_path(reader_, attributes_, problems_);
        if (kind == Action::set) {
            reader_.expect("=");
            action.operand = parse_value();
        } else if (kind != Action::remove) {
            action.operand = parse_reference();
            check_members(kind, action.operand);
        }
        update_.push_back(std::move(action));
    }

    void check_members(Action kind, const UpdateOperand& operand) {
        const std::string_view type = known_type(operand);
        if (type.empty() || is_set_type(type) || (type == "N" && kind == Action::add)) return;
        problems_.note(Kind::operand,
                       "Incorrect operand type for operator or function; operator: " +
                           std::string(kind == Action::add ? "ADD" : "DELETE") +
                           ", operand type: " + long_name(type) +
                           ", typeSet: ALLOWED_FOR_ADD_OPERAND");  // also of DELETE
    }

    // An operand, or two with + or - between them; each and the whole may be in parentheses.
    UpdateOperand parse_value() {
        UpdateOperand left = parse_side();
        if (is_sum(left)) return left;
        for (const std::string_view symbol : {"+", "-"}) {
            if (!reader_.accept(symbol)) continue;
            UpdateOperand right = parse_side();
            if (is_sum(right)) reader_.syntax_error();
            return sum(symbol, std::move(left), std::move(right));
        }
        return left;
    }

    UpdateOperand parse_side() {
        if (!reader_.next_is("(")) return parse_operand();
        reader_.open_parenthesis();
        UpdateOperand inner = parse_value();
        reader_.close_parenthesis();
        return inner;
    }

    static bool is_sum(const UpdateOperand& operand) {
        return operand.kind == Operand::plus || operand.kind == Operand::minus;
    }

    UpdateOperand sum(std::string_view symbol, UpdateOperand left, UpdateOperand right) {
        for (const UpdateOperand* side : {&left, &right}) {
            const std::string_view type = known_type(*side);
            if (!type.empty() && type != "N") incorrect_type(symbol, type);
        }
        UpdateOperand result;
        result.kind = symbol == "+" ? Operand::plus : Operand::minus;
        result.operands.push_back(std::move(left));
        result.operands.push_back(std::move(right));
        return result;
    }

    void incorrect_type(std::string_view name, std::string_view type) {
        problems_.note(Kind::operand,
                       "Incorrect operand type for operator or function; operator or function: " +
                           std::string(name) + ", operand type: " + std::string(type));
    }

    UpdateOperand parse_operand() {
        if (reader_.peek().kind == Token::Kind::value_ref) return parse_reference();
        if (reader_.peek().kind == Token::Kind::name &&
            reader_.peek(1).kind == Token::Kind::symbol && reader_.peek(1).text == "(") {
            return parse_function();
        }
        UpdateOperand operand;
        operand.kind = Operand::path;
        operand.path = parse_path(reader_, attributes_, problems_);
        return operand;
    }

    UpdateOperand parse_reference() {
        if (reader_.peek().kind != Token::Kind::value_ref) reader_.syntax_error();
        UpdateOperand operand;
        const std::string reference(reader_.take().text);
        if (const boost::json::object* value = attributes_.value(reference)) {
            operand.value = *value;
        } else {
            problems_.note(Kind::undefined_value,
                           "An expression attribute value used in expression is not defined; "
                           "attribute value: " +
                               reference);
        }
        return operand;
    }

    UpdateOperand parse_function() {
        const std::string name(reader_.take().text);
        reader_.expect("(");
        std::vector<UpdateOperand> operands;
        do operands.push_back(parse_side());
        while (reader_.accept(","));
        reader_.expect(")");
        return function(name, std::move(operands));
    }

    UpdateOperand function(const std::string& name, std::vector<UpdateOperand> operands) {
        UpdateOperand result;
        if (!is_update_function(name)) {
            problems_.note(Kind::unknown_function,
                           (find_condition_function(name)
                                ? "The function is not allowed in an update expression; function: "
                                : "Invalid function name; function: ") +
                               name);
            return result;
        }
        if (operands.size() != 2) {
            problems_.note(Kind::operand,
                           "Incorrect number of operands for operator or function; operator or "
                           "function: " +
                               name + ", number of operands: " + std::to_string(operands.size()));
            return result;
        }
        if (name == "list_append") {
            for (const UpdateOperand& operand : operands) {
                const std::string_view type = known_type(operand);
                if (!type.empty() && type != "L") incorrect_type(name, type);
                if (operand.kind != Operand::list_append) continue;
                // Alternator's test_update_expression_function_nesting.
                problems_.note(Kind::misused_function,
                               "The function is not allowed to be used this way in an expression; "
                               "function: list_append");
            }
            result.kind = Operand::list_append;
            result.operands = std::move(operands);
            return result;
        }
        if (operands[0].kind != Operand::path) {
            problems_.note(
                Kind::operand,
                "Operator or function requires a document path; operator or function: " + name);
        }
        result.kind = Operand::if_not_exists;
        result.path = std::move(operands[0].path);
        result.operands.push_back(std::move(operands[1]));
        return result;
    }

    TokenReader reader_;
    ExpressionAttributes& attributes_;
    Problems problems_;
    Update update_;
    std::vector<Action> sections_;
};

}  // namespace

Update parse_update(std::string_view source, ExpressionAttributes& attributes) {
    return Parser(source, attributes).parse();
}

}  // namespace sbemu::dynamodb
