// The two functions of newer glibc that Debian's static libgcc and libstdc++ want, for the
// self-contained bootstraps: Amazon Linux 2023 is at glibc 2.34.
#include <dlfcn.h>
#include <link.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace {

struct Search {
    std::uintptr_t address;
    dl_find_object* found;
};

int look_into(dl_phdr_info* info, std::size_t, void* argument) {
    auto& search = *static_cast<Search*>(argument);
    bool is_inside = false;
    std::uintptr_t tables = 0;
    std::uintptr_t begin = UINTPTR_MAX;
    std::uintptr_t end = 0;
    for (ElfW(Half) i = 0; i < info->dlpi_phnum; ++i) {
        const ElfW(Phdr)& header = info->dlpi_phdr[i];
        const std::uintptr_t start = info->dlpi_addr + header.p_vaddr;
        if (header.p_type == PT_GNU_EH_FRAME) tables = start;
        if (header.p_type != PT_LOAD) continue;
        if (start < begin) begin = start;
        if (start + header.p_memsz > end) end = start + header.p_memsz;
        if (search.address - start < header.p_memsz) is_inside = true;
    }
    if (!is_inside) return 0;
    std::memset(search.found, 0, sizeof *search.found);
    std::memcpy(&search.found->dlfo_map_start, &begin, sizeof begin);
    std::memcpy(&search.found->dlfo_map_end, &end, sizeof end);
    std::memcpy(&search.found->dlfo_eh_frame, &tables, sizeof tables);
    return tables == 0 ? -1 : 1;
}

}  // namespace

// glibc 2.35, <dlfcn.h>: GCC 12's unwinder finds the tables of a thrown exception with it. This one
// asks dl_iterate_phdr, as the unwinder did before.
extern "C" int _dl_find_object(void* address, dl_find_object* result) noexcept {
    Search search{0, result};
    std::memcpy(&search.address, &address, sizeof address);
    return dl_iterate_phdr(look_into, &search) == 1 ? 0 : -1;
}

// glibc 2.36, <stdlib.h>: std::random_device's source.
extern "C" std::uint32_t arc4random() noexcept {
    std::uint32_t bits = 0;
    if (getentropy(&bits, sizeof bits) != 0) std::abort();
    return bits;
}
