/** What a backend can compute on. */
export interface BackendDevice {
  /** As its driver calls it. */
  readonly name: string;
  readonly vendor: string;
  readonly architecture: string;
  /** A driver that computes on the CPU. */
  readonly software: boolean;
}

/** What computes: a backend of TensorFlow.js and how it is started. */
export interface BackendDescriptor {
  readonly kind: 'backend';
  readonly name: string;
  readonly summary: string;
  /** The third party's plugin that brings it, set as that is loaded. */
  readonly plugin?: string;
  /** Of two that were not measured, `auto` tries the higher first. */
  readonly priority: number;
  /**
   * Computes by a library or a driver that does not come with it, and is worth as much as the machine makes it: `auto` takes
   * it only after those that are not so, unless it was measured to be faster; and it is tried in a process of its own.
   */
  readonly external?: boolean;
  /** Milliseconds of a training step, measured on this machine; set by who knows them. */
  readonly stepMs?: number;
  /**
   * Makes TensorFlow.js run on this backend. Throws a `WinnowError` that says what to install where it can't, and, started
   * by `auto` and not by its name, where it could but had better not.
   */
  start(how?: { readonly byAuto?: boolean }): Promise<void>;
  /** Of a backend with a choice, the devices, that which work goes to first. Throws as `start` does. */
  devices?(): Promise<readonly BackendDevice[]>;
}

/** Makes a component of a backend, for `definePlugin`. */
export function defineBackend(
  backend: Omit<BackendDescriptor, 'kind' | 'plugin'>,
): BackendDescriptor {
  return { ...backend, kind: 'backend' };
}
