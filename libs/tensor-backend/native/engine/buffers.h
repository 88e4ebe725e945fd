// The tensors' memory: a caching allocator whose blocks JavaScript knows by handles, so that a stale or foreign handle
// is an error and never an address. A handle is good on the thread that it was made on alone: no other can release a
// block, or write it, while a call reads it.
#pragma once
#include <cstddef>
#include <cstdint>

namespace winnow {

using Handle = int64_t;

/** A new block, uninitialised, aligned to 64 bytes. Throws Failure when memory runs out. */
Handle allocate(size_t bytes);
/** A handle of its own to `bytes` of another's block from `offset` on; the block lives as long as either. */
Handle view(Handle handle, size_t offset, size_t bytes);
/** Gives the block back to the cache. Throws Failure for a handle that is not alive. */
void release(Handle handle);
/** Releases every handle of this thread. */
void releaseAll();

struct Span {
  void* at;
  size_t bytes;
};
/** A handle's memory; null for one that is not alive on this thread. */
Span spanOf(Handle handle);
/** The block's address, which must hold at least `bytes`. Throws Failure otherwise. */
void* address(Handle handle, size_t bytes);
/** Returns cached blocks to the system. */
void trim();

struct MemoryUse {
  size_t liveBytes, liveBlocks, cachedBytes, peakBytes;
};
MemoryUse memoryUse();

/** Working memory for the length of a scope, from the same cache. */
class Workspace {
 public:
  explicit Workspace(size_t bytes);
  ~Workspace();
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;
  template <class T>
  T* as() const { return static_cast<T*>(block_); }

 private:
  void* block_;
  size_t size_;
};

}  // namespace winnow
