/** What is wrong with a text, and where; positions count characters from its beginning. */
export interface Problem {
  readonly from: number;
  readonly to: number;
  /** From 1. */
  readonly line: number;
  readonly message: string;
  readonly severity: 'error' | 'warning';
}

export interface Proposal {
  readonly name: string;
  readonly kind: string;
}

/** The module, as JavaScript that asks for what it imports by `require`, and where its lines came from. */
export interface Compiled {
  readonly javascript: string;
  readonly sourceMap: string;
}

/** TypeScript in a worker, over the one file that is edited. */
export interface CheckerApi {
  problems(text: string): Problem[];
  proposals(text: string, position: number): Proposal[];
  /** The type and the first lines of the documentation of what stands there. */
  about(text: string, position: number): string | undefined;
  compile(text: string): Compiled;
}
