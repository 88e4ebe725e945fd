const calls = new Map<string, number>();

/** Notes that the reference kernel took a call. */
export function recordFallback(name: string): void {
  calls.set(name, (calls.get(name) ?? 0) + 1);
}

/** Ops that a backend handed to TensorFlow.js's reference kernels since the start, and how often. */
export function fallbackCalls(): ReadonlyMap<string, number> {
  return calls;
}
