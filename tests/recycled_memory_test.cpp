// The program's own `operator new` (emulator/core/recycled_memory.cpp). Sanitized builds have the
// sanitizer's.
#include <malloc.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <mutex>
#include <new>
#include <random>
#include <thread>
#include <utility>
#include <vector>

namespace sbemu {
namespace {

// A block with its own size and mark in every byte.
class Marked {
  public:
    Marked(std::size_t size, unsigned char mark)
        : bytes_(static_cast<unsigned char*>(::operator new(size))), size_(size), mark_(mark) {
        std::memset(bytes_, mark_, size_);
    }
    Marked(Marked&& other) noexcept
        : bytes_(std::exchange(other.bytes_, nullptr)), size_(other.size_), mark_(other.mark_) {}
    Marked& operator=(Marked&& other) noexcept {
        std::swap(bytes_, other.bytes_);
        std::swap(size_, other.size_);
        std::swap(mark_, other.mark_);
        return *this;
    }
    Marked(const Marked&) = delete;
    Marked& operator=(const Marked&) = delete;
    ~Marked() { ::operator delete(bytes_); }

    bool is_whole() const {
        return std::all_of(bytes_, bytes_ + size_, [&](unsigned char at) { return at == mark_; });
    }

  private:
    unsigned char* bytes_;
    std::size_t size_;
    unsigned char mark_;
};

}  // namespace

TEST_CASE("memory: blocks of every size keep what is in them", "[memory]") {
    for (int round = 0; round < 3; ++round) {
        std::vector<Marked> blocks;
        for (std::size_t size = 0; size < 1200; ++size) {
            blocks.emplace_back(size, static_cast<unsigned char>(size * 7));
            blocks.emplace_back(size, static_cast<unsigned char>(size * 13));
        }
        CHECK(std::all_of(blocks.begin(), blocks.end(), [](auto& at) { return at.is_whole(); }));
    }
}

TEST_CASE("memory: blocks are deleted by other threads than made them", "[memory]") {
    std::mutex mutex;
    std::vector<Marked> shared;
    shared.reserve(500);
    for (int i = 0; i < 500; ++i) shared.emplace_back(1, static_cast<unsigned char>(i));
    std::size_t broken = 0;
    const auto play = [&](unsigned seed) {
        std::mt19937 random(seed);
        for (int i = 0; i < 20000; ++i) {
            Marked made(random() % 1200, static_cast<unsigned char>(random()));
            const std::lock_guard lock(mutex);
            Marked& place = shared[random() % shared.size()];
            if (!place.is_whole()) ++broken;
            place = std::move(made);
        }
    };
    std::vector<std::thread> threads;
    for (unsigned seed = 0; seed < 4; ++seed) threads.emplace_back(play, seed);
    for (std::thread& thread : threads) thread.join();
    CHECK(broken == 0);
}

#ifndef SBEMU_SANITIZED

TEST_CASE("memory: small blocks that are deleted are kept, some of each size", "[memory]") {
    static constexpr std::size_t kSize = 500;
    const auto kept_of = [](std::size_t count) {
        std::vector<Marked> blocks;
        blocks.reserve(count);
        for (std::size_t i = 0; i < count; ++i) blocks.emplace_back(kSize, '\0');
        const std::size_t before = mallinfo2().uordblks;
        while (!blocks.empty()) blocks.pop_back();
        return kSize * count - std::min(kSize * count, before - mallinfo2().uordblks);
    };
    CHECK(kept_of(60) > 50 * kSize);  // glibc would keep seven
    CHECK(kept_of(1000) < 100 * kSize);
}

TEST_CASE("memory: a thread that ends gives back what it kept", "[memory]") {
    const auto keep_much = [] {
        std::vector<Marked> blocks;
        for (std::size_t size = 0; size < 1000; ++size) {
            for (int i = 0; i < 10; ++i) blocks.emplace_back(size, '\0');
        }
    };
    const auto run = [&](int threads) {
        for (int i = 0; i < threads; ++i) std::thread(keep_much).join();
    };
    run(4);
    const std::size_t before = mallinfo2().uordblks;
    run(40);  // each keeps two megabytes until it ends
    CHECK(mallinfo2().uordblks < before + 1024UL * 1024);
}

#endif

}  // namespace sbemu
