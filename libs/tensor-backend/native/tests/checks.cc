#include "checks.h"

#include <algorithm>
#include <cmath>
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

void near(const std::vector<float>& actual, const std::vector<double>& expected, double tolerance, const std::string& what) {
  double most = 1e-30, worst = 0;
  for (double e : expected) most = std::max(most, std::fabs(e));
  bool finite = actual.size() == expected.size();
  for (size_t i = 0; i < actual.size() && finite; i++) {
    if (std::isnan(actual[i]) != std::isnan(expected[i])) finite = false;
    else if (!std::isnan(actual[i])) worst = std::max(worst, std::fabs(actual[i] - expected[i]));
  }
  check(finite && worst <= tolerance * most, what + " is off by " + std::to_string(worst / most));
}
