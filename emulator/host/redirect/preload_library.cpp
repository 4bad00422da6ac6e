#include "emulator/host/redirect/preload_library.h"

#include "emulator/host/tls/whole_file.h"

extern "C" {
extern const char sbemu_preload_begin[];
extern const char sbemu_preload_end[];
}

namespace sbemu {

std::string_view preload_library() {
    return {sbemu_preload_begin, static_cast<std::size_t>(sbemu_preload_end - sbemu_preload_begin)};
}

std::filesystem::path write_preload_library(const std::filesystem::path& folder) {
    auto file = folder / "sbemu-redirect.so";
    write_whole_file(file, preload_library(), 0755);
    return file;
}

}  // namespace sbemu
