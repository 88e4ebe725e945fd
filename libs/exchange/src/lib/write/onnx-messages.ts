import { ProtobufMessage } from './protobuf.ts';
import { bytesOf } from './trained-network.ts';

// Messages of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, whose field numbers these are.

const FLOAT = 1;
const INT64 = 7;
const ATTRIBUTE_FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;

export type OnnxAttribute =
  | { readonly float: number }
  | { readonly int: number }
  | readonly number[];

function attributeProto(name: string, value: OnnxAttribute): ProtobufMessage {
  const message = new ProtobufMessage().text(1, name);
  if ('float' in value) return message.float(2, value.float).integer(20, ATTRIBUTE_FLOAT);
  if ('int' in value) return message.integer(3, value.int).integer(20, ATTRIBUTE_INT);
  for (const int of value) message.integer(8, int);
  return message.integer(20, ATTRIBUTE_INTS);
}

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  /** Of the node and of its only output. */
  readonly name: string;
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

export function nodeProto({ op, inputs, name, attributes = {} }: OnnxNode): ProtobufMessage {
  const message = new ProtobufMessage();
  for (const input of inputs) message.text(1, input);
  message.text(2, name).text(3, name).text(4, op);
  for (const [key, value] of Object.entries(attributes))
    message.message(5, attributeProto(key, value));
  return message;
}

export function tensorProto(
  name: string,
  shape: readonly number[],
  data: Float32Array | BigInt64Array,
): ProtobufMessage {
  const message = new ProtobufMessage();
  for (const n of shape) message.integer(1, n);
  return message
    .integer(2, data instanceof Float32Array ? FLOAT : INT64)
    .text(8, name)
    .bytes(9, bytesOf(data));
}

/** A float32 value; a dimension that is text can have any size. */
export function valueInfoProto(name: string, shape: readonly (number | string)[]): ProtobufMessage {
  const dimensions = new ProtobufMessage();
  for (const n of shape) {
    const dimension = new ProtobufMessage();
    dimensions.message(1, typeof n === 'string' ? dimension.text(2, n) : dimension.integer(1, n));
  }
  const tensor = new ProtobufMessage().integer(1, FLOAT).message(2, dimensions);
  return new ProtobufMessage().text(1, name).message(2, new ProtobufMessage().message(1, tensor));
}

export function modelProto(
  graph: ProtobufMessage,
  {
    irVersion,
    opset,
    producer,
    metadata,
  }: {
    readonly irVersion: number;
    readonly opset: number;
    readonly producer: string;
    readonly metadata: Readonly<Record<string, string>>;
  },
): ProtobufMessage {
  const message = new ProtobufMessage()
    .integer(1, irVersion)
    .text(2, producer)
    .message(7, graph)
    .message(8, new ProtobufMessage().text(1, '').integer(2, opset));
  for (const [key, value] of Object.entries(metadata))
    message.message(14, new ProtobufMessage().text(1, key).text(2, value));
  return message;
}
