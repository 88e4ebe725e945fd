import { INTERRUPTED, isWinnowError } from '@winnow/plugin-api';
import type { StudyExecutor } from '@winnow/studies';
import { type Console, note } from '../terminal/console.ts';

/** Asks a study's executors; where one that was not chosen, and so is not the first, cannot be asked, that is a note. */
export async function eachAsked(
  [chosen, ...others]: readonly StudyExecutor[],
  console: Console,
  ask: (executor: StudyExecutor) => Promise<void>,
): Promise<void> {
  await ask(chosen!);
  for (const one of others)
    await ask(one).catch((problem: unknown) => {
      if (!isWinnowError(problem) || problem.code === INTERRUPTED) throw problem;
      note(console, `${one.executor.name}: ${problem.message}`);
    });
}
