import { KINDS, WinnowError, isWinnowError } from '@winnow/plugin-api';

const TITLES = Object.values(KINDS).map(({ title }) => title.toLowerCase());
const UNKNOWN = new RegExp(`^No (${TITLES.join('|')}) is named `);

/** Of a component that there is not, and no slip for one that there is, tells that a plugin may have it. Others as they are. */
export function withPluginHint(error: unknown): unknown {
  if (!isWinnowError(error) || error.code !== 'UNKNOWN_NAME') return error;
  const { sentence, message, code } = error;
  const hint = message.slice(sentence.length).trim();
  if (!UNKNOWN.test(sentence) || hint.startsWith('Did you mean')) return error;
  return new WinnowError(code, sentence, {
    hint: `${hint} If a plugin brings it, name that by --plugin.`,
    cause: error,
  });
}
