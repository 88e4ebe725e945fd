import { expect, it } from '@jest/globals';
import {
  type EventMessage,
  type SummaryValue,
  encodeEvent,
  sessionStart,
  sessionSuccess,
} from './event-messages.ts';

const hex = (event: EventMessage) => Buffer.from(encodeEvent(event)).toString('hex');
const at = { wallTime: 1.5, step: 3 };
const withValue = (...value: readonly SummaryValue[]) => hex({ ...at, summary: { value } });

// What the classes of TensorBoard 2.21 make of the same messages.
it('events have the bytes of TensorBoard’s own', () => {
  expect(hex({ wallTime: 1.5, fileVersion: 'brain.Event:2' })).toBe(
    '09000000000000f83f1a0d627261696e2e4576656e743a32',
  );
  expect(hex({ ...at, sessionLog: { status: 1 } })).toBe('09000000000000f83f10033a020801');
  expect(withValue({ tag: 'train/loss', simpleValue: 0.25 })).toBe(
    '09000000000000f83f10032a130a110a0a747261696e2f6c6f7373150000803e',
  );
  expect(withValue({ tag: 'z', simpleValue: 0 })).toBe(
    '09000000000000f83f10032a0a0a080a017a1500000000',
  );
});

it('hyper-parameters too, those that are 0, false or empty as well', () => {
  const chosen = new Map<string, string | number | boolean>();
  expect(withValue(sessionStart(chosen.set('a', 'b'), 1.5))).toBe(
    '09000000000000f83f10032a440a420a1c5f68706172616d735f2f73657373696f6e5f73746172745f696e666f4a220a200a0768706172616d7312151a130a080a016112031a016229000000000000f83f',
  );
  const empty = new Map<string, string | number | boolean>([
    ['e', ''],
    ['f', false],
    ['n', 0],
  ]);
  expect(withValue(sessionStart(empty, 1.5))).toBe(
    '09000000000000f83f10032a5c0a5a0a1c5f68706172616d735f2f73657373696f6e5f73746172745f696e666f4a3a0a380a0768706172616d73122d1a2b0a070a016512021a000a070a0166120220000a0e0a016e120911000000000000000029000000000000f83f',
  );
  expect(withValue(sessionSuccess(2.5))).toBe(
    '09000000000000f83f10032a3a0a380a1a5f68706172616d735f2f73657373696f6e5f656e645f696e666f4a1a0a180a0768706172616d73120d220b0801110000000000000440',
  );
});
