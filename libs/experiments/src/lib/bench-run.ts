import {
  type Clock,
  type ComponentRegistry,
  type GivenOptions,
  type Road,
  WinnowError,
  systemClock,
} from '@winnow/plugin-api';
import { type KernelTime, type ProgramLayer, randomStreams } from '@winnow/tensor-backend';
import { engineInUse, threadsInUse } from '@winnow/tensor-backend/node';
import type { Ticket } from '@winnow/tickets';
import { readTicket } from '@winnow/tickets/files';
import { benchLayers, benchRoad } from './bench-road.ts';
import { type BenchMode, benchMode, benchStep } from './bench-step.ts';
import { OptionPool } from './option-pool.ts';
import { tellingMemory } from './out-of-memory.ts';
import { startChosenBackend } from './start-chosen-backend.ts';
import { timeSteps } from './time-steps.ts';

export interface BenchRequest {
  readonly model: string;
  readonly batch: number;
  /** Pixels a side. */
  readonly imageSize: number;
  readonly channels: number;
  readonly classes: number;
  readonly mode: string;
  /** Of the mode `cts`. */
  readonly objective: string;
  /** Of the model and the objective. */
  readonly options: GivenOptions;
  readonly density: number;
  /** File of a ticket, in place of a random mask of this density; in the modes `masked` and `forward`. */
  readonly ticket?: string | undefined;
  readonly steps: number;
  readonly backend: string;
  readonly seed: number;
  readonly profile?: boolean | undefined;
}

/** The ticket whose mask was timed. */
export interface BenchTicket {
  readonly file: string;
  readonly kept: number;
  /** d, the number of prunable weights. */
  readonly size: number;
}

export interface BenchResult {
  readonly model: string;
  readonly batch: number;
  readonly imageSize: number;
  readonly channels: number;
  readonly classes: number;
  readonly mode: BenchMode;
  /** In the mode `cts`. */
  readonly objective?: string;
  /** Of the mask, a ticket's as it is in fact; 1 in modes that have none. */
  readonly density: number;
  readonly ticket?: BenchTicket;
  readonly medianMs: number;
  readonly imagesPerSecond: number;
  /** Of this process so far, starting it included. */
  readonly peakRssMiB: number;
  readonly backend: string;
  /** Of `native` and `tensorflow`; 1 elsewhere. */
  readonly threads: number;
  /** The instruction set of the native engine, where it computes. */
  readonly instructions?: string;
  readonly steps: number;
  /** By what the steps were computed. */
  readonly road: Road;
  /** 10⁹ multiply-adds of convolutions and matrix products a second, over the whole step's time. */
  readonly gmacs: number;
  readonly profile?: readonly KernelTime[];
  /** By what a program computes each layer, beside a profile. */
  readonly layers?: readonly ProgramLayer[];
}

const round = (value: number) => Number(value.toPrecision(5));

/** Throws OPTION_NOT_USED for a mode that has no fixed mask, and what reading a ticket does. */
async function ticketOf({ ticket }: BenchRequest, mode: BenchMode): Promise<Ticket | undefined> {
  if (ticket === undefined) return undefined;
  if (mode === 'masked' || mode === 'forward') return readTicket(ticket);
  throw new WinnowError('OPTION_NOT_USED', `Steps of "${mode}" have no use for a ticket.`, {
    hint: 'Give --mode masked or --mode forward, or leave the ticket out.',
  });
}

function maskFacts(
  { ticket: file = '', density }: BenchRequest,
  mode: BenchMode,
  ticket: Ticket | undefined,
): Pick<BenchResult, 'density' | 'ticket'> {
  if (!ticket) return { density: mode === 'masked' || mode === 'cts' ? density : 1 };
  const { kept, size } = ticket;
  return { density: round(ticket.density), ticket: { file, kept, size } };
}

/** What fits into memory, and into one array. */
const MOST_PIXELS = 2 ** 30;

/** Throws INVALID_OPTION. */
function assertFits({ batch, imageSize, channels }: BenchRequest): void {
  if (batch * imageSize ** 2 * channels <= MOST_PIXELS) return;
  throw new WinnowError(
    'INVALID_OPTION',
    `A batch of ${batch} images of ${imageSize}×${imageSize}×${channels} is more than fits into memory.`,
    { hint: 'Lower --batch, --image-size or --channels.' },
  );
}

/**
 * Times the steps of a mode on random images. Throws INVALID_OPTION, OPTION_NOT_USED, BAD_DENSITY, UNKNOWN_NAME,
 * IMAGES_TOO_SMALL, BACKEND_UNAVAILABLE, TICKET_MISMATCH, OUT_OF_MEMORY, and what reading a ticket does.
 */
export async function runBench(
  request: BenchRequest,
  registry: ComponentRegistry,
  clock: Clock = systemClock,
): Promise<BenchResult> {
  const { batch, imageSize, channels, classes, density, steps, profile = false } = request;
  const mode = benchMode(request.mode);
  assertFits(request);
  const model = registry.get('model', request.model);
  const pool = new OptionPool(request.options);
  const modelOptions = pool.take(model);
  const objective = pool.objective(registry, request.objective);
  pool.assertAllTaken();
  const ticket = await ticketOf(request, mode);
  const backend = await startChosenBackend(request.backend, registry);
  const input = { height: imageSize, width: imageSize, channels };
  const network = model.build(input, classes, modelOptions);
  const random = randomStreams(request.seed);
  const setting = { network, batch, density, ticket, random, objective };
  const hint = 'Lower --batch or --image-size, or take a smaller --model.';
  const times = await tellingMemory(backend, hint, () =>
    timeSteps(benchStep(mode, setting), { steps, profile, clock }),
  );
  const road = benchRoad(mode, setting);
  const perSecond = (count: number) => round((1000 * count) / times.medianMs);
  return {
    model: model.name,
    batch,
    imageSize,
    channels,
    classes,
    mode,
    ...(mode === 'cts' ? { objective: objective.name } : {}),
    ...maskFacts(request, mode, ticket),
    medianMs: round(times.medianMs),
    imagesPerSecond: perSecond(batch),
    peakRssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    backend,
    threads: threadsInUse(),
    ...engineInUse(),
    steps,
    road,
    gmacs: perSecond(times.multiplyAdds / 1e9),
    ...(profile && road.by === 'program' ? { layers: benchLayers(mode, setting) } : {}),
    ...(times.profile
      ? { profile: times.profile.map(({ op, calls, ms }) => ({ op, calls, ms: round(ms) })) }
      : {}),
  };
}
