#include "emulator/host/http/connection.h"

#include <algorithm>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "emulator/host/log/log.h"

namespace sbemu {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kFirstBuffer = 8UL * 1024;
constexpr std::size_t kLargestBuffer = 256UL * 1024;
// How long to go on reading, so that a client that is still sending sees the answer and not a
// reset connection.
constexpr std::chrono::seconds kLinger{2};
constexpr char kTlsHandshake = 0x16;

SSL* new_tls(const HttpOptions& options) {
    SSL* tls = SSL_new(options.tls_context());
    if (!tls) throw std::runtime_error("no memory for a connection");
    return tls;
}

}  // namespace

Connection::Connection(Socket socket, std::shared_ptr<const ConnectionSettings> settings)
    : socket_(std::move(socket)),
      settings_(std::move(settings)),
      buffer_(kFirstBuffer),
      last_activity_(std::chrono::steady_clock::now()) {}

void Connection::start() {
    Error ignored;  // it only could block
    socket_.non_blocking(true, ignored);
    wait_for_first();
}

void Connection::wait_for_first() {
    reading_ = true;
    socket_.async_wait(Socket::wait_read, [self = shared_from_this()](const Error& error) {
        self->reading_ = false;
        if (error) return self->close();
        self->sniff();
    });
}

// The first byte is left in the socket: the TLS handshake wants it.
void Connection::sniff() {
    char first = 0;
    Error error;
    const std::size_t size = socket_.receive(asio::buffer(&first, 1), Socket::message_peek, error);
    // Asio may have taken an event of a socket that was closed for one of this socket.
    if (error == asio::error::would_block) return wait_for_first();
    if (error || size == 0) return close();
    if (first == kTlsHandshake) return start_tls();
    read();
}

void Connection::start_tls() {
    if (!settings_->options.tls_context) return close();
    try {
        tls_ = std::make_unique<asio::ssl::stream<Socket&>>(socket_, new_tls(settings_->options));
    } catch (const std::exception& error) {
        log_error(std::string("TLS: ") + error.what());
        return close();
    }
    tls_->async_handshake(asio::ssl::stream_base::server,
                          [self = shared_from_this()](const Error& error) {
                              if (error) {
                                  log_debug("TLS handshake failed: " + error.message());
                                  return self->close();
                              }
                              self->read();
                          });
}

void Connection::read() {
    if (closed_ || reading_ || input_ended_) return;
    reading_ = true;
    const auto done = [self = shared_from_this()](const Error& error, std::size_t size) {
        self->reading_ = false;
        self->on_read(error, size);
    };
    if (tls_) {
        tls_->async_read_some(asio::buffer(buffer_), done);
    } else {
        socket_.async_read_some(asio::buffer(buffer_), done);
    }
}

void Connection::on_read(const Error& error, std::size_t size) {
    if (closed_) return;
    last_activity_ = std::chrono::steady_clock::now();
    if (error) {
        input_ended_ = true;
        if (!session_ || finishing_ ||
            (error != asio::error::eof && error != asio::ssl::error::stream_truncated))
            return close();
        session_->receive_end();
        return write();
    }
    if (finishing_) return read();
    const std::string_view bytes(buffer_.data(), size);
    if (session_) {
        hand_to_session(bytes);
    } else {
        first_bytes_.append(bytes);
        if (choose_session(first_bytes_)) {
            const std::string first = std::move(first_bytes_);
            hand_to_session(first);
        }
    }
    // Whoever fills the buffer has more to send: an upload.
    if (!reading_ && size == buffer_.size() && size < kLargestBuffer) {
        buffer_.resize(std::min(4 * size, kLargestBuffer));
    }
    if (!stalled_) read();
}

// False while the bytes could be either protocol.
bool Connection::choose_session(std::string_view bytes) {
    const std::size_t compared = std::min(bytes.size(), kHttp2Preface.size());
    const bool http2 = bytes.substr(0, compared) == kHttp2Preface.substr(0, compared);
    if (http2 && bytes.size() < kHttp2Preface.size()) return false;
    const auto on_request = [this](std::uint64_t number, wire::HttpRequest request) {
        this->on_request(number, std::move(request));
    };
    session_ = http2 ? make_http2_session(settings_->session, on_request)
                     : make_http1_session(settings_->session, on_request);
    return true;
}

void Connection::hand_to_session(std::string_view bytes) {
    receiving_ = true;
    session_->receive(bytes);
    receiving_ = false;
    stalled_ = session_->paused();
    write();
}

// Enough was answered to read on.
void Connection::go_on() {
    if (!stalled_ || session_->paused()) return;
    hand_to_session({});
    if (!stalled_) read();
}

void Connection::on_request(std::uint64_t number, wire::HttpRequest request) {
    settings_->handler(std::move(request),
                       [weak = weak_from_this(), number](wire::HttpResponse response) {
                           const auto self = weak.lock();
                           if (self) self->respond(number, std::move(response));
                       });
}

void Connection::respond(std::uint64_t number, wire::HttpResponse response) {
    if (closed_) return;
    const auto drop = std::find_if(response.headers.begin(), response.headers.end(),
                                   [](const auto& header) { return header.first == kDropHeader; });
    if (drop != response.headers.end()) {
        const bool half = drop->second == "half";
        response.headers.erase(drop);
        return this->drop(number, std::move(response), half);
    }
    session_->respond(number, std::move(response));
    if (!receiving_) write();
}

void Connection::drop(std::uint64_t number, wire::HttpResponse response, bool half) {
    session_->respond(number, std::move(response));
    take_back();
    if (!half || !writing_.empty()) return close();
    for (std::string& piece : session_->take_output()) {
        writing_.push_back(std::move(piece));
    }
    std::string bytes;
    for (const std::string& piece : writing_) bytes += piece;
    bytes.resize(bytes.size() / 2);
    writing_ = {std::move(bytes)};
    const auto done = [self = shared_from_this()](const Error&, std::size_t) { self->close(); };
    if (tls_) {
        asio::async_write(*tls_, asio::buffer(writing_.front()), done);
    } else {
        asio::async_write(socket_, asio::buffer(writing_.front()), done);
    }
}

void Connection::write() {
    if (closed_ || finishing_ || !writing_.empty()) return;
    do {
        writing_ = session_->take_output();
        const bool done = writing_.empty();
        if (done && !session_->finished()) return go_on();
        if (!done && let_send()) continue;
        take_back();
        if (closed_) return;
        if (writing_.empty()) return finish();
        if (!tls_ && writing_.size() == 1) write_at_once();
        if (closed_) return;
    } while (writing_.empty());
    write_rest();
    go_on();
}

void Connection::write_rest() {
    std::vector<asio::const_buffer> buffers;
    for (const std::string& piece : writing_) buffers.emplace_back(piece.data(), piece.size());
    const auto done = [self = shared_from_this()](const Error& error, std::size_t) {
        self->on_written(error);
    };
    if (tls_) {
        asio::async_write(*tls_, buffers, done);
    } else {
        asio::async_write(socket_, buffers, done);
    }
}

// Gives writing_ to the Sender, unless it is quicker to write it here.
bool Connection::let_send() {
    Sender* const sender = settings_->sender.get();
    if (!sender || tls_ || writing_.size() != 1) return false;
    // What comes after something that it has must go the same way.
    if (!outgoing_.is_sending() && !sender->is_worthwhile(settings_->options.answers_at_once())) {
        sender->send_late();
        return false;
    }
    if (outgoing_.socket < 0) {
        outgoing_.socket = socket_.native_handle();
        outgoing_.on_stuck = [weak = weak_from_this(), executor = socket_.get_executor()] {
            asio::post(executor, [weak] {
                if (const auto self = weak.lock()) self->on_stuck();
            });
        };
    }
    last_activity_ = std::chrono::steady_clock::now();
    sender->send(outgoing_, std::move(writing_.front()));
    writing_.clear();
    return true;
}

// Before something is written here: what the Sender could not send comes first.
void Connection::take_back() {
    outgoing_.wait();
    if (outgoing_.failed) return close();
    if (outgoing_.unsent.empty()) return;
    writing_.insert(writing_.begin(), std::exchange(outgoing_.unsent, {}));
}

void Connection::on_stuck() {
    if (closed_ || !writing_.empty()) return;
    take_back();
    if (!writing_.empty()) write_rest();
}

// What the socket takes now is gone; the rest of writing_ is left to Asio.
void Connection::write_at_once() {
    std::string& text = writing_.front();
    Error error;
    const std::size_t size = socket_.write_some(asio::buffer(text), error);
    if (error && error != asio::error::would_block) return close();
    if (error || size == 0) return;
    last_activity_ = std::chrono::steady_clock::now();
    text.erase(0, size);
    if (text.empty()) writing_.clear();
}

void Connection::on_written(const Error& error) {
    if (closed_) return;
    writing_.clear();
    last_activity_ = std::chrono::steady_clock::now();
    if (error) return close();
    write();
}

// Everything is answered. What the client may still be sending is read and dropped for a while.
void Connection::finish() {
    finishing_ = true;
    linger_timer_ = std::make_unique<asio::steady_timer>(socket_.get_executor(), kLinger);
    linger_timer_->async_wait([self = shared_from_this()](const Error&) { self->close(); });
    if (tls_) {
        tls_->async_shutdown([self = shared_from_this()](const Error&) { self->close(); });
        return;
    }
    if (input_ended_) return close();
    Error ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    read();
}

void Connection::close() {
    if (closed_) return;
    closed_ = true;
    outgoing_.wait();
    Error ignored;
    socket_.close(ignored);
    if (linger_timer_) linger_timer_->cancel();
    settings_->on_closed(*this);
}

std::optional<std::chrono::steady_clock::time_point> Connection::idle_since() const {
    if (session_ && session_->unanswered() > 0) return std::nullopt;
    return last_activity_;
}

}  // namespace sbemu
