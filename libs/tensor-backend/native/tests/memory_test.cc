#include <cstring>
#include <thread>

#include "../engine/buffers.h"
#include "../operations/arguments.h"
#include "checks.h"

using namespace winnow;

namespace {

void handles() {
  const size_t before = memoryUse().liveBytes;
  const Handle a = allocate(1000);
  const Handle part = view(a, 100, 50);
  release(a);
  check(throws([&] { address(a, 1); }), "a released handle is refused");
  check(throws([&] { release(a); }), "a handle is not released twice");
  check(throws([&] { address(part, 51); }), "a tensor is not used beyond its end");
  check(throws([&] { view(part, 51, 0); }) && throws([&] { view(part, 1, SIZE_MAX); }), "a view is inside its tensor");
  check(throws([&] { allocate(size_t{1} << 50); }), "a tensor of a petabyte is refused");
  check(throws([] { address(-5, 1); }) && throws([] { address(int64_t{1} << 50, 1); }), "foreign handles are refused");
  std::memset(address(part, 50), 1, 50);
  release(part);
  check(memoryUse().liveBytes == before, "everything is given back");
  trim();
}

void threadsOwn() {
  const Handle mine = allocate(8);
  const size_t before = memoryUse().liveBlocks;
  std::thread([&] {
    check(throws([&] { address(mine, 8); }) && throws([&] { release(mine); }) && throws([&] { view(mine, 0, 8); }),
          "another thread's handle is refused");
    view(allocate(16), 0, 8);
    allocate(16);
    check(memoryUse().liveBlocks == before + 2, "a thread has blocks of its own");
    releaseAll();
  }).join();
  check(memoryUse().liveBlocks == before, "a thread that ends gives back its blocks");
  check(!throws([&] { address(mine, 8); }), "another thread's blocks stay");
  release(mine);
}

void sizes() {
  const int64_t large = Arguments::LARGEST;
  check(product({}) == 1 && product({large, 1}) == large && product({0, large}) == 0, "products that fit");
  check(throws([&] { product({large, 2}); }) && throws([&] { product({int64_t{1} << 32, int64_t{1} << 32}); }),
        "products that wrap are refused");
  check(throws([&] { product({0, large, large}); }), "a zero hides no factor");
  check(throws([] { product({-1, 0}); }), "negative sizes are refused");
}

}  // namespace

void checkMemory() {
  where = "memory";
  handles();
  threadsOwn();
  sizes();
}
