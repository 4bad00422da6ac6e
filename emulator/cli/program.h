// The whole command line, callable: main and the tests run it.
#pragma once

namespace sbemu {

// Does what the arguments say (the first is the program's name) and returns the exit code. Writes
// to std::cout and std::cerr; throws nothing.
int run_program(int argc, const char* const* argv);

}  // namespace sbemu
