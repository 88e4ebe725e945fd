import { INTERRUPTED, isWinnowError } from '@winnow/plugin-api';
import type { Ending, Trouble } from './search-api.ts';

/** What is wrong, in words; an error that nobody foresaw keeps its own. */
export function troubleOf(error: unknown): Trouble {
  if (isWinnowError(error)) {
    const hint = error.message.slice(error.sentence.length + 1);
    return { code: error.code, sentence: error.sentence, hint };
  }
  return { code: 'UNEXPECTED', sentence: String(error), hint: 'Reload the page to begin anew.' };
}

export function endingOf(error: unknown): Ending {
  if (isWinnowError(error) && error.code === INTERRUPTED) return { ended: 'stopped' };
  return { trouble: troubleOf(error) };
}
