#include "emulator/host/redirect/redirect.h"

#include <map>
#include <mutex>

#include "emulator/host/redirect/preload_library.h"
#include "emulator/host/redirect/redirected_environment.h"
#include "emulator/host/redirect/supervisor.h"
#include "emulator/host/tls/certificate_bundle.h"

namespace sbemu {
namespace {

// FNV-1a, for a file name: std::hash may differ between builds that share a state folder.
std::string name_of_bundle(const std::filesystem::path& trusted) {
    if (trusted.empty()) return "ca-bundle.pem";
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char letter : trusted.string()) {
        hash = (hash ^ static_cast<std::uint8_t>(letter)) * 0x100000001b3U;
    }
    return "ca-bundle-" + std::to_string(hash) + ".pem";
}

}  // namespace

struct Redirect::State {
    explicit State(RedirectSettings given) : settings(std::move(given)), supervisor(settings.port) {
        settings.folder = std::filesystem::absolute(settings.folder);
        settings.certificate_authority = std::filesystem::absolute(settings.certificate_authority);
    }

    std::filesystem::path preload_library();
    std::filesystem::path bundle(const std::filesystem::path& trusted);
    Environment environment(Environment given, RedirectedChild kind);

    RedirectSettings settings;
    Supervisor supervisor;
    std::mutex mutex;
    std::filesystem::path written_library;
    std::optional<std::filesystem::path> certificate_folder;  // once it was looked for
    std::map<std::filesystem::path, std::filesystem::path> written_bundles;  // by what is trusted
};

std::filesystem::path Redirect::State::preload_library() {
    if (!settings.preload) return {};
    const std::lock_guard lock(mutex);
    if (written_library.empty()) written_library = write_preload_library(settings.folder);
    return written_library;
}

std::filesystem::path Redirect::State::bundle(const std::filesystem::path& trusted) {
    const std::lock_guard lock(mutex);
    std::error_code ignored;
    // A variable that names no file helps nobody; and what we have made is good as it is.
    const bool usable = std::filesystem::is_regular_file(trusted, ignored);
    const std::filesystem::path source = usable ? trusted : std::filesystem::path();
    for (const auto& [known, written] : written_bundles) {
        if (source == known || source == written) return written;
    }
    auto target = settings.folder / name_of_bundle(source);
    write_certificate_bundle(source, settings.certificate_authority, target);
    written_bundles.emplace(source, target);
    return target;
}

Environment Redirect::State::environment(Environment given, RedirectedChild kind) {
    RedirectedEnvironment wanted;
    wanted.kind = kind;
    wanted.port = settings.port;
    wanted.name_server_port = supervisor.start();
    wanted.preload_library = preload_library();
    wanted.certificate_authority = settings.certificate_authority;
    if (!certificate_folder) certificate_folder = system_certificate_folder();
    wanted.certificate_folder = *certificate_folder;
    wanted.bundle = [this](const std::filesystem::path& trusted) { return bundle(trusted); };
    return redirected_environment(std::move(given), wanted);
}

Redirect::Redirect(RedirectSettings settings)
    : state_(std::make_unique<State>(std::move(settings))) {}

Redirect::~Redirect() = default;

Environment Redirect::environment(Environment environment, RedirectedChild kind) {
    return state_->environment(std::move(environment), kind);
}

RedirectedProcess Redirect::start(ProcessOptions options, RedirectedChild kind) {
    const char* outer = find_variable(options.environment, "SBEMU_EXEC");
    const bool is_nested = outer != nullptr && std::string_view(outer) == "1";
    options.environment = state_->environment(std::move(options.environment), kind);
    options.notify_on_connect = state_->settings.seccomp && !is_nested;
    RedirectedProcess started{Process::start(options), state_->settings.preload, false, 0};
    started.seccomp_error = started.process.listener_error;
    if (started.process.listener) {
        started.seccomp = true;
        state_->supervisor.watch(std::move(started.process.listener));
    }
    return started;
}

std::size_t Redirect::watched() const { return state_->supervisor.watched(); }

bool Redirect::wait_until_unwatched(std::chrono::milliseconds timeout) {
    return state_->supervisor.wait_until_unwatched(static_cast<int>(timeout.count()));
}

}  // namespace sbemu
