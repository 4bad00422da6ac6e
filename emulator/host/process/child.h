// The child's side of Process::start, between fork and execve: async-signal-safe throughout, since
// another thread may hold any lock at the moment of the fork.
#pragma once

#include <sys/types.h>

namespace sbemu {

// Everything the child needs, made ready by the parent before the fork.
struct ChildPlan {
    char* const* arguments;
    char* const* environment;
    const char* const* candidates;  // paths to try, ended by a null pointer
    const char* working_directory;  // null for the parent's
    int standard[3];                // what becomes 0, 1 and 2; -1 leaves the parent's
    int report;                     // a socket to the parent, close-on-exec
    pid_t parent;
    bool own_process_group;
    bool keep_other_descriptors;
    bool die_with_parent;
    bool notify_on_connect;
};

// What the child tells the parent over `report`. Silence until the socket closes means that execve
// has succeeded.
struct ChildReport {
    enum class Kind : int {
        listener,     // the seccomp listener is attached
        no_listener,  // error_number says why
        not_started,  // error_number says why
    };
    Kind kind;
    int error_number;
};

// Does not return.
[[noreturn]] void become_child(const ChildPlan& plan);

}  // namespace sbemu
