/** What computes: a backend of TensorFlow.js and how it is started. */
export interface BackendDescriptor {
  readonly kind: 'backend';
  readonly name: string;
  readonly summary: string;
  /** The third party's plugin that brings it, set as that is loaded. */
  readonly plugin?: string;
  /** `auto` tries the highest first. */
  readonly priority: number;
  /** Makes TensorFlow.js run on this backend. Throws a `WinnowError` that says what to install where it can't. */
  start(): Promise<void>;
}

/** Makes a component of a backend, for `definePlugin`. */
export function defineBackend(
  backend: Omit<BackendDescriptor, 'kind' | 'plugin'>,
): BackendDescriptor {
  return { ...backend, kind: 'backend' };
}
