import { WinnowError } from '@winnow/plugin-api';
import type { GpuDevice } from './dawn.ts';

const GIB = 2 ** 30;

export function outOfMemory(what: string, cause?: unknown): WinnowError {
  return new WinnowError('OUT_OF_MEMORY', `The GPU's memory does not do: ${what}.`, {
    hint: 'Memory goes with the batch: lower --batch-size.',
    cause,
  });
}

/** What went wrong on a device. A GPU tells it late, and not to the call that it was; so each read asks here. */
export class DeviceHealth {
  #failure: WinnowError | undefined;
  #complained = false;
  #lost: WinnowError | undefined;

  constructor(device: GpuDevice, OutOfMemory: abstract new (...args: never[]) => object) {
    device.addEventListener('uncapturederror', (event) => {
      // Or else it is printed.
      event.preventDefault();
      const { error } = event;
      const message = firstLine(error.message);
      this.#complained = true;
      this.#failure ??=
        error instanceof OutOfMemory
          ? outOfMemory(message, error)
          : new WinnowError('DEVICE_FAILED', `The GPU refused what it was given: ${message}.`, {
              hint: 'Take another --backend; what the run saved is good.',
              cause: error,
            });
    });
    void device.lost.then(({ reason, message }) => {
      this.#lost = lost(firstLine(message) || reason);
    });
  }

  /** Not once it has complained: later complaints, and buffers that failed, would meet the next run. */
  get isGood(): boolean {
    return this.#lost === undefined && !this.#complained;
  }

  /** Throws, once, what the device complained of: DEVICE_FAILED, OUT_OF_MEMORY; and DEVICE_LOST ever after. */
  assertGood(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (this.#lost ?? failure) throw this.#lost ?? failure!;
  }

  /** Of a device that does not give what it was asked for, and why: from then on it counts as lost. */
  unanswered(why: 'lost' | 'silent'): WinnowError {
    const known = this.#lost ?? this.#failure;
    this.#lost ??= lost(why === 'lost' ? 'it gives nothing back' : 'it does not answer');
    return known ?? this.#lost;
  }
}

const firstLine = (message: string) => message.split('\n')[0]!.replace(/\.$/, '');

function lost(why: string): WinnowError {
  return new WinnowError('DEVICE_LOST', `The GPU is lost: ${why}.`, {
    hint: 'The same command goes on from the last checkpoint.',
  });
}

export const gibibytes = (bytes: number) => `${(bytes / GIB).toFixed(1)} GiB`;
