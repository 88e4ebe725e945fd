import { expect, it } from '@jest/globals';
import { methodSentences } from './method-sentences.ts';

const rows = (method: string, density: number, ...accuracies: number[]) =>
  accuracies.map((accuracy, seed) => ({
    ...{ method, density, seed, accuracy, kept: 1000 * density },
    folder: `${method}-${seed}`,
  }));

it('says what scipy.stats.ttest_ind(equal_var=False) says, of 0.95, 0.96, 0.97 and 0.9, 0.91, 0.93', () => {
  expect(
    methodSentences([
      ...rows('snip', 0.01, 0.9, 0.91, 0.93),
      ...rows('cts', 0.01, 0.95, 0.96, 0.97),
    ]),
  ).toEqual(['At 1 %, cts is 4.7 points above snip (95 %: 1.5 to 7.8; p = 0.016, n = 3 and 3).']);
});

it('doubts a difference whose interval reaches 0, and goes from dense to sparse', () => {
  const sentences = methodSentences([
    ...rows('snip', 0.01, 0.5, 0.7),
    ...rows('cts', 0.01, 0.6, 0.65),
    ...rows('snip', 0.1, 0.5, 0.5),
    ...rows('cts', 0.1, 0.4, 0.4, 0.4),
    ...rows('random', 0.1, 0.1),
    ...rows('dense', 1, 0.98, 0.97),
  ]);
  expect(sentences).toEqual([
    'At 10 %, snip is 10.0 points above cts (95 %: 10.0 to 10.0; p < 0.001, n = 2 and 3).',
    'At 10 %, of a single seed, and not tested: random.',
    expect.stringMatching(
      /^At 1 %, cts is 2\.5 points above snip, which may be chance \(95 %: −\d+\.\d to \d+\.\d; p = 0\.8\d?, n = 2 and 2\)\.$/,
    ),
  ]);
});

it('gives what rounds to 0 no sign', () => {
  // Welch's t with two degrees of freedom, 4.302653, over 0.0001: 0.00004 ± 0.00043.
  const sentences = methodSentences([
    ...rows('snip', 0.01, 0.5, 0.5001414),
    ...rows('cts', 0.01, 0.50004, 0.5001814),
  ]);
  expect(sentences[0]).toContain('(95 %: 0.0 to 0.0; ');
});

it('says nothing of one method alone, or where nothing can be tested', () => {
  expect(methodSentences(rows('cts', 0.1, 0.5, 0.6))).toEqual([]);
  expect(methodSentences([...rows('cts', 0.1, 0.5), ...rows('snip', 0.1, 0.6)])).toEqual([]);
});
