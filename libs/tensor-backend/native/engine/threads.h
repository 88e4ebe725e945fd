// A pool of threads of its own. How work is cut into tasks never depends on how many threads there are, so that results
// don't either.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>

namespace winnow {

/**
 * At least 1; the calling thread counts. Waits for the call that has the pool, on whatever thread that is. Throws where
 * the system has no more threads, and those that could be had stay.
 */
void setThreads(int count);
int threads();

/**
 * Runs task(i) for i in [0, count), in any order, and waits for all. What a task throws is thrown on, and tasks that had
 * not begun are left out. While another thread has the pool, this one does all of them. Tasks must not call `parallel`.
 */
void parallel(int64_t count, const std::function<void(int64_t)>& task);

/** The same with `scratchBytes` of memory for each task, which keeps what the thread's last task left there. */
void parallel(int64_t count, size_t scratchBytes, const std::function<void(int64_t, void*)>& task);

/** Cuts [0, n) into pieces of `grain` and calls run(begin, end) for each. */
void parallelRanges(int64_t n, int64_t grain, const std::function<void(int64_t, int64_t)>& run);

}  // namespace winnow
