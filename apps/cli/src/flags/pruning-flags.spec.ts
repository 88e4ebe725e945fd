import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { applySettings } from './command-settings.ts';
import { withPruning } from './pruning-flags.ts';

/** What the command is given with these words, and these values in a configuration file. */
function flagsOf(words: readonly string[], settings: Readonly<Record<string, unknown>> = {}) {
  const command = withPruning(new Command('run'))
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  const entries = Object.entries(settings).map(([key, value]) => ({ key, value, line: 1 }));
  applySettings(command, { path: 'winnow.yaml', entries });
  return command.parse(words, { from: 'user' }).opts<Record<string, unknown>>();
}

describe('withPruning', () => {
  it('gathers repeated patterns in their order, commas and all', () => {
    expect(
      flagsOf([
        ...['--leave-out', 'stem.*', '--layer-density', 'a=b.*=0.5', '--leave-out', 'x,head.*'],
        ...['--layer-density', 'c,head.*=1', '--layer-density', 'stage1.*=2e-1'],
      ]),
    ).toEqual({
      leaveOut: ['stem.*', 'x,head.*'],
      layerDensity: { 'a=b.*': 0.5, 'c,head.*': 1, 'stage1.*': 0.2 },
    });
  });

  it('takes lists of a configuration file, in whose place come those of the command line', () => {
    const settings = { 'leave-out': ['stem.*', 'x,head.*'], layerDensity: ['head.*=0.5'] };
    expect(flagsOf([], settings)).toEqual({
      leaveOut: ['stem.*', 'x,head.*'],
      layerDensity: { 'head.*': 0.5 },
    });
    expect(flagsOf([], { 'leave-out': 'stem.*' })).toEqual({ leaveOut: ['stem.*'] });
    const words = ['--leave-out', 'a', '--leave-out', 'b', '--layer-density', 'a=1'];
    expect(flagsOf(words, settings)).toEqual({ leaveOut: ['a', 'b'], layerDensity: { a: 1 } });
  });

  it.each(['head.*', 'head.*=', '=0.5', 'head.*=x'])('refuses the density %s', (text) => {
    expect(() => flagsOf(['--layer-density', text])).toThrow('--layer-density');
  });
});
