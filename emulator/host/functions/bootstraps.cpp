#include "emulator/host/functions/bootstraps.h"

#include <string_view>

#include "emulator/host/tls/whole_file.h"

extern "C" {
extern const char sbemu_node_bootstrap_begin[];
extern const char sbemu_node_bootstrap_end[];
extern const char sbemu_python_bootstrap_begin[];
extern const char sbemu_python_bootstrap_end[];
}

namespace sbemu {
namespace {

std::filesystem::path write(std::filesystem::path file, const char* begin, const char* end) {
    write_whole_file(file, {begin, static_cast<std::size_t>(end - begin)}, 0644);
    return file;
}

}  // namespace

std::filesystem::path write_node_bootstrap(const std::filesystem::path& folder) {
    return write(folder / "node_bootstrap.js", sbemu_node_bootstrap_begin,
                 sbemu_node_bootstrap_end);
}

std::filesystem::path write_python_bootstrap(const std::filesystem::path& folder) {
    return write(folder / "python_bootstrap.py", sbemu_python_bootstrap_begin,
                 sbemu_python_bootstrap_end);
}

}  // namespace sbemu
