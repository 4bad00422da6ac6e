#include "emulator/cli/program.h"

int main(int argc, char** argv) { return sbemu::run_program(argc, argv); }
