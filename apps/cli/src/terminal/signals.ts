/** What asks a process to end: Ctrl-C, another process, a terminal that was closed. */
export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
