// An io_context that runs in a thread of its own, as the emulator's does in the binary.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <thread>

namespace sbemu {

class LoopThread {
  public:
    LoopThread() : work_(boost::asio::make_work_guard(io_)), thread_([this] { io_.run(); }) {}
    ~LoopThread() {
        io_.stop();
        thread_.join();
    }
    LoopThread(const LoopThread&) = delete;
    LoopThread& operator=(const LoopThread&) = delete;

    boost::asio::io_context& io() { return io_; }

    // Runs it in the thread and waits until it is done; what it throws is thrown here.
    template <class Work>
    void run(Work work) {
        std::packaged_task<void()> task(std::move(work));
        auto done = task.get_future();
        boost::asio::post(io_, [&task] { task(); });
        done.get();
    }

  private:
    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    std::thread thread_;
};

}  // namespace sbemu
