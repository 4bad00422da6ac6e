// The template language: conditions and intrinsic functions, evaluated against values.
#pragma once

#include <boost/json/value.hpp>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "fakes/cloudformation/template.h"

namespace sbemu::cloudformation {

// What an evaluation may look at besides the template.
struct Values {
    boost::json::object parameters;  // name -> text, or an array of texts for list types
    std::string account;
    std::string region;
    std::string stack_id;
    std::string stack_name;
    boost::json::array notification_arns;
    // Ref (attribute empty) and Fn::GetAtt of a resource. Nothing if it is not known (yet).
    std::function<std::optional<boost::json::value>(std::string_view logical_id,
                                                    std::string_view attribute)>
        resource;
    // When a template is only checked: the text that stands for what resources will answer. Pieces
    // of it are not known, so any may be selected.
    std::string stand_in = {};
    // Without parameter values: conditions are left aside, both branches of Fn::If are looked at.
    bool every_branch = false;
};

class Evaluator {
  public:
    // Both must outlive the evaluator.
    Evaluator(const Template& source, const Values& values) : template_(source), values_(values) {}

    // The value with every function replaced by its result; AWS::NoValue removes its member.
    // Throws ApiError (ValidationError) with AWS's text, or UnresolvedReference.
    boost::json::value evaluate(const boost::json::value& value);
    boost::json::object evaluate_object(const boost::json::object& object);

    bool condition(std::string_view name);
    // Whether the resource or output exists: its Condition holds, or it has none.
    bool exists(const boost::json::object& definition);

    // The resources that a value refers to: Ref, Fn::GetAtt, Fn::Sub, in the branches taken.
    std::set<std::string> references(const boost::json::value& value);

  private:
    std::optional<boost::json::value> evaluate_or_remove(const boost::json::value& value);
    boost::json::value call(std::string_view function, const boost::json::value& argument);
    boost::json::value ref(std::string_view name);
    boost::json::value get_att(const boost::json::value& argument);
    boost::json::value join(const boost::json::value& argument);
    boost::json::value sub(const boost::json::value& argument);
    boost::json::value select(const boost::json::value& argument);
    boost::json::value split(const boost::json::value& argument);
    boost::json::value find_in_map(const boost::json::value& argument);
    bool logic(std::string_view function, const boost::json::value& argument);
    const boost::json::value& chosen_branch(const boost::json::value& argument);
    void collect(const boost::json::value& value, std::set<std::string>& found);
    void collect_sub(const boost::json::value& argument, std::set<std::string>& found);

    const Template& template_;
    const Values& values_;
    std::map<std::string, bool, std::less<>> conditions_;
    std::set<std::string, std::less<>> evaluating_;  // conditions being evaluated: cycles
};

// A reference to a resource whose value is not known.
struct UnresolvedReference {
    std::string logical_id;
    std::string attribute;
};

// The function call that an object is: its name and argument, or nothing.
struct FunctionCall {
    std::string_view name;
    const boost::json::value* argument;
};
std::optional<FunctionCall> function_call(const boost::json::value& value);

// A scalar as text, as CloudFormation puts it into strings: true -> "true", 14 -> "14".
std::string scalar_text(const boost::json::value& value);

}  // namespace sbemu::cloudformation
