import type {
  GivenOptions,
  ImageSource,
  NamedTensors,
  Objective,
  PruningRound,
} from '@winnow/plugin-api';
import type { Budget } from '@winnow/tickets';
import type { TensorsByName, TrainingSetting } from '@winnow/training';

export interface TicketSearch<
  P extends TensorsByName<P> = NamedTensors,
> extends TrainingSetting<P> {
  /** κ in (0, 1]. */
  readonly density: number;
  /** Of single layers, by pattern (`stage3.*`), where κ of all weights is not to say it alone. */
  readonly layerDensities?: Readonly<Record<string, number>>;
  /** Of everything that is drawn at random; 1 when left out. */
  readonly seed?: number;
  /** What rounds of training are judged on, and held-out batches come from; the training images when left out. */
  readonly validation?: ImageSource;
  /** What a method that follows one searches for: an objective, or the name of one; the method's default when left out. */
  readonly objective?: Objective | string;
  /** Beside Winnow's own, which one of the same name takes the place of. */
  readonly objectives?: readonly Objective[];
  /** The method's own, as given; see its schema. */
  readonly options?: GivenOptions;
  /** Called with each ticket on the way to the last one, by methods that train. */
  readonly onRound?: (round: PruningRound) => void | Promise<void>;
}

/** A search whose parts were checked, and go together. */
export interface SettledSearch extends Omit<
  TicketSearch,
  'density' | 'layerDensities' | 'objective' | 'objectives'
> {
  readonly budget: Budget;
  readonly objective: Objective | undefined;
}
