/** The most memory that this process has had resident so far. */
export function peakMemoryBytes(): number {
  return 1024 * process.resourceUsage().maxRSS;
}

export function peakMemoryMiB(): number {
  return Math.round(peakMemoryBytes() / 2 ** 20);
}
