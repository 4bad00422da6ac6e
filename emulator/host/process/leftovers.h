// Ends what a child has left behind outside its process group (setsid, daemons).
#pragma once

#include <string>

namespace sbemu {

// SIGKILL for every process of this user whose environment holds the variable, "NAME=value". One
// that gave itself another environment is not found.
void kill_processes_with(const std::string& variable);

}  // namespace sbemu
