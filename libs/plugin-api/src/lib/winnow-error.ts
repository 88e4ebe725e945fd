// A registered symbol, so that an error from a second copy of this package is still recognised.
const brand = Symbol.for('@winnow/plugin-api/error');

export interface WinnowErrorOptions {
  /** What the user can do about it, as a sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** An error that a user can cause. `code` is stable; `message` is one sentence for people, with the hint at its end. */
export class WinnowError extends Error {
  readonly code: string;
  /** What is wrong, without the hint. */
  readonly sentence: string;

  constructor(code: string, message: string, { hint, cause }: WinnowErrorOptions = {}) {
    super(hint === undefined ? message : `${message} ${hint}`, { cause });
    this.name = 'WinnowError';
    this.code = code;
    this.sentence = message;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Whether a value is a `WinnowError`, of whatever copy of this package. */
export function isWinnowError(value: unknown): value is WinnowError {
  return value instanceof Error && brand in value;
}

/** The code of the error that ends work stopped by the user after its state was saved. */
export const INTERRUPTED = 'INTERRUPTED';

/** Thrown by long work once its `AbortSignal` fired and its state was saved. */
export function interrupted(): WinnowError {
  return new WinnowError(INTERRUPTED, 'Interrupted; the state is saved.', {
    hint: 'Run the same command again to go on.',
  });
}
