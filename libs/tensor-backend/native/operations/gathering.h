#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace winnow {

/** A convolution seen from its outputs: for every output pixel, which input pixel each tap reads. */
struct Gathering {
  int64_t batch, height, width, channels;  // of the input
  int64_t outHeight, outWidth, outChannels;
  /** Outputs of this pass are rows rowFirst + i·rowStep, columns columnFirst + j·columnStep. */
  int64_t rowFirst = 0, rowStep = 1, rows, columnFirst = 0, columnStep = 1, columns;
  /** Tap t of output (i, j) reads input row i·rowStride + tapRow[t], column j·columnStride + tapColumn[t]. */
  int64_t rowStride = 1, columnStride = 1;
  std::vector<int64_t> tapRow = {}, tapColumn = {};
  std::vector<int> weightTap = {};
  int weightTaps;

  /** Whether each row has three taps, at neighbouring columns from left to right, that step with the outputs. */
  bool inThrees() const {
    if (columnStride != 1 || tapRow.empty() || tapRow.size() % 3 != 0) return false;
    for (size_t t = 0; t < tapRow.size(); t += 3)
      for (size_t k = 1; k < 3; k++)
        if (tapRow[t + k] != tapRow[t] || tapColumn[t + k] != tapColumn[t] + (int64_t)k) return false;
    return true;
  }
};

}  // namespace winnow
