// The program's `operator new`: small blocks that are deleted are kept by their thread for the next
// of their size. A call allocates some fifty and several calls are under way at once, which is more
// than the seven of each size that glibc keeps so (docs/PERFORMANCE.md).
//
// glibc no longer sees that a block is deleted twice: builds with a sanitizer, which have its
// `operator new`, do.
#include <malloc.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <new>

#ifndef SBEMU_SANITIZED
namespace {

// Blocks of glibc hold 24, 40, 56 ... bytes: list number 1, 2, 3 ...
constexpr std::size_t kStep = 16;
constexpr std::size_t kSmallest = 24;
constexpr std::size_t kLists = 65;
constexpr std::size_t kLargest = kSmallest + (kLists - 2) * kStep;
constexpr std::size_t kMostOfOneSize = 64;

// The first list whose blocks are large enough.
std::size_t list_for(std::size_t size) { return (std::max(size, kSmallest) + 7) / kStep; }
// The last list whose blocks are not larger.
std::size_t list_of(std::size_t usable) { return (usable - 8) / kStep; }

struct Block {
    Block* next;
};

struct Kept {
    Block* first;
    std::size_t count;
};

// Initialized without a constructor: memory is allocated before any runs.
constinit thread_local std::array<Kept, kLists> kept{};

// When its thread ends, what is kept goes back to glibc, and no more is kept after. A thread has
// one once it has used it: hence the member.
struct AtThreadEnd {
    bool is_wanted = false;

    ~AtThreadEnd() {
        for (Kept& blocks : kept) {
            blocks.count = kMostOfOneSize;
            while (Block* const block = blocks.first) {
                blocks.first = block->next;
                std::free(block);
            }
        }
    }
};
thread_local AtThreadEnd at_thread_end;

void* allocate(std::size_t size) {
    if (size <= kLargest) {
        Kept& blocks = kept[list_for(size)];
        if (Block* const block = blocks.first) {
            blocks.first = block->next;
            --blocks.count;
            return block;
        }
    }
    return std::malloc(size);
}

void release(void* memory) {
    if (!memory) return;
    const std::size_t index = list_of(malloc_usable_size(memory));
    if (index < kept.size() && kept[index].count < kMostOfOneSize) {
        Kept& blocks = kept[index];
        if (blocks.count == 0) at_thread_end.is_wanted = true;
        auto* const block = static_cast<Block*>(memory);
        block->next = blocks.first;
        blocks.first = block;
        ++blocks.count;
        return;
    }
    std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) {
    while (true) {
        if (void* const memory = allocate(size)) return memory;
        if (const std::new_handler handler = std::get_new_handler()) {
            handler();
        } else {
            throw std::bad_alloc();
        }
    }
}
void operator delete(void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t /*size*/) noexcept { release(memory); }

#endif
