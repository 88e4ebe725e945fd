import { expect, it } from '@jest/globals';
import type { GpuDevice, GpuErrorEvent } from './dawn.ts';
import { DeviceHealth } from './device-health.ts';

class OutOfMemory {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

function watched() {
  let complain: (event: GpuErrorEvent) => void;
  let lose: (how: { reason: string; message: string }) => void;
  const device = {
    lost: new Promise((resolve) => (lose = resolve)),
    addEventListener: (_: string, listener: typeof complain) => (complain = listener),
  } as unknown as GpuDevice;
  const health = new DeviceHealth(device, OutOfMemory);
  return {
    health,
    complain: (error: { message: string }) => complain({ error, preventDefault() {} }),
    lose: (message: string) => lose({ reason: 'unknown', message }),
  };
}

it('throws the first complaint once', () => {
  const { health, complain } = watched();
  health.assertGood();
  complain({ message: 'no such shader.\n - while compiling' });
  complain({ message: 'no pipeline without it' });
  expect(health.isGood).toBe(false);
  expect(() => health.assertGood()).toThrow(
    expect.objectContaining({
      code: 'DEVICE_FAILED',
      sentence: 'The GPU refused what it was given: no such shader.',
    }),
  );
  health.assertGood();
  // What it refused may be about still.
  expect(health.isGood).toBe(false);
});

it('tells memory that is full from the rest', () => {
  const { health, complain } = watched();
  complain(new OutOfMemory('no 3 GiB left'));
  expect(() => health.assertGood()).toThrow(expect.objectContaining({ code: 'OUT_OF_MEMORY' }));
});

it('throws ever after that a device is lost', async () => {
  const { health, lose } = watched();
  expect(health.isGood).toBe(true);
  lose('the driver was reset');
  await Promise.resolve();
  const lost = expect.objectContaining({
    code: 'DEVICE_LOST',
    sentence: 'The GPU is lost: the driver was reset.',
  });
  expect(() => health.assertGood()).toThrow(lost);
  expect(() => health.assertGood()).toThrow(lost);
  expect(health.isGood).toBe(false);
});

it('counts a device as lost that gives no answer, and says what was known', () => {
  const { health } = watched();
  expect(health.unanswered('silent')).toMatchObject({ code: 'DEVICE_LOST' });
  expect(health.isGood).toBe(false);
  const other = watched();
  other.complain(new OutOfMemory('no 3 GiB left'));
  expect(other.health.unanswered('lost')).toMatchObject({ code: 'OUT_OF_MEMORY' });
});
