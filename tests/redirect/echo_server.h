// A server as the emulator's: one port of 127.0.0.1 that speaks HTTP/1.1, and TLS when the first
// byte says so. Answers each request with JSON that says how it came.
#pragma once

#include <cstdint>
#include <mutex>
#include <thread>

#include "emulator/host/process/file_descriptor.h"
#include "emulator/host/tls/certificate_authority.h"

namespace sbemu {

class EchoServer {
  public:
    explicit EchoServer(CertificateAuthority& authority);
    ~EchoServer();

    std::uint16_t port() const { return port_; }

  private:
    void run();
    // What the destructor is to cut short; false when it has come.
    bool begin(int connection);
    void end();
    void serve(int connection);

    TlsContext tls_;
    FileDescriptor listener_;
    std::uint16_t port_ = 0;
    std::mutex mutex_;
    int serving_ = -1;
    bool ending_ = false;
    std::thread thread_;
};

}  // namespace sbemu
