import { type Objective, defineObjective } from '@winnow/plugin-api';
import { crossEntropy, offTape } from '@winnow/tensor-backend';

/**
 * Cross-entropy of the sparse network on validation images, which the parameters never saw. Its term `training` is that on
 * the training batch: what is between them is the gap.
 */
export const heldOutLoss: Objective = defineObjective({
  name: 'held-out-loss',
  summary: 'fit the labels of validation images (cross-entropy)',
  needs: ['held-out-batch'],
  lossScale: 100,
  stationaryAtDense: false,
  evaluate({ batch, sparse, heldOut }) {
    const unseen = heldOut();
    // A forward pass alone: nothing of it is kept for the gradient.
    const training = offTape(() => crossEntropy(sparse.logits(), batch.labels));
    return {
      value: crossEntropy(unseen.sparse.logits(), unseen.batch.labels),
      terms: { training },
    };
  },
});
