import type { Dataset } from './dataset.ts';
import type { Network } from './model.ts';

/** What a component may look at before anything is trained, to refuse what it does not go with. */
export interface PrepareSetting {
  readonly network: Network;
  readonly dataset: Pick<Dataset, 'train' | 'validation' | 'classes'>;
}

/** What a method may look at beside. */
export interface PreparePruner extends PrepareSetting {
  /** κ in (0, 1). */
  readonly density: number;
  /** Of the training's schedule. */
  readonly batchSize: number;
}
