#include "buffers.h"

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
  int64_t generation = 0;
};

constexpr size_t HUGE_PAGE = size_t{1} << 21;
constexpr int64_t SLOTS = int64_t{1} << 24;  // handle = generation · SLOTS + slot

std::mutex lock;
std::vector<Slot> slots;
std::vector<int64_t> freeSlots;
std::map<size_t, std::vector<void*>> cache;  // by rounded size
size_t liveBytes = 0, cachedBytes = 0, liveBlocks = 0, peakBytes = 0;

/** Eight sizes to a power of two, so that blocks can be used again for tensors of nearly the same size. */
size_t roundedSize(size_t bytes) {
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
  if (bytes > (size_t{1} << 46)) throw Failure("A tensor of " + std::to_string(bytes) + " bytes is too large.");
  const size_t size = roundedSize(bytes);
  void* block = take(size);
  if (block == nullptr)
    throw Failure("Out of memory: " + std::to_string(bytes) + " more bytes were asked for with " +
                  std::to_string(liveBytes) + " in use.");
  liveBytes += size;
  if (liveBytes > peakBytes) peakBytes = liveBytes;
  return block;
}

void giveBack(void* block, size_t bytes) {
  const size_t size = roundedSize(bytes);
  liveBytes -= size;
  cachedBytes += size;
  cache[size].push_back(block);
}

Slot& slotOf(Handle handle) {
  const int64_t index = handle % SLOTS;
  if (handle < 0 || index >= (int64_t)slots.size() || slots[index].block == nullptr ||
      slots[index].generation != handle / SLOTS)
    throw Failure("The tensor's data was disposed, or is not this engine's.");
  return slots[index];
}

}  // namespace

namespace {

Handle newHandle(Block* block, size_t offset, size_t bytes) {
  const int64_t index = freeSlots.back();
  freeSlots.pop_back();
  Slot& slot = slots[index];
  slot.block = block;
  slot.offset = offset;
  slot.bytes = bytes;
  return slot.generation * SLOTS + index;
}

void needSlot() {
  if (!freeSlots.empty()) return;
  if ((int64_t)slots.size() >= SLOTS) throw Failure("Too many tensors are alive.");
  slots.emplace_back();
  freeSlots.push_back((int64_t)slots.size() - 1);
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
  if (offset > slot.bytes || bytes > slot.bytes - offset) throw Failure("A view reaches past its tensor.");
  slot.block->users++;
  return newHandle(slot.block, slot.offset + offset, bytes);
}

void release(Handle handle) {
  std::lock_guard<std::mutex> guard(lock);
  Slot& slot = slotOf(handle);
  if (--slot.block->users == 0) {
    giveBack(slot.block->memory, slot.block->bytes);
    delete slot.block;
    liveBlocks--;
  }
  slot.block = nullptr;
  slot.generation++;
  freeSlots.push_back(handle % SLOTS);
}

void* address(Handle handle, size_t bytes) {
  std::lock_guard<std::mutex> guard(lock);
  const Slot& slot = slotOf(handle);
  if (bytes > slot.bytes)
    throw Failure("A tensor of " + std::to_string(slot.bytes) + " bytes was used as one of " + std::to_string(bytes) +
                  ".");
  return static_cast<char*>(slot.block->memory) + slot.offset;
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
