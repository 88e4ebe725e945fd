import { computed, signal } from '@preact/signals';
import { USUAL_DENSITY } from './densities.ts';
import { type Plan, planWithin, secondsOf } from './plan.ts';
import type {
  FoundEvent,
  MaskEvent,
  Method,
  OpenedImages,
  Phase,
  Setting,
  Trained,
  TrainedEvent,
  Trouble,
} from './worker/search-api.ts';

/** Where the page stands: a hidden page waits, and goes on by itself when it is seen again. */
export type Standing =
  | 'opening'
  | 'ready'
  | 'running'
  | 'stopping'
  | 'stopped'
  | 'waiting'
  | 'done';

export const standing = signal<Standing>('opening');
export const opened = signal<OpenedImages | undefined>(undefined);
export const trouble = signal<Trouble | undefined>(undefined);

export const method = signal<Method>('cts');
export const objective = signal('kl');
export const density = signal(USUAL_DENSITY);
export const seed = signal(1);
export const budgetSeconds = signal(60);
/** The name of the visitor's objective, once it was taken. */
export const ownObjective = signal<string | undefined>(undefined);

export const plan = computed<{ plan: Plan; seconds: number } | undefined>(() => {
  const images = opened.value;
  if (!images) return undefined;
  const searches = method.value === 'cts';
  const { stepsAnEpoch, speed } = images;
  const plan = planWithin(budgetSeconds.value, stepsAnEpoch, speed, searches);
  return { plan, seconds: secondsOf(plan, stepsAnEpoch, speed, searches) };
});

/** A step's numbers by their names. */
export type Row = Readonly<Record<string, number>>;

/** What is to be seen of a run. */
export interface Shown {
  readonly setting: Setting;
  /** Whether it searches by the visitor's objective, as that was when it began. */
  readonly byOwn: boolean;
  readonly phase: Phase;
  readonly step: number;
  readonly steps: number;
  /** Of the search, a row a step. */
  readonly rows: readonly Row[];
  readonly mask?: MaskEvent;
  readonly found?: FoundEvent;
  readonly trained: Readonly<Partial<Record<Trained, TrainedEvent>>>;
}

export const shown = signal<Shown | undefined>(undefined);
