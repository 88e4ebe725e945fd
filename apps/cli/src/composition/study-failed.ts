import { WinnowError } from '@winnow/plugin-api';
import type { RunStanding } from '@winnow/studies';
import { type StudyGround, studyLine } from './study-line.ts';

const WHAT = { failed: 'failed', unreadable: 'cannot be read' } as const;

/** "2 runs failed: NAME first" */
function told(found: readonly RunStanding[], state: keyof typeof WHAT): string[] {
  const [first, ...others] = found.filter((one) => one.state === state);
  if (!first) return [];
  const count = others.length + 1;
  const name = `${first.run.name}${count > 1 ? ' first' : ''}`;
  return [`${count} ${count === 1 ? 'run' : 'runs'} ${WHAT[state]}: ${name}`];
}

/** Where a study's runs have failed, or cannot be read. */
export function runsFailed(
  found: readonly RunStanding[],
  file: string,
  ground: StudyGround,
): WinnowError {
  const failed = told(found, 'failed');
  const unreadable = told(found, 'unreadable');
  const hints = [
    `\`${studyLine('status', file, ground)}\` tells why`,
    ...(failed.length > 0 ? [`\`${studyLine('retry', file, ground)}\` tries again`] : []),
    ...(unreadable.length > 0 ? ['a run whose folder is removed is made anew'] : []),
  ];
  return new WinnowError('RUNS_FAILED', `${[...failed, ...unreadable].join('; ')}.`, {
    hint: `${hints.join(', ')}.`,
  });
}
