// The pool in trouble: tasks that throw, and threads that use, resize and choose instruction sets at the same time.
#include <atomic>
#include <new>
#include <stdexcept>
#include <thread>
#include <vector>

#include "../engine/buffers.h"
#include "../engine/failure.h"
#include "../engine/threads.h"
#include "../kernels/kernels.h"
#include "../operations/products.h"
#include "checks.h"

using namespace winnow;

namespace {

template <class E>
bool throwsOn(const std::function<void()>& f) {
  try {
    f();
  } catch (const E&) {
    return true;
  }
  return false;
}

int64_t sumOfTasks(int64_t count) {
  std::atomic<int64_t> sum{0};
  parallel(count, [&](int64_t i) { sum += i; });
  return sum;
}

void tasksThrow() {
  for (int count : {1, 2, 4}) {
    setThreads(count);
    for (int64_t culprit : {0, 1, 99}) {
      const auto failing = [&](int64_t i) {
        if (i == culprit) throw Failure("a task failed");
      };
      check(throws([&] { parallel(100, failing); }), "what a task throws is thrown on");
    }
    check(throwsOn<std::bad_alloc>([] { parallel(64, [](int64_t) { throw std::bad_alloc(); }); }),
          "so is one of many that throw");
    const size_t before = memoryUse().liveBytes;
    check(throwsOn<std::logic_error>([] { parallel(8, 1000, [](int64_t, void*) { throw std::logic_error("x"); }); }),
          "so is what throws with memory");
    check(memoryUse().liveBytes == before, "memory for tasks is given back when one throws");
    check(sumOfTasks(100) == 4950, "the pool goes on after a task that threw");
  }
}

thread_local bool met = false;
/** How many of three threads, which work at the same time, have been met before. */
int metBefore() {
  std::atomic<int> here{0}, before{0};
  parallel(3, [&](int64_t) {
    before += met;
    met = true;
    here++;
    while (here < 3) std::this_thread::yield();
  });
  return before;
}

void sameNumber() {
  setThreads(3);
  metBefore();
  setThreads(3);
  check(metBefore() == 3, "the same number of threads are the same threads");
  setThreads(2);
  setThreads(3);
  check(metBefore() == 1 && threads() == 3, "another number are others");
}

/** Products on two threads, while a third changes the pool and a fourth its own instruction set. */
void atOnce() {
  setThreads(2);
  std::atomic<bool> done{false}, wrong{false};
  const auto multiplying = [&](int64_t n) {
    return [&, n] {
      const std::vector<float> a((size_t)(n * n), 1.0f);
      std::vector<float> c((size_t)(n * n));
      for (int i = 0; i < 40; i++) {
        matMul({.a = a.data(), .b = a.data(), .c = c.data(), .batch = 1, .m = n, .k = n, .n = n});
        for (float v : c)
          if (v != (float)n) wrong = true;
      }
    };
  };
  std::thread resizing([&] {
    for (int i = 0; !done; i++) setThreads(1 + i % 4);
  });
  std::thread choosing([&] {
    for (size_t i = 0; !done; i++) {
      const char* const* names = availableKernels();
      size_t count = 0;
      while (names[count]) count++;
      useKernels(names[i % count]);
      if (sumOfTasks(50) != 1225) wrong = true;
    }
  });
  std::thread first(multiplying(97)), second(multiplying(64));
  first.join();
  second.join();
  done = true;
  resizing.join();
  choosing.join();
  check(!wrong, "threads that work at once spoil no result");
}

}  // namespace

void checkThreads() {
  where = "threads";
  tasksThrow();
  sameNumber();
  atOnce();
  setThreads(3);
}
