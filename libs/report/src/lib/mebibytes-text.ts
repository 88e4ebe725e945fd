/** Whole ones, such as `147 MiB`. */
export const mebibytesText = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
