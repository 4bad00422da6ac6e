// An HTTP server on a free loopback port that plays a script, one step per request, and keeps the
// requests. One connection at a time.
#pragma once
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace sbemu::handlers_test {

struct Step {
    std::string answer;   // raw bytes; "" sends nothing
    bool closes = false;  // afterwards
    int silence_ms = 0;   // before
};

inline std::string http_answer(const std::string& status, const std::string& body,
                               const std::string& headers = "") {
    return "HTTP/1.1 " + status + "\r\n" + headers +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

class TinyServer {
  public:
    explicit TinyServer(std::vector<Step> steps) : steps_(std::move(steps)) {
        listener_ = socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        if (bind(listener_, generic, size) != 0 || listen(listener_, 8) != 0 ||
            getsockname(listener_, generic, &size) != 0) {
            throw std::runtime_error("cannot listen on loopback");
        }
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~TinyServer() {
        is_stopping_ = true;
        shutdown(listener_, SHUT_RDWR);
        if (connection_ >= 0) shutdown(connection_, SHUT_RDWR);
        thread_.join();
        close(listener_);
    }
    TinyServer(const TinyServer&) = delete;
    TinyServer& operator=(const TinyServer&) = delete;

    std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
    std::string url(const std::string& target) const { return "http://" + address() + target; }
    int connections() const { return connections_; }
    std::vector<std::string> requests() {
        const std::lock_guard<std::mutex> lock(mutex_);
        return requests_;
    }

  private:
    void serve() {
        while (!is_stopping_ && next_ < steps_.size()) {
            const int accepted = accept(listener_, nullptr, nullptr);
            if (accepted < 0) return;
            ++connections_;
            connection_ = accepted;
            converse(accepted);
            connection_ = -1;
            close(accepted);
        }
        // Whoever connects after the last step is refused instead of left waiting.
        shutdown(listener_, SHUT_RDWR);
    }

    void converse(int connection) {
        std::string buffer;
        while (!is_stopping_ && next_ < steps_.size() && read_request(connection, buffer)) {
            const Step& step = steps_[next_++];
            std::this_thread::sleep_for(std::chrono::milliseconds(step.silence_ms));
            if (!step.answer.empty()) {
                (void)!send(connection, step.answer.data(), step.answer.size(), MSG_NOSIGNAL);
            }
            if (step.closes) return;
        }
    }

    // Moves one request, by its Content-Length in bytes, from the connection into requests_.
    bool read_request(int connection, std::string& buffer) {
        for (;;) {
            const auto head_end = buffer.find("\r\n\r\n");
            if (head_end != buffer.npos) {
                const auto length_at = buffer.find("Content-Length: ");
                std::size_t size = head_end + 4;
                if (length_at < head_end) size += std::stoul(buffer.substr(length_at + 16));
                if (buffer.size() >= size) {
                    const std::lock_guard<std::mutex> lock(mutex_);
                    requests_.push_back(buffer.substr(0, size));
                    buffer.erase(0, size);
                    return true;
                }
            }
            char bytes[4096];
            const ssize_t count = recv(connection, bytes, sizeof bytes, 0);
            if (count <= 0) return false;
            buffer.append(bytes, static_cast<std::size_t>(count));
        }
    }

    std::vector<Step> steps_;
    std::size_t next_ = 0;
    std::mutex mutex_;
    std::vector<std::string> requests_;
    std::atomic<int> connections_{0};
    std::atomic<int> connection_{-1};
    std::atomic<bool> is_stopping_{false};
    int listener_ = -1;
    int port_ = 0;
    std::thread thread_;
};

}  // namespace sbemu::handlers_test
