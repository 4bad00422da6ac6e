#include "emulator/host/redirect/supervisor.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "emulator/host/redirect/connect_notification.h"
#include "emulator/host/redirect/name_server.h"

namespace sbemu {

struct Supervisor::State {
    std::uint16_t port = 0;
    mutable std::mutex mutex;
    std::condition_variable unwatched;
    std::optional<NameServer> name_server;
    FileDescriptor wake;                      // an eventfd: the listeners or `ending` changed
    std::map<int, FileDescriptor> listeners;  // by number
    bool ending = false;
    std::thread thread;

    std::uint16_t start();
    void wake_up();
    bool gather(std::vector<pollfd>& descriptors);
    void serve(const pollfd& ready);
    void run();
};

// Called with the mutex held.
std::uint16_t Supervisor::State::start() {
    if (thread.joinable()) return name_server->port();
    name_server.emplace();
    wake = FileDescriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    // Signals are for the threads that expect them.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread = std::thread([this] { run(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return name_server->port();
}

void Supervisor::State::wake_up() {
    const std::uint64_t one = 1;
    static_cast<void>(!write(wake.get(), &one, sizeof one));
}

// What to poll now; false when the thread is to end.
bool Supervisor::State::gather(std::vector<pollfd>& descriptors) {
    const std::lock_guard lock(mutex);
    descriptors.assign({{wake.get(), POLLIN, 0},
                        {name_server->client_socket(), POLLIN, 0},
                        {name_server->upstream_socket(), POLLIN, 0}});
    for (const auto& [number, listener] : listeners) descriptors.push_back({number, POLLIN, 0});
    return !ending;
}

void Supervisor::State::serve(const pollfd& ready) {
    if ((ready.revents & POLLIN) != 0) {
        answer_notification(ready.fd, {port, name_server->port()});
    } else if ((ready.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0) {
        // The last process with this filter has ended.
        const std::lock_guard lock(mutex);
        listeners.erase(ready.fd);
        unwatched.notify_all();
    }
}

void Supervisor::State::run() {
    pthread_setname_np(pthread_self(), "redirect");
    std::vector<pollfd> descriptors;
    while (gather(descriptors)) {
        if (poll(descriptors.data(), descriptors.size(), -1) < 0) continue;
        if (descriptors[0].revents != 0) {
            std::uint64_t count = 0;
            static_cast<void>(!read(wake.get(), &count, sizeof count));
        }
        if (descriptors[1].revents != 0) name_server->answer_clients();
        if (descriptors[2].revents != 0) name_server->pass_on_answers();
        for (std::size_t i = 3; i < descriptors.size(); ++i) serve(descriptors[i]);
    }
}

Supervisor::Supervisor(std::uint16_t port) : state_(std::make_unique<State>()) {
    state_->port = port;
}

Supervisor::~Supervisor() {
    if (!state_->thread.joinable()) return;
    {
        const std::lock_guard lock(state_->mutex);
        state_->ending = true;
    }
    state_->wake_up();
    state_->thread.join();
}

std::uint16_t Supervisor::start() {
    const std::lock_guard lock(state_->mutex);
    return state_->start();
}

void Supervisor::watch(FileDescriptor listener) {
    const std::lock_guard lock(state_->mutex);
    state_->start();
    const int number = listener.get();
    state_->listeners.emplace(number, std::move(listener));
    state_->wake_up();
}

std::size_t Supervisor::watched() const {
    const std::lock_guard lock(state_->mutex);
    return state_->listeners.size();
}

bool Supervisor::wait_until_unwatched(int timeout_ms) {
    std::unique_lock lock(state_->mutex);
    return state_->unwatched.wait_for(lock, std::chrono::milliseconds(timeout_ms),
                                      [this] { return state_->listeners.empty(); });
}

}  // namespace sbemu
