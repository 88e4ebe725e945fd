#include "checks.h"

#include <cstdio>

#include "../engine/failure.h"

int checks = 0, failed = 0;
std::string where;

void check(bool ok, const std::string& what) {
  checks++;
  if (ok) return;
  failed++;
  std::printf("FAILED %s: %s\n", where.c_str(), what.c_str());
}

bool throws(const std::function<void()>& f) {
  try {
    f();
  } catch (const winnow::Failure&) {
    return true;
  }
  return false;
}
