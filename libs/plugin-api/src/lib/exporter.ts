import { isFileName } from './file-name.ts';
import type { Network } from './model.ts';
import type { LayerMask } from './ticket-data.ts';

/** What an export writes down. */
export interface TrainedNetwork {
  readonly network: Pick<Network, 'name' | 'input' | 'classes' | 'parameters' | 'graph'>;
  /**
   * The parameters, pruned weights 0, then `LAYER.running_mean` and `LAYER.running_var` of each layer that normalises;
   * PyTorch's names and layouts. For an exporter of tickets no statistics, and before training the weights of the start point;
   * none at all where the run has kept neither.
   */
  readonly tensors: ReadonlyMap<
    string,
    { readonly shape: readonly number[]; readonly data: Float32Array }
  >;
  /** By prunable parameter; none of a dense network. */
  readonly mask?: ReadonlyMap<string, LayerMask> | undefined;
  /** Where it comes from; the file says so. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Writes a trained network in one format. */
export interface Exporter {
  readonly kind: 'exporter';
  /** What `winnow export --format` is told. */
  readonly name: string;
  readonly summary: string;
  /** The third party's plugin that brings it, set as that is loaded. */
  readonly plugin?: string;
  /** Within a run folder: its file, or a folder of its own, where no other exporter writes; in `export/`. */
  readonly place: string;
  /** Whether it is written from the network's graph, which not every network has. */
  readonly needsGraph: boolean;
  /** Whether the ticket alone is written, of runs that are not trained yet too; not so when left out. */
  readonly ofTicket?: boolean;
  /** Version of the operators, where the format counts them. */
  readonly opset?: number;
  /** One file, or those of a folder, with no folders in it, by name. The same each time. Throws UNSUPPORTED_MODEL. */
  encode(trained: TrainedNetwork): Uint8Array | ReadonlyMap<string, Uint8Array>;
  /**
   * Of a format with a folder: whether a file there is of an earlier export, which a new one takes the place of. Where left
   * out, that is a file which the new one writes too.
   */
  owns?(name: string): boolean;
}

/** Whether an export may be written there: within a run folder, apart from the run's own files. */
export function isExportPlace(place: string): boolean {
  const [folder, ...within] = place.split('/');
  return folder === 'export' && within.length > 0 && within.every(isFileName);
}

/** Makes a component of a format, for `definePlugin`. */
export function defineExporter(exporter: Omit<Exporter, 'kind' | 'plugin'>): Exporter {
  return { ...exporter, kind: 'exporter' };
}
