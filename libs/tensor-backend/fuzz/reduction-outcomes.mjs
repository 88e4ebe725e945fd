const OF = {
  Sum: (row) => row.reduce((a, b) => a + b, 0),
  Mean: (row) => row.reduce((a, b) => a + b, 0) / row.length,
  Max: (row) => Math.max(...row),
  Min: (row) => Math.min(...row),
  Prod: (row) => Math.fround(row.reduce((a, b) => a * b, 1)),
};

/** The numbers on the middle axis of x [outer, count, inner], for each of the others. */
function rows({ outer, count, inner }, x) {
  return Array.from({ length: outer * inner }, (_, at) => {
    const [o, i] = [Math.floor(at / inner), at % inner];
    return Array.from({ length: count }, (_, k) => x[(o * count + k) * inner + i]);
  });
}

export const reductions = {
  reduce: {
    written: ['y'],
    together: true,
    expected: (values, { x }, choices) => ({
      y: rows(values, x).map(OF[choices.Reduction[values.op]]),
    }),
  },
  argExtremum: {
    written: ['y'],
    expected: (values, { x }) => ({
      y: rows(values, x).map((row) => row.indexOf((values.largest ? OF.Max : OF.Min)(row))),
    }),
  },
  softmax: {
    written: ['y'],
    together: true,
    expected({ rows: outer, columns, logarithmic }, { x }) {
      const y = rows({ outer, count: columns, inner: 1 }, x).flatMap((row) => {
        const most = Math.max(...row);
        const sum = OF.Sum(row.map((v) => Math.exp(v - most)));
        return row.map((v) => (logarithmic ? v - most - Math.log(sum) : Math.exp(v - most) / sum));
      });
      return { y };
    },
  },
  affine: {
    written: ['y'],
    together: true,
    expected({ rows: n, channels, relu }, { x, factor, offset, residual }) {
      const y = Array.from({ length: n * channels }, (_, i) => {
        const v = x[i] * factor[i % channels] + offset[i % channels] + (residual?.[i] ?? 0);
        return relu && v < 0 ? 0 : v;
      });
      return { y };
    },
  },
};
