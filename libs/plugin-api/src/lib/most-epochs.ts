/** More than anyone trains for: what asks for more is a slip. */
export const MOST_EPOCHS = 1_000_000;
