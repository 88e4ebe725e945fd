import { INTERRUPTED, isWinnowError } from '@winnow/plugin-api';
import type { Ending, Trouble } from './search-api.ts';

/** What stacks call the visitor's objective. */
export const SOURCE_NAME = 'objective.js';
/** Of the function that the objective's text is made the body of. */
const HEAD_LINES = 2;

/** Where the visitor's objective stands in a stack, of Chromium's form and of Firefox's. */
function placeIn(stack: string | undefined): Trouble['at'] {
  const found = /objective\.js:(\d+):(\d+)/.exec(stack ?? '');
  return found ? { line: Number(found[1]) - HEAD_LINES, column: Number(found[2]) - 1 } : undefined;
}

/** What is wrong, in words; an error that nobody foresaw keeps its own. */
export function troubleOf(error: unknown): Trouble {
  const { stack, cause } = error as Error;
  const at = placeIn(stack) ?? placeIn((cause as Error | undefined)?.stack);
  const place = at && { at };
  if (isWinnowError(error)) {
    const hint = error.message.slice(error.sentence.length + 1);
    return { code: error.code, sentence: error.sentence, hint, ...place };
  }
  const sentence = String(error).replace(/^Error: /, '');
  return {
    code: 'UNEXPECTED',
    sentence,
    hint: at ? '' : 'Reload the page to begin anew.',
    ...place,
  };
}

export function endingOf(error: unknown): Ending {
  if (isWinnowError(error) && error.code === INTERRUPTED) return { ended: 'stopped' };
  return { trouble: troubleOf(error) };
}
