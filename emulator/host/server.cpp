#include "emulator/host/server.h"

#include <malloc.h>

#include "emulator/host/control_api.h"
#include "emulator/host/emulator.h"
#include "emulator/host/functions/functions.h"
#include "emulator/host/gateway.h"
#include "emulator/host/http/http_server.h"
#include "emulator/host/redirect/redirect.h"
#include "emulator/host/snapshots.h"
#include "emulator/host/state_folder.h"
#include "emulator/host/tls/certificate_authority.h"

namespace sbemu {
namespace {

// Packages of megabytes go through memory several times. As glibc is set up, each of their buffers
// is given back to the kernel and comes again as zeroed pages: a fifth of the time that the
// deployment of two stacks takes.
void keep_large_buffers() {
#if defined(__GLIBC__)
    constexpr int kLargestKept = 32 * 1024 * 1024;  // glibc's most
    mallopt(M_MMAP_THRESHOLD, kLargestKept);
    mallopt(M_TRIM_THRESHOLD, 2 * kLargestKept);
#endif
}

StateFolder open_folder(const ServerOptions& options) {
    return options.state_folder ? StateFolder::open(*options.state_folder)
                                : StateFolder::ephemeral();
}

EmulatorOptions emulator_options(const StateFolder& folder, const ServerOptions& options) {
    EmulatorOptions chosen;
    chosen.database = folder.database();
    chosen.empty_state = options.empty_state;
    chosen.clock = options.clock;
    chosen.latency = options.latency;
    chosen.seed = options.seed;
    if (options.paused) {
        chosen.paused = true;
        chosen.clock = ClockMode::virtual_time;
        chosen.wall = [] { return Time{}; };  // the events bring their own
    }
    return chosen;
}

std::time_t seconds_of(Time time) { return static_cast<std::time_t>(to_milliseconds(time) / 1000); }

// The emulator as running functions see it.
class EmulatorOfFunctions : public FunctionHost {
  public:
    explicit EmulatorOfFunctions(Emulator& emulator) : emulator_(emulator) {}

    void submit(Event event) override { emulator_.submit(std::move(event)); }
    Time now() override { return emulator_.now(); }
    Duration ahead() override { return emulator_.clock_ahead(); }
    void raise_busy() override { emulator_.raise_busy(); }
    void lower_busy() override { emulator_.lower_busy(); }
    std::string blob(std::string_view hash) override { return emulator_.kernel().blob(hash); }

  private:
    Emulator& emulator_;
};

}  // namespace

struct Server::Parts {
    Parts(boost::asio::io_context& io, const Registry& registry, ServerOptions chosen)
        : options(std::move(chosen)),
          folder(open_folder(options)),
          authority(folder.path(),
                    folder.is_ephemeral() ? CertificateAuthority::Kind::ephemeral
                                          : CertificateAuthority::Kind::stored,
                    [this] { return seconds_of(emulator.now()); }),
          emulator(io, registry, emulator_options(folder, options)),
          snapshots(folder.is_ephemeral() ? std::nullopt
                                          : std::optional(folder.path() / "snapshots")),
          control(emulator, snapshots, control_settings()),
          gateway(
              emulator, control,
              [this](std::string_view token) { return functions.find_caller(token); },
              options.log_calls),
          listener(
              io,
              [this](wire::HttpRequest request, HttpListener::Respond respond) {
                  gateway.handle(std::move(request), std::move(respond));
              },
              http_options()),
          function_host(emulator),
          functions(io, function_host, function_settings()) {
        port = listener.listen(options.address, options.port);
        emulator.on_effect("lambda.",
                           [this](const Effect& effect) { functions.carry_out(effect); });
        emulator.on_replaced([this] { functions.forget(); });
        emulator.on_clock_moved([this] { functions.follow_clock(); });
        emulator.start();
    }

    ControlSettings control_settings() {
        return {options.version, folder.is_ephemeral() ? "memory" : folder.path().string(),
                [this] { return authority.certificate(); }};
    }

    HttpOptions http_options() {
        HttpOptions http;
        http.clock = [this] { return emulator.now(); };
        http.answers_at_once = [this] { return emulator.answers_at_once(); };
        http.tls_context = [this] {
            if (!tls) tls = authority.tls_context();
            return tls.get();
        };
        return http;
    }

    FunctionSettings function_settings() {
        FunctionSettings settings;
        settings.folder = folder.path() / "functions";
        settings.node_path = options.node_path;
        settings.start = [this](ProcessOptions process) {
            return redirected().start(std::move(process), RedirectedChild::lambda).process;
        };
        return settings;
    }

    // Through which functions reach the emulator; made with the first of them.
    Redirect& redirected() {
        if (!redirect) {
            RedirectSettings settings;
            settings.port = port;
            settings.certificate_authority = authority.certificate_file();
            settings.folder = folder.path() / "redirect";
            redirect = std::make_unique<Redirect>(std::move(settings));
        }
        return *redirect;
    }

    ServerOptions options;
    StateFolder folder;
    CertificateAuthority authority;
    TlsContext tls;  // made when the first client speaks TLS
    Emulator emulator;
    Snapshots snapshots;
    ControlApi control;
    Gateway gateway;
    HttpListener listener;
    std::uint16_t port = 0;
    std::unique_ptr<Redirect> redirect;
    EmulatorOfFunctions function_host;
    Functions functions;
};

Server::Server(boost::asio::io_context& io, const Registry& registry, ServerOptions options)
    : parts_(std::make_unique<Parts>(io, registry, std::move(options))) {
    keep_large_buffers();
}

Server::~Server() = default;

std::uint16_t Server::port() const { return parts_->port; }

std::string Server::url() const {
    std::string host = parts_->options.address;
    if (host == "0.0.0.0" || host == "localhost") host = "127.0.0.1";
    if (host == "::") host = "::1";
    if (host.find(':') != std::string::npos) host = "[" + host + "]";
    return "http://" + host + ":" + std::to_string(parts_->port);
}

const std::filesystem::path& Server::folder() const { return parts_->folder.path(); }

std::filesystem::path Server::certificate_file() { return parts_->authority.certificate_file(); }

Emulator& Server::emulator() { return parts_->emulator; }

}  // namespace sbemu
