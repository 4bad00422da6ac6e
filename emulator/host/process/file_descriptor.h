// A file descriptor that closes itself.
#pragma once

#include <utility>

namespace sbemu {

class FileDescriptor {
  public:
    FileDescriptor() = default;
    explicit FileDescriptor(int number) : number_(number) {}
    FileDescriptor(FileDescriptor&& other) noexcept : number_(other.release()) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept;
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    ~FileDescriptor() { close(); }

    // -1 when there is none.
    int get() const { return number_; }
    explicit operator bool() const { return number_ >= 0; }
    // Gives the descriptor away: the caller closes it.
    int release() { return std::exchange(number_, -1); }
    void close();

  private:
    int number_ = -1;
};

}  // namespace sbemu
