#include "buffers.h"

#include <atomic>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <vector>
#ifdef __linux__
#include <sys/mman.h>
#endif

#include "failure.h"

namespace winnow {
namespace {

struct Block {
  void* memory;
  size_t bytes;  // asked for
  int users;
};

struct Slot {
  Block* block = nullptr;
  size_t offset = 0, bytes = 0;
  int64_t generation = 0, thread = 0;
};

constexpr size_t HUGE_PAGE = size_t{1} << 21;
constexpr int64_t SLOTS = int64_t{1} << 24;        // handle = generation · SLOTS + slot
constexpr int64_t GENERATIONS = int64_t{1} << 29;  // so that JavaScript's numbers hold a handle
/** Whether blocks have no byte to spare and none is used again, so that the sanitizer sees what reaches beyond. */
#if defined(__SANITIZE_ADDRESS__)
constexpr bool EXACT = true;
#else
constexpr bool EXACT = false;
#endif

std::mutex lock;
std::vector<Slot> slots;
std::vector<int64_t> freeSlots;
std::map<size_t, std::vector<void*>> cache;  // by rounded size
size_t liveBytes = 0, cachedBytes = 0, liveBlocks = 0, peakBytes = 0;

std::atomic<int64_t> threadsKnown{0};
/** Of a thread's own, never another's again. */
int64_t thisThread() {
  static thread_local const int64_t thread = ++threadsKnown;
  return thread;
}

/** Eight sizes to a power of two, so that blocks can be used again for tensors of nearly the same size. */
size_t roundedSize(size_t bytes) {
  if (EXACT) return bytes;
  if (bytes <= 4096) return bytes == 0 ? 64 : (bytes + 63) / 64 * 64;
  size_t step = 512;
  while (step * 16 < bytes) step *= 2;
  return (bytes + step - 1) / step * step;
}

void emptyCache() {
  for (auto& [size, blocks] : cache)
    for (void* block : blocks) std::free(block);
  cache.clear();
  cachedBytes = 0;
}

void freeLargest() {
  auto last = std::prev(cache.end());
  if (!last->second.empty()) {
    std::free(last->second.back());
    last->second.pop_back();
    cachedBytes -= last->first;
  }
  if (last->second.empty()) cache.erase(last);
}

void* fresh(size_t size) {
  const bool large = size >= 2 * HUGE_PAGE;
  const size_t alignment = large ? HUGE_PAGE : 64;
  void* block = nullptr;
  if (posix_memalign(&block, alignment, size) != 0) return nullptr;
#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  // Fewer page faults at first use and fewer misses of the address cache after.
  if (large) madvise(block, size, MADV_HUGEPAGE);
#endif
  return block;
}

void* take(size_t size) {
  auto found = cache.find(size);
  if (found != cache.end() && !found->second.empty()) {
    void* block = found->second.back();
    found->second.pop_back();
    cachedBytes -= size;
    return block;
  }
  // What is cached in other sizes may push the footprint only a little beyond what was needed at once before.
  const size_t most = peakBytes + peakBytes / 8 + (size_t{32} << 20);
  while (cachedBytes > 0 && liveBytes + cachedBytes + size > most) freeLargest();
  void* block = fresh(size);
  if (block == nullptr && cachedBytes > 0) {
    emptyCache();
    block = fresh(size);
  }
  return block;
}

void* obtain(size_t bytes) {
  if (bytes > (size_t{1} << 46)) throw Failure("a block of " + std::to_string(bytes) + " bytes is too large");
  const size_t size = roundedSize(bytes);
  void* block = take(size);
  if (block == nullptr)
    throw OutOfMemory("memory ran out: " + std::to_string(bytes) + " more bytes were asked for with " +
                      std::to_string(liveBytes) + " in use");
  liveBytes += size;
  if (liveBytes > peakBytes) peakBytes = liveBytes;
  return block;
}

void giveBack(void* block, size_t bytes) noexcept {
  const size_t size = roundedSize(bytes);
  liveBytes -= size;
  if (EXACT) return std::free(block);
  try {
    cache[size].push_back(block);
    cachedBytes += size;
  } catch (const std::bad_alloc&) {
    std::free(block);
  }
}

/** Null for a handle that is not alive on this thread. */
Slot* find(Handle handle) {
  const int64_t index = handle % SLOTS;
  if (handle < 0 || index >= (int64_t)slots.size()) return nullptr;
  Slot& slot = slots[index];
  const bool alive = slot.block != nullptr && slot.generation == handle / SLOTS && slot.thread == thisThread();
  return alive ? &slot : nullptr;
}

Slot& slotOf(Handle handle) {
  if (Slot* slot = find(handle)) return *slot;
  throw Failure("the tensor's data was disposed, or is not of this engine and thread");
}

Handle newHandle(Block* block, size_t offset, size_t bytes) {
  const int64_t index = freeSlots.back();
  freeSlots.pop_back();
  Slot& slot = slots[index];
  slot.block = block;
  slot.offset = offset;
  slot.bytes = bytes;
  slot.thread = thisThread();
  return slot.generation * SLOTS + index;
}

void needSlot() {
  if (!freeSlots.empty()) return;
  if ((int64_t)slots.size() >= SLOTS) throw Failure("too many tensors are alive");
  slots.emplace_back();
  // Room for all, so that releasing never needs memory.
  freeSlots.reserve(slots.capacity());
  freeSlots.push_back((int64_t)slots.size() - 1);
}

void empty(Slot& slot, int64_t index) noexcept {
  if (--slot.block->users == 0) {
    giveBack(slot.block->memory, slot.block->bytes);
    delete slot.block;
    liveBlocks--;
  }
  slot.block = nullptr;
  // One that has had all its generations stays empty.
  if (++slot.generation < GENERATIONS) freeSlots.push_back(index);
}

}  // namespace

Handle allocate(size_t bytes) {
  std::lock_guard<std::mutex> guard(lock);
  needSlot();
  Block* block = new Block{obtain(bytes), bytes, 1};
  liveBlocks++;
  return newHandle(block, 0, bytes);
}

Handle view(Handle handle, size_t offset, size_t bytes) {
  std::lock_guard<std::mutex> guard(lock);
  needSlot();
  const Slot slot = slotOf(handle);
  if (offset > slot.bytes || bytes > slot.bytes - offset) throw Failure("the view reaches past its tensor");
  slot.block->users++;
  return newHandle(slot.block, slot.offset + offset, bytes);
}

void release(Handle handle) {
  std::lock_guard<std::mutex> guard(lock);
  empty(slotOf(handle), handle % SLOTS);
}

void releaseAll() {
  std::lock_guard<std::mutex> guard(lock);
  for (size_t index = 0; index < slots.size(); index++)
    if (slots[index].block != nullptr && slots[index].thread == thisThread()) empty(slots[index], (int64_t)index);
}

Span spanOf(Handle handle) {
  std::lock_guard<std::mutex> guard(lock);
  const Slot* slot = find(handle);
  if (slot == nullptr) return {nullptr, 0};
  return {static_cast<char*>(slot->block->memory) + slot->offset, slot->bytes};
}

void* address(Handle handle, size_t bytes) {
  const Span span = spanOf(handle);
  if (span.at == nullptr) throw Failure("the tensor's data was disposed, or is not of this engine and thread");
  if (bytes > span.bytes)
    throw Failure("a tensor of " + std::to_string(span.bytes) + " bytes was used as one of " + std::to_string(bytes));
  return span.at;
}

void trim() {
  std::lock_guard<std::mutex> guard(lock);
  emptyCache();
}

MemoryUse memoryUse() {
  std::lock_guard<std::mutex> guard(lock);
  return {liveBytes, liveBlocks, cachedBytes, peakBytes};
}

Workspace::Workspace(size_t bytes) : size_(bytes) {
  std::lock_guard<std::mutex> guard(lock);
  block_ = obtain(bytes);
}

Workspace::~Workspace() {
  std::lock_guard<std::mutex> guard(lock);
  giveBack(block_, size_);
}

}  // namespace winnow
