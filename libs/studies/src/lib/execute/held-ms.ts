/** How long a run that another process holds is left alone before it is looked at again. */
export const HELD_MS = 300;
