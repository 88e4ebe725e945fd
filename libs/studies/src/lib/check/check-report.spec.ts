import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { ReportTable } from '@winnow/report';
import { writeCheckReport } from './check-report.ts';
import type { CheckSummary } from './sanity-checks.ts';

it('gives a difference that rounds to 0 no sign', async () => {
  const out = await mkdtemp(join(tmpdir(), 'winnow-check-report-'));
  const accuracies = [0.5, 0.51];
  const check = { ablation: 'shuffle', verdict: 'no-difference', accuracies } as const;
  const interval = [-0.0203, 0.0197] as const;
  const test = { difference: -0.0003, interval, statistic: -0.1, degreesOfFreedom: 2, p: 0.9 };
  const summary: CheckSummary = {
    ...{ method: 'snip', model: 'resnet8', dataset: 'digits', classes: 10 },
    ...{ start: 'init', rewindEpochs: 0, epochs: 1, testExamples: 360, test: 't', notes: [] },
    densities: [
      {
        ...{ density: 0.1, kept: 100, size: 1000, seeds: [1, 2], accuracies },
        checks: [{ ...check, ...test }],
      },
    ],
  };
  const [, table] = await writeCheckReport(summary, out);
  expect((table as ReportTable).rows[0]![5]).toBe('0.0 [-2.0, 2.0]');
  await rm(out, { recursive: true });
});
