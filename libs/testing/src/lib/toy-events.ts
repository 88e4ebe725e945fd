import type { RunEvent, RunPhase } from '@winnow/plugin-api';

const STEPS = 2;

/** What happens in a run of two steps a phase, with numbers of its own for a seed: every kind of event. */
export function toyEvents(seed: number): RunEvent[] {
  const [size, kept] = [40, 10];
  const phase = (name: RunPhase): RunEvent => ({ type: 'phase', phase: name });
  const steps = (name: RunPhase): RunEvent[] =>
    Array.from({ length: STEPS }, (_, i) => ({
      type: 'step',
      phase: name,
      step: i + 1,
      steps: STEPS,
      epoch: i,
      epochs: STEPS,
      images: 8,
      values: { loss: (2 + seed / 8) / (i + 1), density: 1 / (i + 1) },
    }));
  const validation = (name: RunPhase): RunEvent => ({
    type: 'validation',
    phase: name,
    step: STEPS,
    epoch: STEPS - 1,
    validationAccuracy: 0.5 + seed / 16,
    validationLoss: 1 + seed / 8,
  });
  return [
    { type: 'environment', changes: [{ name: 'node', before: '20.19.0', now: '22.4.0' }] },
    phase('pretrain'),
    ...steps('pretrain'),
    validation('pretrain'),
    phase('search'),
    ...steps('search'),
    // Counted from 0, the dense network.
    { type: 'round', round: 0, density: 1, kept: size, validationAccuracy: 0.75 },
    { type: 'round', round: 1, density: 0.5, kept: 20, validationAccuracy: 0.5 + seed / 16 },
    {
      type: 'ticket',
      kept,
      size,
      layers: [
        { name: 'fc1.weight', kept: kept - seed, size: size / 2 },
        { name: 'fc2.weight', kept: seed, size: size / 2 },
      ],
      notes: [`The search was stopped at ${seed} of its steps.`],
    },
    phase('train'),
    ...steps('train'),
    validation('train'),
    phase('evaluate'),
    ...steps('evaluate'),
    {
      type: 'result',
      result: {
        method: 'toy',
        objective: 'kl',
        model: 'toy',
        dataset: 'toy',
        seed,
        density: kept / size,
        kept,
        size,
        testAccuracy: 0.75,
        testLoss: 0.5 + seed / 8,
        validationAccuracy: 0.75,
        accuracyBeforeTraining: 0.25,
        minutes: { pretrain: 0.5, search: 1, train: 0.5 },
      },
    },
  ];
}
