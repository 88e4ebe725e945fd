import { type HostTensor, decodeSafetensors, encodeSafetensors, sizeOf } from '@winnow/files';
import {
  type LayerMask,
  type TicketData,
  type TicketProvenance,
  WinnowError,
} from '@winnow/plugin-api';
import * as z from 'zod';
import { packBits, unpackBits } from './packed-bits.ts';
import { Ticket } from './ticket.ts';

/**
 * A ticket file is a safetensors file with one U8 tensor a layer, named as the parameter.
 * `bytes`: 0 or 1 a weight, in the parameter's shape. `bits`: eight weights a byte, lowest bit first, flat [⌈n/8⌉],
 * with the parameters' shapes as JSON in the metadata.
 */
export type TicketEncoding = 'bits' | 'bytes';

const FORMAT = 'winnow-ticket';
const VERSION = '1';

const Provenance = z.object({
  method: z.string(),
  methodOptions: z.record(z.string(), z.unknown()).exactOptional(),
  objective: z.string().exactOptional(),
  objectiveOptions: z.record(z.string(), z.unknown()).exactOptional(),
  density: z.number(),
  layerDensities: z.record(z.string(), z.number()).exactOptional(),
  seed: z.number(),
  model: z.string(),
  weightsHash: z.string(),
  leftOut: z.array(z.string()).exactOptional(),
  notes: z.array(z.string()).exactOptional(),
}) satisfies z.ZodType<TicketProvenance>;

const Metadata = z.discriminatedUnion('encoding', [
  z.object({ encoding: z.literal('bytes'), provenance: json(Provenance) }),
  z.object({
    encoding: z.literal('bits'),
    provenance: json(Provenance),
    shapes: json(z.record(z.string(), z.array(z.int().nonnegative()))),
  }),
]);

function json<S extends z.ZodType>(schema: S) {
  const parsed = z.string().transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue('not JSON');
      return z.NEVER;
    }
  });
  return parsed.pipe(schema);
}

/** Its fields in one order, and those alone that have a value. Throws BAD_TICKET. */
function ordered(provenance: TicketProvenance): TicketProvenance {
  const known = Object.entries(provenance).filter(([, value]) => value !== undefined);
  const { data, error } = Provenance.safeParse(Object.fromEntries(known));
  if (data) return data;
  const [{ path, message }] = error.issues as [z.core.$ZodIssue];
  throw new WinnowError(
    'BAD_TICKET',
    `The ticket's provenance has a wrong "${path.join('.')}": ${message}.`,
    { hint: 'Give it as TicketProvenance of @winnow/plugin-api says.' },
  );
}

/** The same bytes for equal tickets. Throws BAD_TICKET. */
export function encodeTicket(
  data: TicketData,
  { encoding = 'bits' }: { readonly encoding?: TicketEncoding } = {},
): Uint8Array {
  const { layers, provenance } = new Ticket(data);
  const metadata = {
    format: FORMAT,
    version: VERSION,
    encoding,
    provenance: JSON.stringify(ordered(provenance)),
  };
  const tensors = (encode: (mask: LayerMask) => HostTensor) =>
    [...layers].map(([name, mask]) => [name, encode(mask)] as const);
  if (encoding === 'bytes') {
    return encodeSafetensors(
      tensors(({ shape, kept }) => ({ shape, data: kept })),
      metadata,
    );
  }
  const shapes = Object.fromEntries([...layers].map(([name, { shape }]) => [name, shape]));
  return encodeSafetensors(
    tensors(({ kept }) => {
      const data = packBits(kept);
      return { shape: [data.length], data };
    }),
    { ...metadata, shapes: JSON.stringify(shapes) },
  );
}

/** `source` is named in errors. Throws BAD_SAFETENSORS, NOT_A_TICKET, TICKET_VERSION, BAD_TICKET. */
export function decodeTicket(bytes: Uint8Array, source: string): Ticket {
  const { tensors, metadata } = decodeSafetensors(bytes, source);
  if (metadata['format'] !== FORMAT) {
    throw new WinnowError('NOT_A_TICKET', `${source} is a safetensors file, but not a ticket.`, {
      hint: `A ticket's metadata say format: "${FORMAT}". \`winnow import --ticket mask\` makes one of masks.`,
    });
  }
  if (metadata['version'] !== VERSION) {
    throw new WinnowError(
      'TICKET_VERSION',
      `${source} is a ticket of version ${metadata['version']}, and this Winnow reads ${VERSION}.`,
      { hint: 'Install the version of Winnow that wrote it.' },
    );
  }
  const fail = (problem: string): never => {
    throw new WinnowError('BAD_TICKET', `${source} is a damaged ticket: ${problem}.`, {
      hint: 'Write or download it again.',
    });
  };
  const parsed = Metadata.safeParse(metadata);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return fail(`its metadata "${issue?.path.join('.')}": ${issue?.message}`);
  }
  const header = parsed.data;
  const layers = new Map<string, LayerMask>();
  for (const [name, { shape, data }] of tensors) {
    if (!(data instanceof Uint8Array)) return fail(`"${name}" does not hold bytes`);
    if (header.encoding === 'bytes') {
      layers.set(name, { shape, kept: data });
      continue;
    }
    // A name may be that of what every object has.
    const full = Object.hasOwn(header.shapes, name) ? header.shapes[name] : undefined;
    if (full === undefined) return fail(`the shape of "${name}" is missing`);
    const kept = unpackBits(data, sizeOf(full));
    if (kept === undefined) {
      return fail(`"${name}" has ${data.length} bytes, not the bits of shape [${full.join(', ')}]`);
    }
    layers.set(name, { shape: full, kept });
  }
  try {
    return new Ticket({ layers, provenance: header.provenance });
  } catch (error) {
    return fail((error as Error).message.replace(/\.$/, ''));
  }
}
