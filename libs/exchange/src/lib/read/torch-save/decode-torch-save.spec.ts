import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeTorchSave, isTorchSave } from './decode-torch-save.ts';

/** Written by PyTorch; see make.py beside them. */
const fixture = (name: string) =>
  readFile(fileURLToPath(new URL(`../../../../fixtures/torch-save/${name}`, import.meta.url)));
const decoded = async (name: string) => decodeTorchSave(await fixture(name), name);

/** What PyTorch says that tensors.pth holds; half precisions as they are in float32. */
const TENSORS: Record<string, [dtype: string, shape: number[], data: ArrayLike<number | bigint>]> =
  {
    plain: ['F32', [2, 3], Float32Array.of(0, 1, 2, 3, 4, 5)],
    transposed: ['F32', [3, 2], Float32Array.of(1, 4, 2, 5, 3, 6)],
    offset: ['F32', [4], Float32Array.of(5, 6, 7, 8)],
    every_other: ['F32', [2, 2, 2], Float32Array.of(4, 6, 8, 10, 16, 18, 20, 22)],
    expanded: ['F32', [2, 3], Float32Array.of(7, 7, 7, 8, 8, 8)],
    scalar: ['F32', [], Float32Array.of(2.5)],
    empty: ['F32', [0, 3], Float32Array.of()],
    double: ['F64', [2], Float64Array.of(0.1, -1e300)],
    half: ['F16', [3], Float32Array.of(1.5, -65504, 5.960464477539063e-8)],
    brain: ['BF16', [3], Float32Array.of(1.5, -3.00405527047391e38, 0.10009765625)],
    long: ['I64', [2], BigInt64Array.of(-3n, 1099511627776n)],
    int: ['I32', [2], Int32Array.of(-3, 1073741824)],
    byte: ['U8', [2], Uint8Array.of(0, 255)],
    bool: ['BOOL', [2], Uint8Array.of(1, 0)],
    parameter: ['F32', [1], Float32Array.of(1.25)],
  };

describe('decodeTorchSave', () => {
  it('reads tensors of all types, strides and offsets, in order', async () => {
    const { tensors, dtypes } = await decoded('tensors.pth');
    const found = [...tensors].map(([name, { shape, data }]) => [
      name,
      [dtypes.get(name), shape, data],
    ]);
    expect(found).toEqual(Object.entries(TENSORS));
  });

  it.each(['checkpoint.pth', 'protocol-5.pth'])(
    'finds the state_dict in %s, beside an optimiser and objects',
    async (name) => {
      const { tensors } = await decoded(name);
      expect(tensors.get('fc.weight')).toEqual({
        shape: [3, 2],
        data: Float32Array.of(1, 2, 3, 4, 5, 6),
      });
      expect(tensors.get('bn.num_batches_tracked')!.data).toEqual(BigInt64Array.of(1n));
      expect([...tensors.keys()].join()).toBe(
        'fc.weight,fc.bias,bn.weight,bn.bias,bn.running_mean,bn.running_var,bn.num_batches_tracked',
      );
    },
  );

  const STATE_DICT = "In PyTorch: torch.save(model.state_dict(), 'weights.pth').";
  const eachBy = (method: string) =>
    `In PyTorch: torch.save({k: v.${method}() for k, v in model.state_dict().items()}, 'weights.pth').`;
  const SEQUENTIAL = 'a Python object of class torch.nn.modules.container.Sequential';
  it.each([
    [
      'module.pth',
      `holds ${SEQUENTIAL}, which would have to be run. In PyTorch, if you trust it: torch.save(torch.load('module.pth', weights_only=False).state_dict(), 'weights.pth').`,
    ],
    [
      'module-within.pth',
      `holds ${SEQUENTIAL}, which would have to be run. In PyTorch, if you trust it: torch.save(torch.load('module-within.pth', weights_only=False)["model"].state_dict(), 'weights.pth').`,
    ],
    [
      'script.pt',
      "is a TorchScript archive, which holds code that would have to be run. In PyTorch: torch.save(torch.jit.load('script.pt').state_dict(), 'weights.pth').",
    ],
    [
      'legacy.pth',
      "is in the format of PyTorch before 1.6. In PyTorch: torch.save(torch.load('legacy.pth'), 'weights.pth').",
    ],
    [
      'several.pth',
      `holds several dictionaries of tensors: ["model"], ["ema"]. In PyTorch: torch.save(torch.load('several.pth')["model"], 'weights.pth').`,
    ],
    ['quantised.pth', `holds "fc.weight" as a quantised tensor. ${eachBy('dequantize')}`],
    ['sparse.pth', `holds "fc.weight" as a sparse tensor. ${eachBy('to_dense')}`],
    [
      'meta.pth',
      `holds "fc.weight" as a tensor on the device meta, which has no values. Load or make its values first. ${STATE_DICT}`,
    ],
    ['short.pth', `holds "fc.weight" as Short, which is not read here. ${eachBy('float')}`],
    [
      'float8.pth',
      `holds "fc.weight" as float8_e4m3fn, which is not read here. ${eachBy('float')}`,
    ],
    [
      'negated.pth',
      `holds "fc.weight" as a view that is still to be negated. ${eachBy('resolve_neg')}`,
    ],
    [
      'nested.pth',
      `holds "fc.weight" as a tensor that _rebuild_nested_tensor would have to make. ${STATE_DICT} Its tensors are plain.`,
    ],
    [
      'tensor.pth',
      "holds one tensor without a name. In PyTorch: torch.save({'fc.weight': tensor}, 'weights.pth').",
    ],
    ['list.pth', `holds no dictionary with tensors by name. ${STATE_DICT}`],
    [
      'compressed.pth',
      `has "sparse/byteorder" compressed or encrypted, which torch.save never does. In PyTorch: torch.save(torch.load('compressed.pth'), 'weights.pth').`,
    ],
    [
      'big-endian.pth',
      "holds values whose highest byte comes first. In PyTorch: torch.save(torch.load('big-endian.pth'), 'weights.pth').",
    ],
    ['other.zip', 'is a zip archive, and none that torch.save writes. Unpack it first.'],
  ])('refuses %s with what to do', async (name, sentence) => {
    expect(isTorchSave(await fixture(name))).toBe(true);
    await expect(decoded(name)).rejects.toMatchObject({
      code: 'BAD_PYTORCH',
      message: `${name} ${sentence}`,
    });
  });

  it('quotes the name of the file as Python does', async () => {
    const bytes = await fixture('legacy.pth');
    await expect(decodeTorchSave(bytes, "my\\own's.pth")).rejects.toMatchObject({
      message: expect.stringContaining("torch.load('my\\\\own\\'s.pth')"),
    });
  });

  it('refuses what a stride of 0 makes larger than memory', async () => {
    await expect(decoded('vast.pth')).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: 'vast.pth is not read: it takes more than 1024 MiB of memory.',
    });
  });

  it('refuses a file that was cut off', async () => {
    const bytes = (await fixture('tensors.pth')).subarray(0, 3000);
    await expect(decodeTorchSave(bytes, 'cut.pth')).rejects.toMatchObject({
      code: 'BAD_PYTORCH',
      message:
        'cut.pth is damaged or cut off (End of central directory record signature not found. Either not a zip file, or file is truncated). Save, copy or download it again.',
    });
  });

  it('never takes other values or shapes from a damaged file, wherever the damage is', async () => {
    const bytes = await fixture('checkpoint.pth');
    const whole = [...(await decodeTorchSave(bytes, 'x')).tensors.values()];
    const places = fc.record({ at: fc.nat(bytes.length - 1), bit: fc.nat(7) });
    await fc.assert(
      fc.asyncProperty(places, async ({ at, bit }) => {
        const damaged = Buffer.from(bytes);
        damaged[at]! ^= 1 << bit;
        const code = await decodeTorchSave(damaged, 'x').then(
          ({ tensors }) => expect([...tensors.values()]).toEqual(whole),
          (error: unknown) => expect(error).toMatchObject({ code: 'BAD_PYTORCH' }),
        );
        return code === undefined;
      }),
      { numRuns: 200 },
    );
  });
});
