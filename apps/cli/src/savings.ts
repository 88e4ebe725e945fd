import type { RunResult } from '@winnow/experiments';

const percent = (part: number, whole: number) => `${((100 * part) / whole).toPrecision(3)} %`;

/** 1234567 → 1.23 M */
function shortCount(n: number): string {
  if (n >= 1e9) return `${(n / 1e9).toPrecision(3)} G`;
  if (n >= 1e6) return `${(n / 1e6).toPrecision(3)} M`;
  return n >= 1e4 ? `${(n / 1e3).toPrecision(3)} k` : `${n} `;
}

/** What the ticket saves, in three short statements. */
export function savings({
  kept,
  size,
  multiplyAdds,
  bytes,
}: Pick<RunResult, 'kept' | 'size' | 'multiplyAdds' | 'bytes'>): string[] {
  return [
    `${kept.toLocaleString('en')} of ${size.toLocaleString('en')} weights kept (${percent(kept, size)})`,
    `${shortCount(multiplyAdds.kept).trim()} of ${shortCount(multiplyAdds.dense).trim()} multiply-adds an image (${percent(multiplyAdds.kept, multiplyAdds.dense)})`,
    `${shortCount(Math.min(bytes.sparse, bytes.bitmask))}B instead of ${shortCount(bytes.dense)}B`,
  ];
}
