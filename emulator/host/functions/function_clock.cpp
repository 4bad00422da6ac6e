#include "emulator/host/functions/function_clock.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>

#include "emulator/host/log/log.h"
#include "emulator/host/process/file_descriptor.h"

namespace sbemu {
namespace {

constexpr std::size_t kSize = sizeof(std::int64_t);

// Null when this machine refuses; errno says why.
std::int64_t* map_new_file(const std::filesystem::path& file) {
    const FileDescriptor made(
        open(file.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644));
    if (!made || ftruncate(made.get(), static_cast<off_t>(kSize)) != 0) return nullptr;
    void* place = mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_SHARED, made.get(), 0);
    return place == MAP_FAILED ? nullptr : static_cast<std::int64_t*>(place);
}

// The program that runs a script: "" if it is none.
std::string interpreter_of(const std::filesystem::path& program) {
    std::ifstream file(program, std::ios::binary);
    if (file.get() != '#' || file.get() != '!') return {};
    std::string interpreter;
    file >> interpreter;
    return interpreter;
}

}  // namespace

FunctionClock::FunctionClock(std::filesystem::path file, Duration ahead)
    : file_(std::move(file)), place_(map_new_file(file_)), ahead_(ahead) {
    if (place_ != nullptr) {
        set(ahead);
        return;
    }
    log_warning("a function will see this machine's time, not sbemu's: cannot map " +
                file_.string() + ": " + std::generic_category().message(errno));
    file_.clear();
}

FunctionClock::~FunctionClock() {
    if (place_ == nullptr) return;
    munmap(place_, kSize);
    static_cast<void>(unlink(file_.c_str()));
}

void FunctionClock::set(Duration ahead) {
    ahead_ = ahead;
    if (place_ == nullptr) return;
    __atomic_store_n(place_, std::chrono::nanoseconds(ahead).count(), __ATOMIC_RELAXED);
}

void FunctionClock::move_forward(Duration ahead) {
    if (ahead > ahead_) set(ahead);
}

bool is_static_program(const std::filesystem::path& program) {
    const std::string interpreter = interpreter_of(program);
    std::ifstream file(interpreter.empty() ? program : std::filesystem::path(interpreter),
                       std::ios::binary);
    Elf64_Ehdr header{};
    file.read(reinterpret_cast<char*>(&header), sizeof header);
    const bool is_program =
        file && std::string_view(ELFMAG) ==
                    std::string_view(reinterpret_cast<const char*>(header.e_ident), SELFMAG);
    if (!is_program || header.e_ident[EI_CLASS] != ELFCLASS64) return false;
    file.seekg(static_cast<std::streamoff>(header.e_phoff));
    for (int i = 0; i < header.e_phnum; ++i) {
        Elf64_Phdr part{};
        if (!file.read(reinterpret_cast<char*>(&part), sizeof part)) return false;
        if (part.p_type == PT_INTERP) return false;
    }
    return true;
}

}  // namespace sbemu
