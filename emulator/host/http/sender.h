// Sends answers in a thread of its own, so that the thread that applies events goes on meanwhile:
// to hand an answer to the kernel takes a third of a small call's time (docs/PERFORMANCE.md).
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace sbemu {

// What the Sender has of one socket. The socket stays open, and this where it is, as long as
// is_sending().
class Outgoing {
  public:
    int socket = -1;
    // Called once by the thread that sends, when the socket does not take all that it is given: the
    // rest and all that comes after it is kept in `unsent`.
    std::function<void()> on_stuck;

    // Whether the Sender has texts that it has not come to.
    bool is_sending() const { return waiting_.load(std::memory_order_acquire) > 0; }
    // Until it has come to all of them; no longer than it takes to copy them, as it waits for no
    // client.
    void wait() const;

    // To be looked at only when nothing is being sent.
    std::string unsent;
    bool failed = false;  // the client is gone

  private:
    friend class Sender;

    void send(std::string_view text);

    std::atomic<std::size_t> waiting_{0};
};

// Everything but the thread itself belongs to one thread.
class Sender {
  public:
    Sender() = default;
    ~Sender();  // after sending what it was given
    Sender(const Sender&) = delete;
    Sender& operator=(const Sender&) = delete;

    // Whether it is quicker than to send oneself, for one of so many answers that are given at
    // once: not if the thread sleeps and there is nothing to do but to wake it, nor if it already
    // has as many to send.
    bool is_worthwhile(std::size_t at_once) const;
    // Sends here what the thread has not begun: where it has so much left, others have the
    // processor. What comes after a text that it is sending to the same socket stays with it.
    void send_late();
    // In the order in which they are given, per socket. The thread begins with the first.
    void send(Outgoing& outgoing, std::string text);

  private:
    struct Item {
        Outgoing* outgoing = nullptr;
        std::string text;
    };

    void run();
    void look_out() const;
    void send(const Item& item);

    std::thread thread_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Item> items_;
    const Outgoing* sending_ = nullptr;  // what the thread is sending to
    bool ends_ = false;
    std::atomic<std::size_t> given_{0};
    std::atomic<std::size_t> sent_{0};
    std::atomic<bool> awake_{false};
};

}  // namespace sbemu
