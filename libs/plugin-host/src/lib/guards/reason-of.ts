/** What was thrown, in words: a plugin may throw anything, that has no words too. */
export function reasonOf(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown);
  } catch {
    return 'something that is no text was thrown';
  }
}
