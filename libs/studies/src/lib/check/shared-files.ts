import { groupBy } from '@winnow/report';
import { type CheckPlan, FROM_FILES } from './plan-checks.ts';

/** A sentence each where several seeds have something from one file that each is to have of its own. */
export function sharedFiles(plans: readonly CheckPlan[]): string[] {
  return plans.flatMap(({ density, replicates }) =>
    FROM_FILES.flatMap(({ what, hash }) =>
      [...groupBy(replicates, ({ config }) => hash(config))].flatMap(([shared, alike]) => {
        if (shared === undefined || alike.length < 2) return [];
        const seeds = alike.map(({ config }) => config.seed).join(', ');
        return [
          `At density ${density} seeds ${seeds} have the same ${what}: how far others would differ, these do not tell.`,
        ];
      }),
    ),
  );
}
