// HTTP/1.1. The one file that includes Beast, whose parser it drives.
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <deque>

#include "emulator/host/http/response_reader.h"
#include "emulator/host/http/session.h"

namespace sbemu {
namespace {

namespace http = boost::beast::http;

// Pipelined requests that may wait for their answers before reading stops.
constexpr std::size_t kMaximumWaiting = 64;
// Up to this size a body is copied behind its header: cheaper than a second buffer.
constexpr std::size_t kCopiedBody = 16UL * 1024;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

// A request under way, or the interim answer before one, in the order they came.
struct Slot {
    std::uint64_t number = 0;  // 0: an interim answer
    bool head = false;         // the answer has no body
    bool old_version = false;  // HTTP/1.0: keep-alive must be said
    bool close = false;        // no request comes after this one
    std::vector<std::string> output;
    bool ready = false;
};

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

std::string status_line(int status) {
    if (status == 200) return "HTTP/1.1 200 OK\r\n";
    std::string line = "HTTP/1.1 " + std::to_string(status) + " ";
    line += view(http::obsolete_reason(static_cast<http::status>(status)));
    return line + "\r\n";
}

// Beast's parser, straight into a wire::HttpRequest: its own message is a tree of fields, each
// allocated twice.
class RequestParser : public http::basic_parser<true> {
  public:
    wire::HttpRequest& request() { return request_; }
    const wire::HttpRequest& request() const { return request_; }
    bool is_old_version() const { return version_ < 11; }
    bool has_host() const { return has_host_; }
    const std::string& expectation() const { return expectation_; }

  private:
    using Error = boost::beast::error_code;
    using Text = boost::beast::string_view;

    void on_request_impl(http::verb, Text method, Text target, int version, Error&) override {
        constexpr std::size_t kUsualHeaders = 12;
        request_.headers.reserve(kUsualHeaders);
        request_.method = view(method);
        request_.target = view(target);
        version_ = version;
    }

    void on_field_impl(http::field field, Text name, Text value, Error&) override {
        if (field == http::field::host) has_host_ = true;
        if (field == http::field::expect && expectation_.empty()) expectation_ = view(value);
        request_.headers.emplace_back(view(name), view(value));
    }

    void on_body_init_impl(const boost::optional<std::uint64_t>& length, Error&) override {
        // Announced is not sent: memory is taken as it comes.
        constexpr std::uint64_t kMostAtOnce = 1UL << 20U;
        if (length) request_.body.reserve(std::min(*length, kMostAtOnce));
    }

    std::size_t on_body_impl(Text body, Error&) override {
        request_.body += view(body);
        return body.size();
    }

    std::size_t on_chunk_body_impl(std::uint64_t, Text body, Error&) override {
        request_.body += view(body);
        return body.size();
    }

    void on_response_impl(int, Text, int, Error&) override {}
    void on_header_impl(Error&) override {}
    void on_chunk_header_impl(std::uint64_t, Text, Error&) override {}
    void on_finish_impl(Error&) override {}

    wire::HttpRequest request_;
    std::string expectation_;
    int version_ = 11;
    bool has_host_ = false;
};

// Whether the bytes can be how a request begins: "PUT /". Used to tell a next request from what
// a client sent beyond its Content-Length.
bool could_start_request(std::string_view bytes) {
    constexpr std::size_t kLongestMethod = 24;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (c == ' ') return i > 0;
        const bool letter = (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
        if (!letter || i >= kLongestMethod) return false;
    }
    return true;
}

// A proxy's client writes "GET http://host/path": the path is what counts, Host is there too.
std::string_view without_authority(std::string_view target) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (target.substr(0, scheme.size()) != scheme) continue;
        const auto slash = target.find('/', scheme.size());
        return slash == std::string_view::npos ? "/" : target.substr(slash);
    }
    return target;
}

wire::HttpResponse refusal_of(boost::beast::error_code error, const RequestParser& parser,
                              const SessionOptions& options) {
    if (error == http::error::body_limit) {
        const wire::HttpRequest& request = parser.request();
        return body_too_large(options.body_limit, request.header("authorization"), request.target);
    }
    if (error == http::error::header_limit) {
        return refusal(431, "RequestHeaderFieldsTooLarge",
                       "The request's headers are larger than sbemu accepts (" +
                           std::to_string(options.header_limit) + " bytes).");
    }
    return refusal(400, "BadRequest", "This is not HTTP: " + error.message() + ".");
}

class Http1Session : public HttpSession {
  public:
    Http1Session(const SessionOptions& options, OnRequest on_request)
        : options_(options), on_request_(std::move(on_request)) {}

    void receive(std::string_view bytes) override {
        if (closing_) return;  // what comes after the last request is dropped
        if (leftover_.empty()) {
            leftover_.assign(bytes.substr(consume(bytes)));
        } else {
            leftover_.append(bytes);
            leftover_.erase(0, consume(leftover_));
        }
        if (closing_) leftover_ = {};
    }

    void receive_end() override {
        closing_ = true;
        parser_.reset();
    }

    void respond(std::uint64_t number, wire::HttpResponse response) override {
        for (Slot& slot : slots_) {
            if (slot.number != number || slot.ready) continue;
            fill(slot, std::move(response));
            --unanswered_;
            return;
        }
    }

    std::vector<std::string> take_output() override {
        std::vector<std::string> output;
        while (!slots_.empty() && slots_.front().ready) {
            for (std::string& piece : slots_.front().output) output.push_back(std::move(piece));
            slots_.pop_front();
        }
        return output;
    }

    bool finished() const override { return closing_ && slots_.empty(); }
    bool paused() const override { return slots_.size() >= kMaximumWaiting; }
    std::size_t unanswered() const override { return unanswered_; }

  private:
    // Reads requests; returns how many bytes are done with.
    std::size_t consume(std::string_view bytes) {
        std::size_t used = 0;
        while (!closing_ && !paused() && used < bytes.size()) {
            const std::string_view rest = bytes.substr(used);
            if (!parser_) {
                // RFC 9112 2.2: empty lines before a request are ignored.
                if (rest.front() == '\r' || rest.front() == '\n') {
                    ++used;
                    continue;
                }
                if (!could_start_request(rest)) {
                    refuse_beginning(rest);
                    break;
                }
                start_parser();
            }
            boost::beast::error_code error;
            const std::size_t parsed =
                parser_->put(boost::asio::const_buffer(rest.data(), rest.size()), error);
            used += parsed;
            if (error == http::error::need_more) error = {};
            if (error) {
                refuse(refusal_of(error, *parser_, options_));
                break;
            }
            if (parser_->is_header_done() && lacks_host()) {
                refuse(refusal(400, "BadRequest", "A request of HTTP/1.1 must have a Host."));
                break;
            }
            if (parser_->is_done()) {
                finish_request(bytes.substr(used));
                continue;
            }
            if (parser_->is_header_done() && !expect(used == bytes.size())) {
                refuse(refusal(417, "ExpectationFailed", "The only expectation is 100-continue."));
                break;
            }
            if (parsed == 0) break;
        }
        return used;
    }

    // RFC 9112 3.2.
    bool lacks_host() const { return !parser_->is_old_version() && !parser_->has_host(); }

    void start_parser() {
        parser_.emplace();
        parser_->header_limit(static_cast<std::uint32_t>(options_.header_limit));
        parser_->body_limit(options_.body_limit);
        parser_->eager(true);
        expectation_seen_ = false;
    }

    // "Expect: 100-continue": the body comes when we say so.
    // False if it expects anything else.
    bool expect(bool body_still_to_come) {
        if (expectation_seen_) return true;
        expectation_seen_ = true;
        const std::string& expected = parser_->expectation();
        if (parser_->is_old_version() || expected.empty()) return true;
        if (!boost::beast::iequals(expected, "100-continue")) return false;
        if (!body_still_to_come) return true;
        Slot slot;
        slot.output.emplace_back(kContinue);
        slot.ready = true;
        slots_.push_back(std::move(slot));
        return true;
    }

    // `next` is what the client has sent after it.
    void finish_request(std::string_view next) {
        wire::HttpRequest request = std::move(parser_->request());
        Slot slot;
        slot.number = ++last_number_;
        slot.head = request.method == "HEAD";
        slot.old_version = parser_->is_old_version();
        last_had_body_ = !request.body.empty();
        slot.close = !parser_->keep_alive() || is_garbage(next);
        closing_ = slot.close;
        parser_.reset();
        const std::string_view target = without_authority(request.target);
        if (target.size() != request.target.size()) request.target = std::string(target);
        slots_.push_back(std::move(slot));
        ++unanswered_;
        on_request_(last_number_, std::move(request));
    }

    // Old Node clients count Content-Length in UTF-16 units and so send more bytes than they
    // announce (facts/streambot.md 4.5): the request is answered, the rest dropped.
    bool is_garbage(std::string_view next) const {
        return last_had_body_ && !next.empty() && next.front() != '\r' && next.front() != '\n' &&
               !could_start_request(next);
    }

    void refuse_beginning(std::string_view bytes) {
        if (!is_garbage(bytes)) {
            refuse(refusal(400, "BadRequest", "This is not HTTP: no request begins like this."));
            return;
        }
        closing_ = true;
        if (!slots_.empty()) slots_.back().close = true;
    }

    void refuse(wire::HttpResponse response) {
        parser_.reset();
        closing_ = true;
        Slot slot;
        slot.close = true;
        fill(slot, std::move(response));
        slots_.push_back(std::move(slot));
    }

    // The header of this second: many answers go out in one.
    const std::string& date() {
        const auto second = std::chrono::floor<std::chrono::seconds>(options_.clock());
        if (date_.empty() || second != date_second_) {
            date_ = "Date: " + http_time(second) + "\r\n";
            date_second_ = second;
        }
        return date_;
    }

    void fill(Slot& slot, wire::HttpResponse response) {
        const bool bodyless = response.status == 204 || response.status == 304;
        std::string head;
        head.reserve(256 + (response.body.size() <= kCopiedBody ? response.body.size() : 0));
        head += status_line(response.status);
        for (const auto& [name, value] : response.headers) {
            // A HEAD answer tells the length of the body it does not have.
            if (!slot.head && same_header_name(name, "Content-Length")) continue;
            head += name;
            head += ": ";
            head += value;
            head += "\r\n";
        }
        head += date();
        if (!find_header(response.headers, "Server")) head += "Server: sbemu\r\n";
        const bool length_told = slot.head && find_header(response.headers, "Content-Length");
        if (!bodyless && !length_told) {
            head += "Content-Length: ";
            head += std::to_string(response.body.size());
            head += "\r\n";
        }
        if (slot.close) {
            head += "Connection: close\r\n";
        } else if (slot.old_version) {
            head += "Connection: keep-alive\r\n";
        }
        head += "\r\n";
        if (slot.head || bodyless) {
            response.body.clear();
        } else if (response.body.size() <= kCopiedBody) {
            head += response.body;
            response.body.clear();
        }
        slot.output.push_back(std::move(head));
        if (!response.body.empty()) slot.output.push_back(std::move(response.body));
        slot.ready = true;
    }

    const SessionOptions& options_;
    OnRequest on_request_;
    std::optional<RequestParser> parser_;  // of the request being read
    bool expectation_seen_ = false;
    std::string leftover_;  // received, but too little to go on with
    std::deque<Slot> slots_;
    std::string date_;
    std::chrono::sys_seconds date_second_{};
    std::uint64_t last_number_ = 0;
    std::size_t unanswered_ = 0;
    bool last_had_body_ = false;
    bool closing_ = false;  // no further request is read
};

}  // namespace

std::unique_ptr<HttpSession> make_http1_session(const SessionOptions& options,
                                                HttpSession::OnRequest on_request) {
    return std::make_unique<Http1Session>(options, std::move(on_request));
}

struct ResponseReader::State {
    http::response_parser<http::string_body> parser;
    std::string leftover;
};

ResponseReader::ResponseReader() : state_(std::make_unique<State>()) {
    state_->parser.eager(true);
    state_->parser.body_limit(boost::none);
}
ResponseReader::~ResponseReader() = default;

std::optional<wire::HttpResponse> ResponseReader::receive(std::string_view bytes) {
    auto& [parser, leftover] = *state_;
    leftover.append(bytes);
    boost::beast::error_code error;
    while (!leftover.empty() && !parser.is_done()) {
        const std::size_t used =
            parser.put(boost::asio::const_buffer(leftover.data(), leftover.size()), error);
        leftover.erase(0, used);
        if (error == http::error::need_more || used == 0) break;
        if (error) break;
    }
    if (error && error != http::error::need_more) throw std::runtime_error(error.message());
    if (!parser.is_done()) return std::nullopt;
    return take();
}

wire::HttpResponse ResponseReader::receive_end() {
    if (!state_->parser.got_some()) {
        throw std::runtime_error("the connection was closed without an answer");
    }
    boost::beast::error_code error;
    state_->parser.put_eof(error);
    if (error || !state_->parser.is_done()) throw std::runtime_error("the answer is incomplete");
    return take();
}

wire::HttpResponse ResponseReader::take() {
    auto message = state_->parser.release();
    wire::HttpResponse response;
    response.status = static_cast<int>(message.result_int());
    for (const auto& field : message) {
        response.headers.emplace_back(view(field.name_string()), view(field.value()));
    }
    response.body = std::move(message.body());
    return response;
}

}  // namespace sbemu
