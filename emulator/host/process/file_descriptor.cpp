#include "emulator/host/process/file_descriptor.h"

#include <unistd.h>

namespace sbemu {

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
    if (this != &other) {
        close();
        number_ = other.release();
    }
    return *this;
}

void FileDescriptor::close() {
    if (number_ >= 0) ::close(release());
}

}  // namespace sbemu
