#include "fakes/cloudformation/cloudformation.h"

#include <boost/json.hpp>

#include "fakes/cloudformation/custom_resource.h"
#include "fakes/cloudformation/engine.h"
#include "fakes/cloudformation/operations.h"

namespace sbemu::cloudformation {
namespace {

constexpr Operation kOperations[] = {
    {"CreateStack", create_stack},
    {"DeleteStack", delete_stack},
    {"DescribeStackEvents", describe_stack_events},
    {"DescribeStackResource", describe_stack_resource},
    {"DescribeStackResources", describe_stack_resources},
    {"DescribeStacks", describe_stacks},
    {"GetTemplate", get_template},
    {"ListStackResources", list_stack_resources},
    {"ListStacks", list_stacks_operation},
    {"UpdateStack", update_stack_operation},
    {"ValidateTemplate", validate_template},
};

constexpr Operation kSignals[] = {
    {"PutResponse", put_response},  // a PUT to a ResponseURL
};

constexpr TimerHandler kTimers[] = {
    {"late-response", late_response_timer},
    {"response-timeout", response_timeout_timer},
    {"stabilize", stabilize_timer},
    {"stack-timeout", stack_timeout_timer},
    {"step", step_timer},
};

}  // namespace

const Service& service() {
    static const Service kService{"cloudformation", kOperations, kSignals, kTimers, kSchema};
    return kService;
}

}  // namespace sbemu::cloudformation
