import {
  type Clock,
  type ComponentRegistry,
  type GivenOptions,
  systemClock,
} from '@winnow/plugin-api';
import { type KernelTime, randomStreams } from '@winnow/tensor-backend';
import { engineInUse } from '@winnow/tensor-backend/node';
import { type BenchMode, benchMode, benchStep } from './bench-step.ts';
import { OptionPool } from './option-pool.ts';
import { startChosenBackend } from './start-chosen-backend.ts';
import { timeSteps } from './time-steps.ts';

export interface BenchRequest {
  readonly model: string;
  readonly batch: number;
  /** Pixels a side. */
  readonly imageSize: number;
  readonly mode: string;
  /** Of the mode `cts`. */
  readonly objective: string;
  /** Of the objective. */
  readonly options: GivenOptions;
  readonly density: number;
  readonly steps: number;
  readonly backend: string;
  readonly seed: number;
  readonly profile?: boolean | undefined;
}

export interface BenchResult {
  readonly model: string;
  readonly batch: number;
  readonly imageSize: number;
  readonly mode: BenchMode;
  /** In the mode `cts`. */
  readonly objective?: string;
  /** Of the mask; 1 in modes that have none. */
  readonly density: number;
  readonly medianMs: number;
  readonly imagesPerSecond: number;
  /** Of this process so far, starting it included. */
  readonly peakRssMiB: number;
  readonly backend: string;
  /** Of `native`; 1 elsewhere. */
  readonly threads: number;
  /** The instruction set of `native`. */
  readonly instructions?: string;
  readonly steps: number;
  /** 10⁹ multiply-adds of convolutions and matrix products a second, over the whole step's time. */
  readonly gmacs: number;
  readonly profile?: readonly KernelTime[];
}

const CLASSES = 10;
const round = (value: number) => Number(value.toPrecision(5));

/** Times the steps of a mode on random images. Throws INVALID_OPTION, BAD_DENSITY, UNKNOWN_NAME, IMAGES_TOO_SMALL, BACKEND_UNAVAILABLE. */
export async function runBench(
  request: BenchRequest,
  registry: ComponentRegistry,
  clock: Clock = systemClock,
): Promise<BenchResult> {
  const { batch, imageSize, density, steps, profile = false } = request;
  const mode = benchMode(request.mode);
  const model = registry.get('model', request.model);
  const pool = new OptionPool(request.options);
  const objective = pool.objective(registry, request.objective);
  pool.assertAllTaken();
  const backend = await startChosenBackend(request.backend, registry);
  const network = model.build({ height: imageSize, width: imageSize, channels: 3 }, CLASSES, {});
  const random = randomStreams(request.seed);
  const step = benchStep(mode, { network, batch, density, random, objective });
  const times = await timeSteps(step, { steps, profile, clock });
  const perSecond = (count: number) => round((1000 * count) / times.medianMs);
  return {
    model: model.name,
    batch,
    imageSize,
    mode,
    ...(mode === 'cts' ? { objective: objective.name } : {}),
    density: mode === 'masked' || mode === 'cts' ? density : 1,
    medianMs: round(times.medianMs),
    imagesPerSecond: perSecond(batch),
    peakRssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    backend,
    threads: 1,
    ...engineInUse(),
    steps,
    gmacs: perSecond(times.multiplyAdds / 1e9),
    ...(times.profile
      ? { profile: times.profile.map(({ op, calls, ms }) => ({ op, calls, ms: round(ms) })) }
      : {}),
  };
}
