/** Three digits, or of what is less than all as many as tell it from 100 %. */
export function percentOf(part: number, whole: number): string {
  const share = (100 * part) / whole;
  const text = share.toPrecision(3);
  const isRoundedUp = share < 100 && text === '100';
  return `${isRoundedUp ? share.toFixed(Math.ceil(-Math.log10(100 - share))) : text} %`;
}

const UNITS = ['k', 'M', 'G', 'T', 'P', 'E'];

/** 1234567 → 1.23 M; multiply-adds of a function may be no whole number. */
export function shortCount(n: number): string {
  if (n < 1e4) return `${Math.round(n).toLocaleString('en')} `;
  // By what is shown: 999,999 is 1.00 M.
  const unit = UNITS.findLastIndex((_, i) => Number((n / 1000 ** (i + 1)).toPrecision(3)) >= 1);
  return `${(n / 1000 ** (unit + 1)).toPrecision(3)} ${UNITS[unit]}`;
}

/** What a ticket keeps of a network; multiply-adds are those of one image. */
export interface Saving {
  readonly kept: number;
  readonly size: number;
  readonly multiplyAdds: { readonly dense: number; readonly kept: number };
  readonly bytes: { readonly dense: number; readonly sparse: number; readonly bitmask: number };
}

/** Bytes of the smaller sparse file, where one is smaller than all weights are. */
export function savedTo({ bytes }: Pick<Saving, 'bytes'>): number | undefined {
  const smaller = Math.min(bytes.sparse, bytes.bitmask);
  return smaller < bytes.dense ? smaller : undefined;
}

/** What the ticket saves, in three short statements. */
export function savings(saving: Saving): string[] {
  const { kept, size, multiplyAdds, bytes } = saving;
  const saved = savedTo(saving);
  const dense = `${shortCount(bytes.dense)}B`;
  return [
    `${kept.toLocaleString('en')} of ${size.toLocaleString('en')} weights kept (${percentOf(kept, size)})`,
    `${shortCount(multiplyAdds.kept).trim()} of ${shortCount(multiplyAdds.dense).trim()} multiply-adds an image (${percentOf(multiplyAdds.kept, multiplyAdds.dense)})`,
    saved === undefined
      ? `${dense}: a sparse file would be no smaller`
      : `${shortCount(saved)}B instead of ${dense}`,
  ];
}
