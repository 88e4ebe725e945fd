/** What a process writes to its stderr before it ends itself. */
export const MEMORY_WORD = 'winnow: over the limit of memory\n';
export const TIME_WORD = 'winnow: over the limit of time\n';

/** V8 ends a process whose heap is full, and one that wants an array beyond any heap. */
const HEAP_WORDS = /FATAL ERROR: .*(heap|memory|size|length)|Fatal JavaScript invalid size error/i;

/** Which limit a process was ended by, as its stderr tells; nothing where it ended otherwise. */
export function limitIn(stderr: string): 'memory' | 'heap' | 'time' | undefined {
  if (stderr.includes(TIME_WORD)) return 'time';
  if (stderr.includes(MEMORY_WORD)) return 'memory';
  return HEAP_WORDS.test(stderr) ? 'heap' : undefined;
}
