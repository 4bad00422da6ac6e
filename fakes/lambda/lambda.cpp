#include "fakes/lambda/lambda.h"

#include <boost/json.hpp>

#include "fakes/lambda/functions.h"
#include "fakes/lambda/invocations.h"
#include "fakes/lambda/mappings.h"
#include "fakes/lambda/poller.h"
#include "fakes/lambda/rows.h"

namespace sbemu::lambda {
namespace {

constexpr Operation kOperations[] = {
    {"AddPermission", add_permission},
    {"CreateEventSourceMapping", create_event_source_mapping},
    {"CreateFunction", create_function},
    {"DeleteEventSourceMapping", delete_event_source_mapping},
    {"DeleteFunction", delete_function},
    {"GetEventSourceMapping", get_event_source_mapping},
    {"GetFunction", get_function},
    {"GetFunctionConfiguration", get_function_configuration},
    {"GetPolicy", get_policy},
    {"Invoke", invoke},
    {"ListEventSourceMappings", list_event_source_mappings},
    {"ListFunctions", list_functions},
    {"ListTags", list_tags},
    {"ListVersionsByFunction", list_versions_by_function},
    {"RemovePermission", remove_permission},
    {"TagResource", tag_resource},
    {"UntagResource", untag_resource},
    {"UpdateEventSourceMapping", update_event_source_mapping},
    {"UpdateFunctionCode", update_function_code},
    {"UpdateFunctionConfiguration", update_function_configuration},
};

constexpr Operation kSignals[] = {
    {"InvocationEnded", invocation_ended},
    {"InvocationStarted", invocation_started},
    {"ReadStoredPackage", read_stored_package},
};

constexpr TimerHandler kTimers[] = {
    {"deadline", deadline_reached},
    {"fault-kill", kill_by_fault},
    {"function-ready", function_became_ready},
    {"mapping-transition", finish_transition},
    {"poll", poll},
    {"retry", retry_invocation},
};

void on_announcement(Context& ctx, const Announcement& announcement) {
    if (announcement.topic == "stream.records") wake_mappings_of_stream(ctx, announcement.subject);
}

void on_restart(Context& ctx) {
    prepare_functions(ctx);
    resume_invocations(ctx);
    resume_polling(ctx);
}

}  // namespace

const Service& service() {
    static const Service kService{"lambda", kOperations,     kSignals,  kTimers,
                                  kSchema,  on_announcement, on_restart};
    return kService;
}

}  // namespace sbemu::lambda
