import { describe, expect, it } from '@jest/globals';
import { fileOrder } from '@winnow/data';
import { digitsIn } from './digits-table.ts';
import { digits } from './digits.ts';

const opened = digits.open();

function classCounts(labels: Int32Array): number[] {
  return Array.from({ length: 10 }, (_, c) => labels.filter((label) => label === c).length);
}

describe('digitsIn', () => {
  const line = `${'0,'.repeat(64)}9`;
  const table = (...others: string[]) => [
    ...others,
    ...new Array<string>(1797 - others.length).fill(line),
  ];

  it('takes 1,797 lines of 64 pixels and a digit', () => {
    expect(digitsIn(table().join('\r\n')).test.length).toBe(360);
  });

  it.each([
    ['it has 1 line and not 1797', ['<html>']],
    ['it has 1796 lines and not 1797', table().slice(1)],
    ['line 1 is not', table('0,1,2')],
    ['line 2 is not', table(line, line.replace('0', '17'))],
    ['line 1 is not', table(line.replace('0', '0.5'))],
    ['line 1 is not', table(line.replace('0', ''))],
    ['line 1 is not', table(line.replace('9', '10'))],
  ])('refuses another: %s', (problem, lines) => {
    expect(() => digitsIn(lines.join('\n'))).toThrow(
      expect.objectContaining({
        code: 'BAD_DATA',
        sentence: expect.stringContaining(`This is not the table of the digits: ${problem}`),
      }),
    );
  });
});

describe('digits', () => {
  // Counted with NumPy.
  it('splits 1,797 images in 1,294, 143 and 360', async () => {
    const { train, validation, test } = await opened;
    expect([train.length, validation.length, test.length]).toEqual([1294, 143, 360]);
    expect(classCounts(train.labels)).toEqual([122, 139, 136, 121, 129, 129, 136, 138, 124, 120]);
    expect(classCounts(validation.labels)).toEqual([14, 15, 15, 14, 14, 14, 15, 15, 14, 13]);
    expect(classCounts(test.labels)).toEqual([42, 28, 26, 48, 38, 39, 30, 26, 36, 47]);
  });

  it('normalises by its training images', async () => {
    const { train } = await opened;
    const { images } = await train.read(fileOrder(train.length));
    const mean = images.reduce((sum, x) => sum + x, 0) / images.length;
    const variance = images.reduce((sum, x) => sum + (x - mean) ** 2, 0) / images.length;
    expect(mean).toBeCloseTo(0, 6);
    expect(variance).toBeCloseTo(1, 6);
  });

  it('begins its test images with the first line of the file: 0,0,5,13,9,1,0,0,… a zero', async () => {
    const { test, checksum } = await opened;
    const { images, labels } = await test.read([0]);
    const pixels = [...images.subarray(0, 8)].map((x) => x * 6.006704 + 4.868081);
    [0, 0, 5, 13, 9, 1, 0, 0].forEach((pixel, x) => expect(pixels[x]).toBeCloseTo(pixel, 5));
    expect([...labels]).toEqual([0]);
    expect(checksum).toBe('6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8');
  });
});
