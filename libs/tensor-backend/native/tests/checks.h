#pragma once
#include <functional>
#include <string>

/** Counts a check, and prints what failed and where. */
void check(bool ok, const std::string& what);
/** What is being checked. */
extern std::string where;
extern int checks, failed;

/** Whether `f` throws a Failure. */
bool throws(const std::function<void()>& f);

void checkMemory();
void checkThreads();
