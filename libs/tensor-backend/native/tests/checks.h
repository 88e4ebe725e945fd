#pragma once
#include <functional>
#include <string>
#include <vector>

/** Counts a check, and prints what failed and where. */
void check(bool ok, const std::string& what);
/** What is being checked. */
extern std::string where;
extern int checks, failed;

/** Whether `f` throws a Failure. */
bool throws(const std::function<void()>& f);

/** Checks that every number is within `tolerance` of the largest magnitude that is expected. */
void near(const std::vector<float>& actual, const std::vector<double>& expected, double tolerance, const std::string& what);

void checkMemory();
void checkThreads();
/** All of programs, on the instruction set that is in use. */
void checkPrograms();
void checkDrawnPrograms();
void checkRefusedPrograms();
