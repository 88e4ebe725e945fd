import protobuf from 'protobufjs/light.js';

/** A map; the type of `fields` below forgets that there are such. */
const HPARAMS = { keyType: 'string', type: 'Value', id: 1 };

/**
 * What Winnow writes of TensorBoard's messages: `event.proto` and `summary.proto` of TensorFlow, `plugin_data.proto` of the
 * plugin for hyper-parameters, and `struct.proto`. A field that is one of several is written where it is 0 or empty too; any
 * other is left out then.
 */
const messages = protobuf.Root.fromJSON({
  nested: {
    Event: {
      fields: {
        wallTime: { type: 'double', id: 1 },
        step: { type: 'int64', id: 2 },
        fileVersion: { type: 'string', id: 3 },
        summary: { type: 'Summary', id: 5 },
        sessionLog: { type: 'SessionLog', id: 7 },
      },
    },
    SessionLog: { fields: { status: { type: 'int32', id: 1 } } },
    Summary: { fields: { value: { rule: 'repeated', type: 'SummaryValue', id: 1 } } },
    SummaryValue: {
      oneofs: { value: { oneof: ['simpleValue'] } },
      fields: {
        tag: { type: 'string', id: 1 },
        simpleValue: { type: 'float', id: 2 },
        metadata: { type: 'SummaryMetadata', id: 9 },
      },
    },
    SummaryMetadata: { fields: { pluginData: { type: 'PluginData', id: 1 } } },
    PluginData: {
      fields: {
        pluginName: { type: 'string', id: 1 },
        content: { type: 'bytes', id: 2 },
      },
    },
    HParamsPluginData: {
      fields: {
        sessionStartInfo: { type: 'SessionStartInfo', id: 3 },
        sessionEndInfo: { type: 'SessionEndInfo', id: 4 },
      },
    },
    SessionStartInfo: {
      fields: {
        hparams: HPARAMS,
        startTimeSecs: { type: 'double', id: 5 },
      },
    },
    SessionEndInfo: {
      fields: {
        status: { type: 'int32', id: 1 },
        endTimeSecs: { type: 'double', id: 2 },
      },
    },
    Value: {
      oneofs: { kind: { oneof: ['numberValue', 'stringValue', 'boolValue'] } },
      fields: {
        numberValue: { type: 'double', id: 2 },
        stringValue: { type: 'string', id: 3 },
        boolValue: { type: 'bool', id: 4 },
      },
    },
  },
});

const encode = (type: string, message: object): Uint8Array =>
  messages.lookupType(type).encode(message).finish();

export interface SummaryValue {
  readonly tag: string;
  readonly simpleValue?: number;
  readonly metadata?: { readonly pluginData: { pluginName: string; content: Uint8Array } };
}

/** One entry of an event file; times are seconds since 1970. */
export type EventMessage = { readonly wallTime: number; readonly step?: number } & (
  | { readonly fileVersion: string }
  | { readonly sessionLog: { readonly status: number } }
  | { readonly summary: { readonly value: readonly SummaryValue[] } }
);

export const encodeEvent = (event: EventMessage): Uint8Array => encode('Event', event);

function hyperParametersValue(tag: string, data: object): SummaryValue {
  const content = encode('HParamsPluginData', data);
  return { tag: `_hparams_/${tag}`, metadata: { pluginData: { pluginName: 'hparams', content } } };
}

const valueOf = (value: string | number | boolean) =>
  typeof value === 'string'
    ? { stringValue: value }
    : typeof value === 'number'
      ? { numberValue: value }
      : { boolValue: value };

/** A row in TensorBoard's table of hyper-parameters. */
export function sessionStart(
  hyperParameters: ReadonlyMap<string, string | number | boolean>,
  startTimeSecs: number,
): SummaryValue {
  const hparams = Object.fromEntries(
    [...hyperParameters].map(([name, value]) => [name, valueOf(value)]),
  );
  return hyperParametersValue('session_start_info', {
    sessionStartInfo: { hparams, startTimeSecs },
  });
}

const SUCCESS = 1;

/** Says of that row that its run has its result. */
export function sessionSuccess(endTimeSecs: number): SummaryValue {
  return hyperParametersValue('session_end_info', {
    sessionEndInfo: { status: SUCCESS, endTimeSecs },
  });
}
