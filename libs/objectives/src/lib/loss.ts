import { defineObjective } from '@winnow/plugin-api';
import { crossEntropy } from '@winnow/tensor-backend';

/** Cross-entropy of the sparse network: the paper's R_L (arXiv 2512.07142, §4). */
export const loss = defineObjective({
  name: 'loss',
  summary: 'fit the labels (cross-entropy)',
  lossScale: 100,
  stationaryAtDense: false,
  evaluate: ({ batch, sparse }) => crossEntropy(sparse.logits(), batch.labels),
});
