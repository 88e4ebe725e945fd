#include "threads.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

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

class Pool {
 public:
  ~Pool() { resize(1); }

  int size() const { return (int)workers_.size() + 1; }

  void resize(int count) {
    {
      std::lock_guard<std::mutex> guard(lock_);
      stopping_ = true;
    }
    wake_.notify_all();
    for (auto& worker : workers_) worker.join();
    workers_.clear();
    stopping_ = false;
    for (int slot = 1; slot < count; slot++) {
      const uint64_t seen = generation_.load();
      workers_.emplace_back([this, slot, seen] { work(slot, seen); });
    }
  }

  void run(int64_t count, const std::function<void(int64_t, int)>& task) {
    if (count <= 0) return;
    std::unique_lock<std::mutex> mine(busy_, std::try_to_lock);
    if (!mine.owns_lock() || workers_.empty() || count == 1) {
      for (int64_t i = 0; i < count; i++) task(i, 0);
      return;
    }
    task_ = &task;
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
    task_ = nullptr;
  }

 private:
  void drain(int slot) {
    for (;;) {
      const int64_t i = next_.fetch_add(1, std::memory_order_relaxed);
      if (i >= count_) return;
      (*task_)(i, slot);
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
      drain(slot);
      unfinished_.fetch_sub(1, std::memory_order_release);
    }
  }

  std::vector<std::thread> workers_;
  std::mutex busy_, lock_;
  std::condition_variable wake_;
  std::atomic<uint64_t> generation_{0};
  std::atomic<bool> stopping_{false};
  std::atomic<int64_t> next_{0};
  std::atomic<int> unfinished_{0};
  const std::function<void(int64_t, int)>* task_ = nullptr;
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
  pool().run(count, [&](int64_t i, int) { task(i); });
}

void parallel(int64_t count, size_t scratchBytes, const std::function<void(int64_t, void*)>& task) {
  const size_t stride = (scratchBytes + 63) / 64 * 64;
  Workspace scratch(stride * (size_t)threads());
  char* base = scratch.as<char>();
  pool().run(count, [&](int64_t i, int slot) { task(i, base + stride * (size_t)slot); });
}

void parallelRanges(int64_t n, int64_t grain, const std::function<void(int64_t, int64_t)>& run) {
  const int64_t pieces = (n + grain - 1) / grain;
  parallel(pieces, [&](int64_t i) { run(i * grain, i + 1 == pieces ? n : (i + 1) * grain); });
}

}  // namespace winnow
