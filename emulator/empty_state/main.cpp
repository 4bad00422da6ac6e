// Writes the state that a new sbemu begins with: every service's tables, and no rows. Part of the
// build; see empty_state.h.
#include <fstream>
#include <iostream>

#include "emulator/core/kernel.h"
#include "emulator/store/store.h"
#include "fakes/services.h"

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: make_empty_state FILE\n";
        return 2;
    }
    sbemu::Store store(":memory:");
    const sbemu::Kernel kernel(store, sbemu::all_services(), {});
    std::ofstream file(argv[1], std::ios::binary);
    file << store.image();
    file.close();
    if (!file) {
        std::cerr << "cannot write " << argv[1] << "\n";
        return 1;
    }
    return 0;
}
