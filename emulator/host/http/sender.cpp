#include "emulator/host/http/sender.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <iterator>
#include <vector>

namespace sbemu {
namespace {

// So long the thread looks for more before it sleeps: to wake it takes 30 us of the other thread's
// time on a virtual machine.
constexpr std::chrono::microseconds kLooksOut{50};

}  // namespace

void Outgoing::wait() const {
    while (is_sending()) std::this_thread::yield();
}

void Outgoing::send(std::string_view text) {
    if (failed) return;
    if (unsent.empty()) {
        const ssize_t size = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (size == static_cast<ssize_t>(text.size())) return;
        if (size > 0) text.remove_prefix(static_cast<std::size_t>(size));
        failed = size < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR;
        on_stuck();
    }
    unsent += text;
}

Sender::~Sender() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

bool Sender::is_worthwhile(std::size_t at_once) const {
    if (at_once <= 1 && !awake_.load(std::memory_order_relaxed)) return false;
    return given_.load(std::memory_order_relaxed) - sent_.load(std::memory_order_relaxed) < at_once;
}

void Sender::send(Outgoing& outgoing, std::string text) {
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
    outgoing.waiting_.fetch_add(1, std::memory_order_relaxed);
    {
        const std::lock_guard lock(mutex_);
        items_.push_back({&outgoing, std::move(text)});
        given_.fetch_add(1, std::memory_order_relaxed);
    }
    wake_.notify_one();
}

void Sender::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        if (items_.empty() && !ends_) {
            lock.unlock();
            look_out();
            lock.lock();
            awake_.store(false, std::memory_order_relaxed);
            wake_.wait(lock, [this] { return ends_ || !items_.empty(); });
            awake_.store(true, std::memory_order_relaxed);
        }
        if (items_.empty()) return;
        // One by one: what it has taken waits when others get the processor.
        const Item item = std::move(items_.front());
        items_.pop_front();
        sending_ = item.outgoing;
        lock.unlock();
        send(item);
        lock.lock();
        sending_ = nullptr;
    }
}

// Until there is something to send, for a while. Others may have the processor.
void Sender::look_out() const {
    const auto until = std::chrono::steady_clock::now() + kLooksOut;
    while (given_.load(std::memory_order_relaxed) == sent_.load(std::memory_order_relaxed) &&
           std::chrono::steady_clock::now() < until) {
        std::this_thread::yield();
    }
}

void Sender::send_late() {
    if (given_.load(std::memory_order_relaxed) == sent_.load(std::memory_order_relaxed)) return;
    std::vector<Item> late;
    {
        const std::lock_guard lock(mutex_);
        const auto first =
            std::stable_partition(items_.begin(), items_.end(),
                                  [this](const Item& item) { return item.outgoing == sending_; });
        std::move(first, items_.end(), std::back_inserter(late));
        items_.erase(first, items_.end());
    }
    for (const Item& item : late) send(item);
}

void Sender::send(const Item& item) {
    item.outgoing->send(item.text);
    item.outgoing->waiting_.fetch_sub(1, std::memory_order_release);
    sent_.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace sbemu
