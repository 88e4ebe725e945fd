import type { NotedNumbers, RunEvent } from '@winnow/plugin-api';

/** A number of a run, for a chart over the steps of its group. */
export interface Scalar {
  /** What goes on together: a phase of the run, `validation`, `round`, `ticket` or `result`. */
  readonly group: string;
  /** `train/loss`, `layer-density/stem.conv.weight`. */
  readonly tag: string;
  /** Of the phase or the round, from 1; 0 where there is one of it in a run. */
  readonly step: number;
  readonly value: number;
}

function inGroup(
  group: string,
  step: number,
  numbers: Readonly<Record<string, number>>,
  prefix = group,
): Scalar[] {
  return Object.entries(numbers).map(([name, value]) => ({
    group,
    tag: `${prefix}/${name}`,
    step,
    value,
  }));
}

/** The numbers of a step, or of a validation after it, which goes on for itself. */
export function scalarsOfStep({ phase, step, values }: Omit<NotedNumbers, 'epoch'>): Scalar[] {
  const { validationAccuracy: accuracy, validationLoss: loss } = values;
  return accuracy === undefined || loss === undefined
    ? inGroup(phase, step, values)
    : inGroup('validation', step, { accuracy, loss });
}

/** The numbers that an event tells, in the order of the event. */
export function scalarsOf(event: RunEvent): Scalar[] {
  switch (event.type) {
    case 'step':
      return scalarsOfStep(event);
    case 'validation': {
      const { phase, step, validationAccuracy, validationLoss } = event;
      return scalarsOfStep({ phase, step, values: { validationAccuracy, validationLoss } });
    }
    case 'round': {
      const { round, density, validationAccuracy } = event;
      return inGroup('round', round, { density, validationAccuracy });
    }
    case 'ticket': {
      const layers = event.layers.map(({ name, kept, size }) => [name, kept / size] as const);
      return [
        ...inGroup('ticket', 0, { density: event.kept / event.size }),
        ...inGroup('ticket', 0, Object.fromEntries(layers), 'layer-density'),
      ];
    }
    case 'result': {
      const { testAccuracy, testLoss, validationAccuracy, accuracyBeforeTraining } = event.result;
      const reached = { testAccuracy, testLoss, validationAccuracy, accuracyBeforeTraining };
      return [
        ...inGroup('result', 0, reached),
        ...inGroup('result', 0, event.result.minutes, 'minutes'),
      ];
    }
    default:
      return [];
  }
}
