// One connection of an HttpListener: moves bytes between a socket and its HttpSession.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "emulator/host/http/http_server.h"
#include "emulator/host/http/sender.h"
#include "emulator/host/http/session.h"

namespace sbemu {

class Connection;

// What all connections of a listener share; lives as long as any of them.
struct ConnectionSettings {
    HttpListener::Handler handler;
    HttpOptions options;
    SessionOptions session;
    std::function<void(Connection&)> on_closed;
    std::unique_ptr<Sender> sender;  // none: connections send for themselves
};

class Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(boost::asio::ip::tcp::socket socket,
               std::shared_ptr<const ConnectionSettings> settings);
    ~Connection() { outgoing_.wait(); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void start();
    void close();
    bool closed() const { return closed_; }
    // Since when neither side has sent anything and no answer of ours is due.
    std::optional<std::chrono::steady_clock::time_point> idle_since() const;

  private:
    using Socket = boost::asio::ip::tcp::socket;
    using Error = boost::system::error_code;

    void wait_for_first();
    void sniff();
    void start_tls();
    void read();
    void on_read(const Error& error, std::size_t size);
    bool choose_session(std::string_view bytes);
    void make_session(bool http2);
    void hand_to_session(std::string_view bytes);
    void on_request(std::uint64_t number, wire::HttpRequest request);
    void go_on();
    void respond(std::uint64_t number, wire::HttpResponse response);
    void drop(std::uint64_t number, wire::HttpResponse response, bool half);
    void write();
    void write_at_once();
    void write_rest();
    bool let_send();
    void take_back();
    void on_stuck();
    void on_written(const Error& error);
    void finish();

    Socket socket_;
    std::shared_ptr<const ConnectionSettings> settings_;
    std::unique_ptr<boost::asio::ssl::stream<Socket&>> tls_;
    std::unique_ptr<HttpSession> session_;
    std::unique_ptr<boost::asio::steady_timer> linger_timer_;
    std::string first_bytes_;  // until it is known which protocol they are
    std::vector<char> buffer_;
    std::vector<std::string> writing_;
    Outgoing outgoing_;
    std::chrono::steady_clock::time_point last_activity_;
    bool receiving_ = false;  // the session is at work: what it puts out is written after
    bool stalled_ = false;    // reading stopped because too much is unanswered
    bool reading_ = false;
    bool input_ended_ = false;
    bool finishing_ = false;
    bool closed_ = false;
};

}  // namespace sbemu
