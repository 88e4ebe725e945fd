import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { imageFolder } from './image-folder.ts';
import { imagenet } from './imagenet.ts';
import { tinyImagenet } from './tiny-imagenet.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-folders-'));
});
afterEach(() => rm(dir, { recursive: true }));

/** An image of one colour, whose red says which it is. */
const coloured = (red: number, side = 8, width = side) =>
  sharp({ create: { width, height: side, channels: 3, background: { r: red, g: 100, b: 0 } } })
    .png()
    .toBuffer();

async function put(path: string, data: Uint8Array | string): Promise<void> {
  await mkdir(dirname(join(dir, path)), { recursive: true });
  await writeFile(join(dir, path), data);
}

/** Ten images in each of two classes: red is 10 × class + index. */
async function putTree(part = ''): Promise<void> {
  for (const [label, name] of ['ant', 'bee'].entries()) {
    for (let i = 0; i < 10; i++)
      await put(join(part, name, `${i}.png`), await coloured(10 * label + i));
  }
}

const AS_IS = { mean: '0,0,0', std: '1,1,1' };
const open = (options: object = {}) => imageFolder.open({ dataDir: dir, ...AS_IS, ...options });
const bad = (message: RegExp, code = 'BAD_DATA') => ({
  code,
  message: expect.stringMatching(message) as unknown,
});

type Source = Awaited<ReturnType<typeof open>>['train'];

/** The red of each image, where they are read as fractions of 255. */
async function reds(source: Source): Promise<number[]> {
  const { images } = await source.read([...source.labels.keys()]);
  const pixels = images.length / source.length;
  return Array.from({ length: source.length }, (_, i) => Math.round(255 * images[i * pixels]!));
}

describe('image-folder', () => {
  it('holds parts of one tree of classes out', async () => {
    await putTree();
    const { train, validation, test, ...rest } = await open();
    expect(rest).toMatchObject({ classes: 2, classNames: ['ant', 'bee'] });
    expect(rest.input).toEqual({ height: 8, width: 8, channels: 3 });
    expect(await reds(test)).toEqual([9, 19]);
    expect(await reds(validation)).toHaveLength(1);
    expect([...(await reds(train)), ...(await reds(validation))].sort((a, b) => a - b)).toEqual([
      ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18],
    ]);
    expect([...train.labels]).toEqual((await reds(train)).map((red) => Number(red >= 10)));
  });

  it('sorts classes by code points, as Python does', async () => {
    const names = ['\u{1f600}', '\uff21', 'a'];
    for (const name of names)
      for (let i = 0; i < 10; i++) await put(`${name}/${i}.png`, await coloured(i));
    expect((await open()).classNames).toEqual(['a', '\uff21', '\u{1f600}']);
  });

  // Elsewhere no file can be called so.
  const onLinux = process.platform === 'linux' ? it : it.skip;
  onLinux('says of a name that is not in UTF-8 that it is not', async () => {
    await putTree();
    await writeFile(
      Buffer.concat([Buffer.from(`${dir}/ant/caf`), Buffer.of(0xe9), Buffer.from('.png')]),
      'x',
    );
    await expect(open()).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: `The name ${dir}/ant/caf\ufffd.png is not in UTF-8. Rename it; \`convmv -f latin1 -t utf8 -r --notest FOLDER\` does so with all that an old archive left.`,
    });
  });

  it('takes the parts that are there', async () => {
    await putTree('train');
    await putTree('val');
    expect((await open()).test.length).toBe(20); // as of ImageNet, val is for the report
    await putTree('test');
    const three = await open();
    expect([three.train, three.validation, three.test].map(({ length }) => length)).toEqual([
      20, 20, 20,
    ]);
  });

  it('takes a class named train for a class', async () => {
    for (const name of ['car', 'plane', 'train']) {
      for (let i = 0; i < 10; i++) await put(`${name}/${i}.png`, await coloured(i));
    }
    expect((await open()).classNames).toEqual(['car', 'plane', 'train']);
    for (const name of ['car', 'plane']) await rm(join(dir, name), { recursive: true });
    await put('test/1.png', await coloured(1));
    await expect(open()).rejects.toMatchObject(bad(/train has 0 class folders/));
  });

  it('normalises by the training images, and says by what', async () => {
    await putTree('train');
    await putTree('test');
    const { train, normalization } = await imageFolder.open({ dataDir: dir });
    // Reds 0 to 8 and 10 to 18; green and blue have no contrast.
    const kept = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18];
    const mean = kept.reduce((a, b) => a + b) / kept.length;
    const std = Math.sqrt(kept.reduce((sum, v) => sum + (v - mean) ** 2, 0) / kept.length);
    expect(normalization!.mean).toEqual([expect.closeTo(mean, 6), 100, 0]);
    expect(normalization!.std).toEqual([expect.closeTo(std, 6), 1, 1]);
    expect((await train.read([0])).images[0]).toBeCloseTo(-mean / std, 5);
  });

  it('crops and resizes large images, shifts small ones', async () => {
    for (let i = 0; i < 20; i++) {
      await put(`${i % 2 ? 'ant' : 'bee'}/${i}.png`, await coloured(i, 150, 300));
    }
    const draws = () => new Float32Array(24).fill(0.5);
    const large = await open();
    expect(large).toMatchObject({ input: { height: 224, width: 224 }, recipe: { epochs: 90 } });
    const { images } = await large.train.read([0, 1], draws);
    expect(images).toHaveLength(2 * 224 * 224 * 3);
    const small = await open({ imageSize: 16, augmentation: 'none', trainImages: 5 });
    expect(small.train.length).toBe(5);
    expect(await small.train.read([0], draws)).toEqual(await small.train.read([0]));
    await expect(open({ imageSize: 16, resize: 8 })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
    });
    await expect(open({ trainImages: 99 })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('flips and shifts images of their own small size', async () => {
    const ramp = Uint8Array.from({ length: 8 * 8 * 3 }, (_, i) => Math.floor(i / 3) % 8);
    const image = await sharp(ramp, { raw: { width: 8, height: 8, channels: 3 } })
      .png()
      .toBuffer();
    for (let i = 0; i < 20; i++) await put(`${i % 2 ? 'ant' : 'bee'}/${i}.png`, image);
    const { train } = await open();
    const row = async (...uniforms: number[]) => {
      const { images } = await train.read([0], () => Float32Array.from(uniforms));
      return Array.from({ length: 8 }, (_, x) => Math.round(255 * images[3 * x]!));
    };
    expect(await row(0.9, 0.5, 0.5)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(await row(0.1, 0.5, 0.5)).toEqual([7, 6, 5, 4, 3, 2, 1, 0]);
    expect(await row(0.9, 0.5, 0.99)).toEqual([1, 2, 3, 4, 5, 6, 7, 6]); // an eighth is one pixel
  });

  it('passes over what is no image, and follows links', async () => {
    await putTree('tree');
    await put('tree/ant/notes.txt', 'none');
    await put('tree/.cache/x.png', 'none');
    await mkdir(join(dir, 'linked'));
    for (const name of ['ant', 'bee'])
      await symlink(join(dir, 'tree', name), join(dir, 'linked', name));
    const [tree, linked] = [join(dir, 'tree'), join(dir, 'linked')];
    const { checksum, train } = await open({ dataDir: tree });
    expect((await open({ dataDir: linked })).checksum).toBe(checksum);
    // A folder within a class may be one too; one that leads back up holds nothing new.
    await symlink(join(dir, 'tree/bee'), join(dir, 'tree/ant/more'));
    await symlink(join(dir, 'tree/ant'), join(dir, 'tree/ant/again'));
    const bees = train.labels.filter((label) => label === 1).length;
    expect((await open({ dataDir: tree })).train.length).toBe(train.length + bees);
    await symlink(join(dir, 'tree/bee/loop'), join(dir, 'tree/bee/loop'));
    expect((await open({ dataDir: tree })).train.length).toBe(train.length + bees);
  });

  it.each([
    ['no folder', 'gone', '', bad(/gone/, 'DATA_NOT_FOUND')],
    ['an empty class folder', 'tree', 'cow/readme.txt', bad(/without a JPEG or PNG.*: cow\./)],
    ['an empty file', 'tree', 'bee/x.jpg', bad(/empty.*: bee\/x\.jpg\./)],
    ['a text', 'tree', 'bee/00.jpg', bad(/Cannot decode .*bee\/00\.jpg/, 'BAD_IMAGE')],
  ])('refuses %s', async (what, folder, extra, error) => {
    await putTree('tree');
    if (extra) await put(join('tree', extra), what === 'an empty file' ? '' : 'hello');
    await expect(open({ dataDir: join(dir, folder) })).rejects.toMatchObject(error);
  });

  it('refuses images whose links lead nowhere, or round in a circle', async () => {
    await putTree('tree');
    for (const [name, target] of [
      ['x.png', 'gone.png'],
      ['y.png', 'y.png'],
    ])
      await symlink(target!, join(dir, 'tree/bee', name!));
    await expect(open({ dataDir: join(dir, 'tree') })).rejects.toMatchObject(
      bad(/^2 image files are empty or missing in .*: bee\/x\.png, bee\/y\.png\./),
    );
  });

  it.each(['val', 'test'])(
    'refuses a text among the images of %s, which a run reads late',
    async (part) => {
      for (const name of ['train', 'val', 'test']) await putTree(name);
      await put(`${part}/bee/13.jpg`, 'hello');
      await expect(open()).rejects.toMatchObject(
        bad(/Cannot decode .*bee\/13\.jpg \(it is neither JPEG nor PNG\)/, 'BAD_IMAGE'),
      );
    },
  );

  it('notes that a few images of another size decide how all are shown', async () => {
    await putTree();
    expect(await open()).toMatchObject({ input: { height: 8 } });
    await put('ant/0.png', await coloured(0, 12, 8));
    const { input, notes } = await open();
    expect(input).toMatchObject({ height: 224, width: 224 });
    expect(notes).toEqual([
      '1 of 17 images looked at is not 8 × 8 pixels as the others, so all are shown at 224 × 224; --image-size 8 --resize 8 --augmentation shift shows all as if they were.',
    ]);
    expect((await open({ imageSize: 8 })).notes).toBeUndefined();
  });

  it('refuses parts of other classes, one class, few images, half a normalisation', async () => {
    await putTree('train');
    await put('test/cow/1.png', await coloured(1));
    await expect(open()).rejects.toMatchObject(bad(/test has class cow/));
    await rm(join(dir, 'test'), { recursive: true });
    await put('test/ant/1.png', await coloured(1));
    await expect(open({ dataDir: join(dir, 'test') })).rejects.toMatchObject(
      bad(/1 class folders/),
    );
    await put('few/a/1.png', await coloured(1));
    await put('few/b/1.png', await coloured(1));
    await expect(open({ dataDir: join(dir, 'few') })).rejects.toMatchObject(bad(/too few/));
    await expect(imageFolder.open({ dataDir: dir, mean: '0,0,0' })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
    });
  });

  it.each([
    ['of bytes', { mean: '123.7,116.3,103.5', std: '58.4,57.1,57.4' }],
    ['with a mean above 1', { mean: '0.5,1.1,0.5', std: '1,1,1' }],
    ['with a std of 0', { mean: '0,0,0', std: '1,0,1' }],
    ['with a std above 1', { mean: '0,0,0', std: '1,1,58' }],
    ['with no number', { mean: '0,0,0.5.5', std: '1,1,1' }],
  ])('refuses a normalisation %s', async (_, given) => {
    await putTree();
    await expect(open(given)).rejects.toMatchObject(bad(/Cannot normalise/, 'INVALID_OPTION'));
  });

  it('leaves bad images to the reads that verify them', async () => {
    await putTree();
    await put('ant/5.png', '');
    const { train } = await imageFolder.open({ dataDir: dir }, { verifying: true });
    const outcomes = await Promise.allSettled([...train.labels.keys()].map((i) => train.read([i])));
    const failed = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(failed.map(({ reason }) => reason as unknown)).toEqual([
      expect.objectContaining(bad(/Cannot decode .*ant\/5\.png/, 'BAD_IMAGE')),
    ]);
  });
});

describe('the checksum', () => {
  it('stays when an image beyond the sample is mended, and tells other data apart', async () => {
    const image = await coloured(1);
    await mkdir(join(dir, 'ant'));
    await mkdir(join(dir, 'bee'));
    for (let i = 0; i < 1400; i++) {
      await writeFile(join(dir, i % 2 ? 'ant' : 'bee', `${String(i).padStart(4, '0')}.png`), image);
    }
    const { checksum } = await open();
    // Of 1,134 training images 1,024 are sampled: the eleventh, ant/0021, is the first that is not.
    await put('ant/0021.png', await coloured(2));
    await put('ant/1399.png', await coloured(2)); // held out
    expect((await open()).checksum).toBe(checksum);
    await put('ant/0001.png', await coloured(2));
    expect((await open()).checksum).not.toBe(checksum);
  }, 30_000);
});

describe('imagenet', () => {
  it('tests on val, and holds a tenth of train out', async () => {
    await putTree('train');
    await putTree('val');
    const { train, validation, test, input, recipe } = await imagenet.open({ dataDir: dir });
    expect([train.length, validation.length, test.length]).toEqual([18, 2, 20]);
    expect(input).toEqual({ height: 224, width: 224, channels: 3 });
    expect(recipe).toMatchObject({ learningRate: 0.4, epochs: 90, batchSize: 1024 });
    const { images } = await test.read([19]);
    expect(images[0]).toBeCloseTo((19 / 255 - 0.485) / 0.229, 5);
    expect(images[1]).toBeCloseTo((100 / 255 - 0.456) / 0.224, 5);
  });

  it('refuses to resize to less than the image size', async () => {
    await putTree('train');
    await putTree('val');
    await expect(imagenet.open({ dataDir: dir, imageSize: 32, resize: 16 })).rejects.toMatchObject(
      bad(/resized to 16, less than the image size 32/, 'INVALID_OPTION'),
    );
  });

  it('says how it must lie', async () => {
    await putTree('train');
    await expect(imagenet.open({ dataDir: dir })).rejects.toMatchObject(
      bad(/train\/WNID and val\/WNID/, 'DATA_NOT_FOUND'),
    );
  });
});

describe('tiny-imagenet', () => {
  beforeEach(async () => {
    for (const wnid of ['n01', 'n02']) {
      for (let i = 0; i < 10; i++) {
        await put(`tiny-imagenet-200/train/${wnid}/images/${i}.JPEG`, await coloured(i, 64));
      }
      await put(`tiny-imagenet-200/train/${wnid}/${wnid}_boxes.txt`, '');
    }
    for (let i = 0; i < 3; i++) {
      await put(`tiny-imagenet-200/val/images/val_${i}.JPEG`, await coloured(50 + i, 64));
    }
    await annotate('val_1.JPEG\tn02', 'val_0.JPEG\tn01', 'val_2.JPEG\tn01');
  });
  const annotate = (...lines: string[]) =>
    put(
      'tiny-imagenet-200/val/val_annotations.txt',
      lines.map((line) => `${line}\t0\t0\t62\t62\n`).join(''),
    );
  const openTiny = () => tinyImagenet.open({ dataDir: dir });

  it('tests on the images that val_annotations.txt labels', async () => {
    const { train, validation, test, input } = await openTiny();
    expect([train.length, validation.length]).toEqual([18, 2]);
    expect(input).toEqual({ height: 64, width: 64, channels: 3 });
    expect([...test.labels]).toEqual([0, 1, 0]);
    const { images } = await test.read([1]);
    expect(images[0]).toBeCloseTo((51 / 255 - 0.485) / 0.229, 5);
    const inside = await tinyImagenet.open({ dataDir: join(dir, 'tiny-imagenet-200') });
    expect(inside.test.length).toBe(3);
  });

  it.each([
    [
      'an image without a label',
      ['val_0.JPEG\tn01'],
      /no label for 2 of .*val_1\.JPEG, val_2\.JPEG/,
    ],
    ['an unknown class', ['val_0.JPEG\tn09'], /Line 1 of .*class "n09"/],
    [
      'a label without an image',
      ['val_0.JPEG\tn01', 'val_1.JPEG\tn01', 'val_2.JPEG\tn01', 'val_3.JPEG\tn01'],
      /lacks 1 images of .*: val_3\.JPEG/,
    ],
    ['a label twice', ['val_0.JPEG\tn01', 'val_0.JPEG\tn02'], /Line 2 .* a second time/],
  ])('refuses %s', async (_, lines, message) => {
    await annotate(...lines);
    await expect(openTiny()).rejects.toMatchObject(bad(message));
  });

  it('refuses a folder without it', async () => {
    await expect(tinyImagenet.open({ dataDir: join(dir, 'gone') })).rejects.toMatchObject(
      bad(/data fetch tiny-imagenet/, 'DATA_NOT_FOUND'),
    );
  });
});
