#include "emulator/host/http/http_server.h"

#include <fcntl.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <set>
#include <system_error>

#include "emulator/host/http/connection.h"
#include "emulator/host/log/log.h"

namespace sbemu {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Error = boost::system::error_code;

// When the process has no descriptor left for a new connection, it tries again after this.
constexpr std::chrono::milliseconds kAcceptAgain{100};

Time wall_clock() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

// Children must not inherit our sockets; Asio does not see to it.
void close_on_exec(int descriptor) { ::fcntl(descriptor, F_SETFD, FD_CLOEXEC); }

asio::ip::address parse_address(const std::string& text) {
    if (text == "localhost") return asio::ip::address_v4::loopback();
    Error error;
    const auto address = asio::ip::make_address(text, error);
    if (error) throw std::invalid_argument("'" + text + "' is not an IP address");
    return address;
}

}  // namespace

class HttpListener::State : public std::enable_shared_from_this<State> {
  public:
    State(asio::io_context& io, Handler handler, HttpOptions options)
        : acceptor_(io), retry_(io), sweep_(io), settings_(std::make_shared<ConnectionSettings>()) {
        if (!options.clock) options.clock = wall_clock;
        settings_->session = {options.header_limit, options.body_limit, options.clock};
        settings_->handler = std::move(handler);
        settings_->options = std::move(options);
        if (settings_->options.answers_at_once) settings_->sender = std::make_unique<Sender>();
    }

    std::uint16_t listen(const std::string& address, std::uint16_t port) {
        settings_->on_closed = [weak = weak_from_this()](Connection& connection) {
            if (const auto self = weak.lock()) {
                self->connections_.erase(connection.shared_from_this());
            }
        };
        const tcp::endpoint endpoint(parse_address(address), port);
        try {
            open(endpoint);
        } catch (const boost::system::system_error& error) {
            throw std::system_error(error.code(), "cannot listen");
        }
        accept();
        return acceptor_.local_endpoint().port();
    }

    void close() {
        Error ignored;
        acceptor_.close(ignored);
        retry_.cancel();
        sweep_.cancel();
        const auto connections = std::exchange(connections_, {});
        for (const auto& connection : connections) connection->close();
    }

  private:
    void open(const tcp::endpoint& endpoint) {
        acceptor_.open(endpoint.protocol());
        close_on_exec(acceptor_.native_handle());
        acceptor_.set_option(tcp::acceptor::reuse_address(true));
        // Accepted sockets inherit it on Linux.
        acceptor_.set_option(tcp::no_delay(true));
        acceptor_.bind(endpoint);
        acceptor_.listen();
    }

    void accept() {
        acceptor_.async_accept([self = shared_from_this()](const Error& error, tcp::socket socket) {
            self->on_accept(error, std::move(socket));
        });
    }

    void on_accept(const Error& error, tcp::socket socket) {
        if (!acceptor_.is_open()) return;
        if (error) {
            if (error != asio::error::connection_aborted) {
                log_error("cannot accept a connection: " + error.message());
            }
            retry_.expires_after(kAcceptAgain);
            retry_.async_wait([self = shared_from_this()](const Error& cancelled) {
                if (!cancelled) self->accept();
            });
            return;
        }
        close_on_exec(socket.native_handle());
        auto connection = std::make_shared<Connection>(std::move(socket), settings_);
        connections_.insert(connection);
        connection->start();
        if (connections_.size() == 1) sweep();
        accept();
    }

    // Closes what has been idle for too long; runs only while there are connections.
    void sweep() {
        sweep_.expires_after(settings_->options.idle_timeout / 4 + std::chrono::milliseconds{1});
        sweep_.async_wait([self = shared_from_this()](const Error& cancelled) {
            if (cancelled) return;
            self->close_idle();
            if (!self->connections_.empty()) self->sweep();
        });
    }

    void close_idle() {
        const auto limit = std::chrono::steady_clock::now() - settings_->options.idle_timeout;
        const auto connections = connections_;
        for (const auto& connection : connections) {
            const auto since = connection->idle_since();
            if (since && *since < limit) connection->close();
        }
    }

    tcp::acceptor acceptor_;
    asio::steady_timer retry_;
    asio::steady_timer sweep_;
    std::shared_ptr<ConnectionSettings> settings_;
    std::set<std::shared_ptr<Connection>> connections_;
};

HttpListener::HttpListener(asio::io_context& io, Handler handler, HttpOptions options)
    : state_(std::make_shared<State>(io, std::move(handler), std::move(options))) {}

HttpListener::~HttpListener() { close(); }

std::uint16_t HttpListener::listen(const std::string& address, std::uint16_t port) {
    return state_->listen(address, port);
}

void HttpListener::close() { state_->close(); }

}  // namespace sbemu
