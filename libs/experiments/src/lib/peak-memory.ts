/** The most memory that was in use at a time, in bytes. */
export interface PeakMemory {
  /** Resident in a process. */
  readonly bytes: number;
  /** Of tensors, on the device of a backend that has one. */
  readonly deviceBytes?: number | undefined;
}

/** The most of both. */
export function highest(one: PeakMemory, other: PeakMemory | undefined): PeakMemory {
  const onDevice = [one, other].flatMap((peak) => peak?.deviceBytes ?? []);
  return {
    bytes: Math.max(one.bytes, other?.bytes ?? 0),
    ...(onDevice.length > 0 && { deviceBytes: Math.max(...onDevice) }),
  };
}
