#include "tests/redirect/echo_server.h"

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <stdexcept>
#include <string>

namespace sbemu {
namespace {

using Read = std::function<int(char*, int)>;

std::string read_request(const Read& read) {
    std::string request;
    char part[4096];
    while (request.find("\r\n\r\n") == std::string::npos) {
        const int count = read(part, sizeof part);
        if (count <= 0) return {};
        request.append(part, static_cast<std::size_t>(count));
    }
    return request;
}

// {"request":"GET / HTTP/1.1","host":"...","tls":"name"}; tls is the server name, or "no".
std::string answer_to(const std::string& request, const std::string& tls) {
    std::string host;
    for (const char* field : {"\r\nHost: ", "\r\nhost: "}) {
        const std::size_t begin = request.find(field);
        if (begin == std::string::npos) continue;
        const std::size_t value = begin + std::string(field).size();
        host = request.substr(value, request.find("\r\n", value) - value);
    }
    const std::string body = "{\"request\":\"" + request.substr(0, request.find("\r\n")) +
                             "\",\"host\":\"" + host + "\",\"tls\":\"" + tls + "\"}\n";
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
           "Content-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

EchoServer::EchoServer(CertificateAuthority& authority)
    : tls_(authority.tls_context()), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    std::signal(SIGPIPE, SIG_IGN);
    // curl would choose HTTP/2, which is not spoken here.
    SSL_CTX_set_alpn_select_cb(tls_.get(), nullptr, nullptr);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_.get(), generic, size) != 0 || listen(listener_.get(), 16) != 0 ||
        getsockname(listener_.get(), generic, &size) != 0) {
        throw std::runtime_error("the test server cannot listen");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
}

EchoServer::~EchoServer() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
        shutdown(listener_.get(), SHUT_RDWR);
        if (serving_ >= 0) shutdown(serving_, SHUT_RDWR);
    }
    thread_.join();
}

void EchoServer::run() {
    while (true) {
        const FileDescriptor connection(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!connection) return;
        if (!begin(connection.get())) return;
        serve(connection.get());
        end();
    }
}

// Instead of a time limit on the socket: with one, a machine that stands still for a moment
// (SIGSTOP, a frozen container) interrupts what waits there (signal(7)).
bool EchoServer::begin(int connection) {
    const std::lock_guard lock(mutex_);
    serving_ = connection;
    return !ending_;
}

void EchoServer::end() {
    const std::lock_guard lock(mutex_);
    serving_ = -1;
}

void EchoServer::serve(int connection) {
    char first = 0;
    if (recv(connection, &first, 1, MSG_PEEK) != 1) return;
    if (first != 0x16) {
        const std::string request = read_request([&](char* part, int size) {
            return static_cast<int>(read(connection, part, static_cast<std::size_t>(size)));
        });
        const std::string answer = answer_to(request, "no");
        static_cast<void>(!write(connection, answer.data(), answer.size()));
        return;
    }
    SSL* tls = SSL_new(tls_.get());
    SSL_set_fd(tls, connection);
    if (SSL_accept(tls) == 1) {
        const std::string request =
            read_request([&](char* part, int size) { return SSL_read(tls, part, size); });
        const char* name = SSL_get_servername(tls, TLSEXT_NAMETYPE_host_name);
        const std::string answer = answer_to(request, name == nullptr ? "" : name);
        SSL_write(tls, answer.data(), static_cast<int>(answer.size()));
        SSL_shutdown(tls);
    }
    SSL_free(tls);
}

}  // namespace sbemu
