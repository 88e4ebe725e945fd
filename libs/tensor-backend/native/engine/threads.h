// A pool of threads of its own. How work is cut into tasks never depends on how many threads there are, so that results
// don't either.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>

namespace winnow {

/** At least 1; the calling thread counts. */
void setThreads(int count);
int threads();

/** Runs task(i) for i in [0, count), in any order, and waits for all. Tasks must not throw. */
void parallel(int64_t count, const std::function<void(int64_t)>& task);

/** The same with `scratchBytes` of memory for each task, which keeps what the thread's last task left there. */
void parallel(int64_t count, size_t scratchBytes, const std::function<void(int64_t, void*)>& task);

/** Cuts [0, n) into pieces of `grain` and calls run(begin, end) for each. */
void parallelRanges(int64_t n, int64_t grain, const std::function<void(int64_t, int64_t)>& run);

}  // namespace winnow
