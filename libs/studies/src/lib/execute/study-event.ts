import type { RunEvent } from '@winnow/plugin-api';

/** What many runs are carried out for. */
export type StudyTask = 'quickstart' | 'search' | 'check' | 'objectives' | 'study';

/** What happens while many runs are worked on, each under the name that it is told by. */
export type StudyEvent =
  /** Work on so many runs begins. */
  | { readonly type: 'task'; readonly task: StudyTask; readonly runs: number }
  | { readonly type: 'run'; readonly run: string; readonly event: RunEvent }
  /** One of several whose failures are kept. */
  | { readonly type: 'failed'; readonly run: string; readonly reason: string }
  /** Nothing is left to do of a run: it was done now, or before. */
  | { readonly type: 'done'; readonly run: string };

export type StudyListener = (event: StudyEvent) => void;
