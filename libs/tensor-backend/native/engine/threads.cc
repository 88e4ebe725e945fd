#include "threads.h"

#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "../kernels/kernels.h"
#include "buffers.h"

namespace winnow {
namespace {

void relaxProcessor() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

/** How long a worker looks for more work before it sleeps; a step's ops follow one another within microseconds. */
constexpr int SPINS = 4000;

using Task = std::function<void(int64_t, void*)>;

class Pool {
 public:
  int size() const { return size_.load(std::memory_order_relaxed); }

  void resize(int count) {
    // Calls that begin from here on do without the pool, so that it is free as soon as the one that has it ends.
    resizing_++;
    std::lock_guard<std::mutex> mine(busy_);
    resizing_--;
    if (count == size()) return;
    {
      std::lock_guard<std::mutex> guard(lock_);
      stopping_ = true;
    }
    wake_.notify_all();
    for (auto& worker : workers_) worker.join();
    workers_.clear();
    size_ = 1;
    stopping_ = false;
    workers_.reserve((size_t)count);
    // Where no more threads can be had, those that were stay of use.
    for (; size_ < count; size_++) {
      const uint64_t seen = generation_.load();
      const int slot = size_;
      workers_.emplace_back([this, slot, seen] { work(slot, seen); });
    }
  }

  void run(int64_t count, size_t scratchBytes, const Task& task) {
    if (count <= 0) return;
    std::unique_lock<std::mutex> mine(busy_, std::defer_lock);
    const bool alone = count == 1 || resizing_ > 0 || !mine.try_lock() || workers_.empty();
    const size_t stride = (scratchBytes + 63) / 64 * 64;
    std::optional<Workspace> scratch;
    if (stride > 0) scratch.emplace(stride * (alone ? 1 : (size_t)size()));
    char* base = scratch ? scratch->as<char>() : nullptr;
    if (alone) {
      for (int64_t i = 0; i < count; i++) task(i, base);
      return;
    }
    task_ = &task;
    kernels_ = &kernels();
    scratch_ = base;
    stride_ = stride;
    count_ = count;
    next_.store(0, std::memory_order_relaxed);
    unfinished_.store((int)workers_.size(), std::memory_order_relaxed);
    {
      std::lock_guard<std::mutex> guard(lock_);
      generation_.fetch_add(1, std::memory_order_release);
    }
    wake_.notify_all();
    drain(0);
    while (unfinished_.load(std::memory_order_acquire) > 0) relaxProcessor();
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
  }

 private:
  void drain(int slot) noexcept {
    void* const scratch = scratch_ + stride_ * (size_t)slot;
    try {
      for (;;) {
        const int64_t i = next_.fetch_add(1, std::memory_order_relaxed);
        if (i >= count_) return;
        (*task_)(i, scratch);
      }
    } catch (...) {
      next_.store(count_, std::memory_order_relaxed);  // what is not begun is left
      std::lock_guard<std::mutex> guard(lock_);
      if (!error_) error_ = std::current_exception();
    }
  }

  void work(int slot, uint64_t seen) {
    for (;;) {
      for (int spin = 0; spin < SPINS && generation_.load(std::memory_order_acquire) == seen && !stopping_; spin++)
        relaxProcessor();
      if (generation_.load(std::memory_order_acquire) == seen) {
        std::unique_lock<std::mutex> guard(lock_);
        wake_.wait(guard, [&] { return stopping_ || generation_.load(std::memory_order_acquire) != seen; });
      }
      if (stopping_) return;
      seen = generation_.load(std::memory_order_acquire);
      useKernels(*kernels_);
      drain(slot);
      unfinished_.fetch_sub(1, std::memory_order_release);
    }
  }

  std::vector<std::thread> workers_;
  std::atomic<int> size_{1}, resizing_{0};
  /** Held by the call that has the pool, and while its threads change. */
  std::mutex busy_;
  std::mutex lock_;
  std::condition_variable wake_;
  std::atomic<uint64_t> generation_{0};
  std::atomic<bool> stopping_{false};
  std::atomic<int64_t> next_{0};
  std::atomic<int> unfinished_{0};
  std::exception_ptr error_;
  const Task* task_ = nullptr;
  const Kernels* kernels_ = nullptr;
  char* scratch_ = nullptr;
  size_t stride_ = 0;
  int64_t count_ = 0;
};

// Never destroyed: joining threads while the process unloads its libraries can hang.
Pool& pool() {
  static Pool* instance = new Pool;
  return *instance;
}

}  // namespace

void setThreads(int count) { pool().resize(count < 1 ? 1 : count); }

int threads() { return pool().size(); }

void parallel(int64_t count, const std::function<void(int64_t)>& task) {
  pool().run(count, 0, [&](int64_t i, void*) { task(i); });
}

void parallel(int64_t count, size_t scratchBytes, const std::function<void(int64_t, void*)>& task) {
  pool().run(count, scratchBytes, task);
}

void parallelRanges(int64_t n, int64_t grain, const std::function<void(int64_t, int64_t)>& run) {
  const int64_t pieces = (n + grain - 1) / grain;
  parallel(pieces, [&](int64_t i) { run(i * grain, i + 1 == pieces ? n : (i + 1) * grain); });
}

}  // namespace winnow
