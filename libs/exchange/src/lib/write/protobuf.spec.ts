import { describe, expect, it } from '@jest/globals';
import { nodeProto, tensorProto, valueInfoProto } from './onnx-messages.ts';
import { ProtobufMessage } from './protobuf.ts';

const hex = (message: ProtobufMessage) => Buffer.from(message.encode()).toString('hex');

// The first three are the examples of https://protobuf.dev/programming-guides/encoding/.
describe('ProtobufMessage', () => {
  it('writes integers as varints', () => {
    expect(hex(new ProtobufMessage().integer(1, 150))).toBe('089601');
    expect(hex(new ProtobufMessage().integer(1, 0))).toBe('0800');
    expect(hex(new ProtobufMessage().integer(1, -2))).toBe('08feffffffffffffffff01');
    expect(hex(new ProtobufMessage().integer(20, 2n ** 63n - 1n))).toBe('a001ffffffffffffffff7f');
  });

  it('writes text and messages with their lengths', () => {
    expect(hex(new ProtobufMessage().text(2, 'testing'))).toBe('120774657374696e67');
    const inner = new ProtobufMessage().integer(1, 150);
    expect(hex(new ProtobufMessage().message(3, inner))).toBe('1a03089601');
    expect(hex(new ProtobufMessage().text(1, 'é'))).toBe('0a02c3a9');
    const long = hex(new ProtobufMessage().text(1, 'a'.repeat(300)));
    expect(long.slice(0, 6)).toBe('0aac02');
  });

  it('has room for messages of any number of parts', () => {
    const inner = new ProtobufMessage();
    for (let i = 0; i < 200_000; i++) inner.integer(1, 1);
    // 400,000 bytes are 0x61a80: 80 b5 18 in groups of seven bits.
    expect(hex(new ProtobufMessage().message(3, inner)).slice(0, 12)).toBe('1a80b5180801');
  });

  it('writes floats in four bytes, lowest first', () => {
    expect(hex(new ProtobufMessage().float(2, 1))).toBe('150000803f');
    expect(hex(new ProtobufMessage().float(2, -2.5))).toBe('15000020c0');
  });
});

describe('messages of ONNX', () => {
  it('writes a TensorProto', () => {
    const data = Float32Array.of(1, -2.5);
    expect(hex(tensorProto('x', [2, 1], data))).toBe(
      '080208011001' + '420178' + '4a080000803f000020c0',
    );
    expect(hex(tensorProto('n', [1], BigInt64Array.of(-1n)))).toBe(
      '08011007' + '42016e' + '4a08ffffffffffffffff',
    );
  });

  it('writes a NodeProto with each kind of attribute', () => {
    const attributes = { e: { float: 1 }, t: { int: 1 }, p: [1, 0] };
    expect(hex(nodeProto({ op: 'Op', inputs: ['a', 'b'], name: 'y', attributes }))).toBe(
      ['0a0161', '0a0162', '120179', '1a0179', '22024f70']
        .concat('2a0b' + '0a0165' + '150000803f' + 'a00101')
        .concat('2a08' + '0a0174' + '1801' + 'a00102')
        .concat('2a0a' + '0a0170' + '40014000' + 'a00107')
        .join(''),
    );
  });

  it('writes a ValueInfoProto with a size that is open', () => {
    const dimensions = '0a03' + '120162' + '0a02' + '0803';
    const tensor = '0801' + '1209' + dimensions;
    expect(hex(valueInfoProto('x', ['b', 3]))).toBe('0a0178' + '120f' + '0a0d' + tensor);
  });
});
