// HTTP/2 (nghttp2), which some AWS clients insist on: facts/redirect.md 1.
#include <nghttp2/nghttp2.h>

#include <cstring>
#include <map>

#include "emulator/host/http/session.h"

namespace sbemu {
namespace {

constexpr std::uint32_t kMaximumStreams = 128;
// What a client may send before it hears from us: large enough for uploads at full speed.
constexpr std::int32_t kStreamWindow = 1 << 20;
constexpr std::int32_t kConnectionWindow = 16 << 20;
// What take_output gives at a time; large bodies come in several.
constexpr std::size_t kOutputPiece = 256 * 1024;

struct Stream {
    wire::HttpRequest request;
    std::size_t header_bytes = 0;
    bool handed_out = false;  // the handler has the request
    bool head = false;        // the answer has no body
    bool answered = false;
    std::string body;  // of the answer
    std::size_t sent = 0;
};

nghttp2_nv header_pair(std::string_view name, std::string_view value) {
    // nghttp2 copies them (NGHTTP2_NV_FLAG_NONE) but asks for pointers to mutable bytes.
    return {reinterpret_cast<std::uint8_t*>(const_cast<char*>(name.data())),
            reinterpret_cast<std::uint8_t*>(const_cast<char*>(value.data())), name.size(),
            value.size(), NGHTTP2_NV_FLAG_NONE};
}

std::string_view text_of(const std::uint8_t* bytes, std::size_t size) {
    return {reinterpret_cast<const char*>(bytes), size};
}

// RFC 9113 8.2.2: headers that are about the connection must not be sent.
bool allowed_in_http2(std::string_view name) {
    for (const std::string_view banned :
         {"connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"}) {
        if (same_header_name(name, banned)) return false;
    }
    return true;
}

class Http2Session : public HttpSession {
  public:
    Http2Session(const SessionOptions& options, OnRequest on_request)
        : options_(options), on_request_(std::move(on_request)) {
        nghttp2_session_callbacks* callbacks = nullptr;
        nghttp2_session_callbacks_new(&callbacks);
        nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin_headers);
        nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
        nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
        nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_stream_close);
        nghttp2_session_server_new(&session_, callbacks, this);
        nghttp2_session_callbacks_del(callbacks);

        const std::array settings{
            nghttp2_settings_entry{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, kMaximumStreams},
            nghttp2_settings_entry{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kStreamWindow},
            nghttp2_settings_entry{NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE,
                                   static_cast<std::uint32_t>(options.header_limit)}};
        nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
        nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, kConnectionWindow);
    }

    ~Http2Session() override { nghttp2_session_del(session_); }

    void receive(std::string_view bytes) override {
        if (broken_) return;
        const ssize_t used = nghttp2_session_mem_recv(
            session_, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
        // nghttp2 answers protocol errors itself; a negative result is beyond that.
        if (used < 0) {
            broken_ = true;
            nghttp2_session_terminate_session(session_, NGHTTP2_PROTOCOL_ERROR);
        }
    }

    void receive_end() override { ended_ = true; }

    void respond(std::uint64_t number, wire::HttpResponse response) override {
        const auto id = static_cast<std::int32_t>(number);
        const auto found = streams_.find(id);
        if (found == streams_.end() || !found->second.handed_out || found->second.answered) return;
        --unanswered_;
        submit(id, found->second, std::move(response));
    }

    std::vector<std::string> take_output() override {
        std::string output;
        while (output.size() < kOutputPiece) {
            const std::uint8_t* bytes = nullptr;
            const ssize_t size = nghttp2_session_mem_send(session_, &bytes);
            if (size < 0) broken_ = true;
            if (size <= 0) break;
            output.append(text_of(bytes, static_cast<std::size_t>(size)));
        }
        if (output.empty()) return {};
        return {std::move(output)};
    }

    bool finished() const override {
        if (ended_ && unanswered_ == 0) return nghttp2_session_want_write(session_) == 0;
        return broken_ || (nghttp2_session_want_read(session_) == 0 &&
                           nghttp2_session_want_write(session_) == 0);
    }
    // Flow control does it.
    bool paused() const override { return false; }
    std::size_t unanswered() const override { return unanswered_; }

  private:
    static Http2Session& self(void* user) { return *static_cast<Http2Session*>(user); }

    Stream* find(std::int32_t id) {
        const auto found = streams_.find(id);
        return found == streams_.end() ? nullptr : &found->second;
    }

    static int on_begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* user) {
        if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST) {
            self(user).streams_.try_emplace(frame->hd.stream_id);
        }
        return 0;
    }

    static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                         std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                         std::uint8_t, void* user) {
        Stream* stream = self(user).find(frame->hd.stream_id);
        if (!stream || stream->handed_out || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
        stream->header_bytes += name_size + value_size;
        if (stream->header_bytes > self(user).options_.header_limit)
            return 0;  // see on_headers_end
        const std::string_view header = text_of(name, name_size);
        const std::string_view text = text_of(value, value_size);
        wire::HttpRequest& request = stream->request;
        if (header == ":method") {
            request.method = text;
        } else if (header == ":path") {
            request.target = text;
        } else if (header == ":authority") {
            request.headers.emplace_back("Host", text);
        } else if (header == "host" && find_header(request.headers, "host")) {
            // It says the same as :authority (RFC 9113 8.3.1).
        } else if (header.substr(0, 1) != ":") {
            request.headers.emplace_back(header, text);
        }
        return 0;
    }

    static int on_data(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* bytes,
                       std::size_t size, void* user) {
        Stream* stream = self(user).find(id);
        if (!stream || stream->answered || stream->handed_out) return 0;
        if (stream->request.body.size() + size > self(user).options_.body_limit) {
            self(user).submit(
                id, *stream,
                body_too_large(self(user).options_.body_limit,
                               stream->request.header("authorization"), stream->request.target));
            return 0;
        }
        stream->request.body.append(text_of(bytes, size));
        return 0;
    }

    static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
        if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) return 0;
        const std::int32_t id = frame->hd.stream_id;
        Stream* stream = self(user).find(id);
        if (!stream || stream->handed_out || stream->answered) return 0;
        const bool ends = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
        if (frame->hd.type == NGHTTP2_HEADERS) self(user).on_headers_end(id, *stream, ends);
        if (ends && !stream->answered) self(user).hand_out(id, *stream);
        return 0;
    }

    static int on_stream_close(nghttp2_session*, std::int32_t id, std::uint32_t, void* user) {
        Http2Session& session = self(user);
        const Stream* stream = session.find(id);
        if (stream && stream->handed_out && !stream->answered) --session.unanswered_;
        session.streams_.erase(id);
        return 0;
    }

    // Gives nghttp2 the next bytes of an answer's body.
    static ssize_t read_body(nghttp2_session*, std::int32_t id, std::uint8_t* to, std::size_t space,
                             std::uint32_t* flags, nghttp2_data_source*, void* user) {
        Stream* stream = self(user).find(id);
        if (!stream) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
        const std::size_t size = std::min(space, stream->body.size() - stream->sent);
        std::memcpy(to, stream->body.data() + stream->sent, size);
        stream->sent += size;
        if (stream->sent == stream->body.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
        return static_cast<ssize_t>(size);
    }

    void on_headers_end(std::int32_t id, Stream& stream, bool ends) {
        if (stream.header_bytes > options_.header_limit) {
            submit(id, stream,
                   refusal(431, "RequestHeaderFieldsTooLarge",
                           "The request's headers are larger than sbemu accepts (" +
                               std::to_string(options_.header_limit) + " bytes)."));
            return;
        }
        const std::string* expect = find_header(stream.request.headers, "expect");
        if (!ends && expect && same_header_name(*expect, "100-continue")) {
            const nghttp2_nv status = header_pair(":status", "100");
            nghttp2_submit_headers(session_, NGHTTP2_FLAG_NONE, id, nullptr, &status, 1, nullptr);
        }
    }

    void hand_out(std::int32_t id, Stream& stream) {
        stream.handed_out = true;
        stream.head = stream.request.method == "HEAD";
        ++unanswered_;
        on_request_(static_cast<std::uint64_t>(id), std::move(stream.request));
    }

    void submit(std::int32_t id, Stream& stream, wire::HttpResponse response) {
        stream.answered = true;
        const bool bodyless = stream.head || response.status == 204 || response.status == 304;
        wire::Headers headers;
        headers.emplace_back(":status", std::to_string(response.status));
        for (auto& [name, value] : response.headers) {
            if (!allowed_in_http2(name)) continue;
            if (!stream.head && same_header_name(name, "content-length")) continue;
            std::transform(name.begin(), name.end(), name.begin(), [](char letter) {
                return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A'))
                                                      : letter;
            });
            headers.emplace_back(std::move(name), std::move(value));
        }
        headers.emplace_back("date", http_time(options_.clock()));
        if (!find_header(headers, "server")) headers.emplace_back("server", "sbemu");
        if (response.status != 204 && response.status != 304 &&
            !find_header(headers, "content-length")) {
            headers.emplace_back("content-length", std::to_string(response.body.size()));
        }
        std::vector<nghttp2_nv> pairs;
        for (const auto& [name, value] : headers) pairs.push_back(header_pair(name, value));
        if (!bodyless) stream.body = std::move(response.body);
        nghttp2_data_provider provider{};
        provider.read_callback = read_body;
        nghttp2_submit_response(session_, id, pairs.data(), pairs.size(),
                                stream.body.empty() ? nullptr : &provider);
    }

    const SessionOptions& options_;
    OnRequest on_request_;
    nghttp2_session* session_ = nullptr;
    std::map<std::int32_t, Stream> streams_;
    std::size_t unanswered_ = 0;
    bool ended_ = false;
    bool broken_ = false;
};

}  // namespace

std::unique_ptr<HttpSession> make_http2_session(const SessionOptions& options,
                                                HttpSession::OnRequest on_request) {
    return std::make_unique<Http2Session>(options, std::move(on_request));
}

}  // namespace sbemu
