import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { ComponentRegistry } from './component-registry.ts';
import { defineExporter } from './exporter.ts';
import { defineModel } from './model.ts';
import { defineObjective } from './objective.ts';

const unused = () => {
  throw new Error('Not called here.');
};
const model = (name: string) =>
  defineModel({ name, summary: '', options: z.strictObject({}), rewindEpochs: 1, build: unused });
const objective = (name: string) =>
  defineObjective({ name, summary: '', lossScale: 1, stationaryAtDense: false, evaluate: unused });

describe('ComponentRegistry', () => {
  it('keeps kinds apart and their order', () => {
    const shared = objective('same');
    const registry = new ComponentRegistry([model('same'), shared, model('b'), model('a')]);
    expect(registry.names('model')).toEqual(['same', 'b', 'a']);
    expect(registry.get('objective', 'same')).toBe(shared);
    expect(registry.all('pruner')).toEqual([]);
  });

  it.each([
    ['resnt20', 'Did you mean "resnet20"? Known: resnet8, resnet20, vgg16.'],
    ['RESNET8', 'Known: resnet8, resnet20, vgg16.'],
    ['transformer', 'Known: resnet8, resnet20, vgg16.'],
  ])('answers the unknown "%s" with what is known', (name, hint) => {
    const registry = new ComponentRegistry(['resnet8', 'resnet20', 'vgg16'].map(model));
    expect(() => registry.get('model', name)).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_NAME',
        message: `No model is named "${name}". ${hint}`,
      }),
    );
  });

  it('says so where nothing of a kind is known', () => {
    expect(() => new ComponentRegistry([]).get('backend', 'wasm')).toThrow(
      'No backend is named "wasm". Known: none.',
    );
  });

  it('refuses two of one kind and name', () => {
    expect(() => new ComponentRegistry([model('a'), objective('a'), model('a')])).toThrow(
      expect.objectContaining({
        code: 'DUPLICATE_NAME',
        message: expect.stringContaining('Two models are named "a".'),
      }),
    );
  });

  const exporter = (place: string) =>
    defineExporter({ name: place, summary: '', place, needsGraph: false, encode: unused });
  const registered = (...places: string[]) => new ComponentRegistry(places.map(exporter));

  it('takes exporters that write to places of their own', () => {
    const places = [
      'export/model',
      'export/model.onnx',
      'export/models/onnx',
      'export/models/tfjs',
    ];
    expect(registered(...places).names('exporter')).toEqual(places);
  });

  it.each([
    ['export/model.bin', 'export/model.bin'],
    ['export/folder', 'export/folder/model.bin'],
    ['export/folder/model.bin', 'export/folder'],
  ])('refuses exporters that write to %s and %s', (one, other) => {
    const theirs = { ...exporter(other), name: 'theirs', plugin: 'shards' };
    expect(() => new ComponentRegistry([exporter(one), theirs])).toThrow(
      expect.objectContaining({
        code: 'DUPLICATE_PLACE',
        message: `Exporters "${one}" and "theirs" both write to ${other}. Give one another place, or leave out plugin "shards".`,
      }),
    );
  });
});
