/** Milliseconds that only grow; what they are counted from does not matter. */
export type Clock = () => number;

export const systemClock: Clock = () => performance.now();
