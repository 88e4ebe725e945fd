/** Pages that change. */
export interface LiveSite {
  /** The HTML at a path below the root, `''` and the like; undefined where there is none. */
  page(path: string): Promise<string | undefined>;
  /** Calls back after each change, until the signal fires. */
  onChange(changed: () => void, signal: AbortSignal): void;
}
