/** What `readHdf5Tickets` finds under one name. */
export interface FlatTicket {
  /** The data set's path in its file. */
  readonly name: string;
  /** 1 keeps a weight, 0 removes it. */
  readonly mask: Uint8Array;
  readonly kept: number;
}

/** The fraction of weights that a ticket keeps. */
export const densityOf = ({ kept, mask }: FlatTicket): number => kept / mask.length;
