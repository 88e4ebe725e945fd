import { groupBy } from '@winnow/report';
import { type CheckPlan, GIVEN, type Replicate } from './plan-checks.ts';

/** What replicates may have from one file, by a hash of it. */
const SHARED: readonly {
  readonly told: string;
  readonly of: (config: Replicate['config']) => string | undefined;
}[] = [
  { told: 'start from the same weights', of: ({ startWeights }) => startWeights?.hash },
  {
    told: 'train the ticket of one file',
    of: ({ method }) => (method.name === GIVEN ? method.checksum : undefined),
  },
];

/** A sentence each where several seeds have something from one file that each is to have of its own. */
export function sharedFiles(plans: readonly CheckPlan[]): string[] {
  return plans.flatMap(({ density, replicates }) =>
    SHARED.flatMap(({ told, of }) =>
      [...groupBy(replicates, ({ config }) => of(config) ?? '')].flatMap(([hash, alike]) => {
        if (hash === '' || alike.length < 2) return [];
        const seeds = alike.map(({ config }) => config.seed).join(', ');
        return [
          `At density ${density} seeds ${seeds} ${told}: how far others would differ, these do not tell.`,
        ];
      }),
    ),
  );
}
