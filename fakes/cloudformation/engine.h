// The stack engine: carries a stack's operation from step to step. What is under way is in the
// rows (Stack::status, Work), so it goes on after a restart where it was.
//
// An operation is a row of phases, each a list of Work with an order:
//   create: CREATE_IN_PROGRESS -> CREATE_COMPLETE, or ROLLBACK_IN_PROGRESS -> ROLLBACK_COMPLETE
//   update: UPDATE_IN_PROGRESS -> UPDATE_COMPLETE_CLEANUP_IN_PROGRESS -> UPDATE_COMPLETE, or
//           UPDATE_ROLLBACK_IN_PROGRESS -> UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS -> ...
//   delete: DELETE_IN_PROGRESS -> DELETE_COMPLETE
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <variant>

#include "fakes/cloudformation/intrinsics.h"
#include "fakes/cloudformation/provider.h"
#include "fakes/cloudformation/rows.h"
#include "fakes/cloudformation/template.h"

namespace sbemu::cloudformation {

class Engine {
  public:
    Engine(Context& ctx, Stack stack);

    // Begin an operation: sets the status, writes the stack's event, plans the work, and leaves
    // the first step to a timer due now. The stack's document must hold the new template.
    void begin_create();
    void begin_update();
    void begin_delete(const boost::json::array& retain);

    // Starts whatever can start, and moves to the next phase when all is done.
    void step();

    // A custom resource answered. `physical_id` is empty if the answer had none.
    void finish_work(Work work, const Progress& progress);
    void fail_work(Work work, const std::string& reason, const std::string& physical_id = "");
    // A stabilizing resource is asked again.
    void check_stable(Work work);
    // TimeoutInMinutes is over.
    void time_out();

  private:
    // phases (engine.cpp)
    void set_status(const std::string& status, const std::string& reason = "");
    void schedule_step();
    void plan_forward();
    void plan_rollback_of_create();
    void plan_rollback_of_update();
    void plan_cleanup(bool after_rollback);
    void plan_deletes(const std::vector<StackResource>& resources);
    bool start_ready_work(std::vector<Work>& work);
    void fail_forward(const std::vector<Work>& work, const std::string& stack_reason);
    void abandon_request(const Work& work);
    void begin_rollback(const std::string& reason);
    void finish_phase(const std::vector<Work>& work);
    void finish_forward();
    void finish_deletes(const std::vector<Work>& work);
    bool evaluate_outputs(std::string& error);
    void restore_previous_document();
    std::string failed_list(const std::vector<Work>& work) const;

    // one resource (resource_steps.cpp, resource_results.cpp)
    void start_work(Work& work);
    void start_create(Work& work);
    void start_update(Work& work);
    void start_restore(Work& work);
    void start_delete(Work& work);
    void act(Work& work, Progress (*action)(Context&, const ResourceRequest&),
             const ResourceRequest& request);
    void finish_create(Work& work, const Progress& progress);
    void finish_update(Work& work, const Progress& progress);
    void finish_delete(Work& work, bool skipped);
    void save_done(Work& work, StackResource& resource, const Progress& progress,
                   const std::string& status, const std::string& reason);
    std::optional<ApiError> refuse_properties(const Provider& provider,
                                              const StackResource& resource) const;
    std::variant<boost::json::object, std::string> resolve_properties(
        const std::string& logical_id);
    StackResource described_resource(const Work& work) const;
    boost::json::object shown_properties(const StackResource& resource) const;
    void leave_behind(const std::string& physical_id, const boost::json::object& properties,
                      const StackResource& resource);
    ResourceRequest request_for(const Work& work, const StackResource& resource) const;
    ResourceRequest stable_request_for(const Work& work, const StackResource& resource) const;
    void resource_event(const StackResource& resource, const std::string& status,
                        const std::string& reason = "");
    void event_of(const StackResource& resource, const std::string& physical_id,
                  const std::string& status, const std::string& reason);

    Context& ctx_;
    Stack stack_;
    Template template_;
    Values values_;
};

// The values that a stack's template is evaluated with. Resources are looked up in the rows.
Values stack_values(Context& ctx, const Stack& stack, const Template& parsed);
Template template_of(const Stack& stack);

// Logical ids that the resource's definition needs first: references and DependsOn.
boost::json::array dependencies_of(Evaluator& evaluator, const boost::json::object& definition);

// How an ApiError of a service reads in a resource's status reason
// (facts/cloudformation.md 2.6, "Handler failures").
std::string failure_reason(Context& ctx, const std::string& type, const ApiError& error);

// Timer handlers.
void step_timer(Context& ctx, std::string_view stack_id);
void stabilize_timer(Context& ctx, std::string_view work);
void stack_timeout_timer(Context& ctx, std::string_view stack_id);

}  // namespace sbemu::cloudformation
