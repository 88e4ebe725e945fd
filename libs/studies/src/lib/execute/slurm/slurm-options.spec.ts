import { expect, it } from '@jest/globals';
import { parseOptions } from '@winnow/plugin-api';
import { sbatchLines, slurmOptions } from './slurm-options.ts';
import { taskScript } from './task-script.ts';

const settled = (given: object) => parseOptions(slurmOptions, given, 'executor "slurm"');

it('says to sbatch what the study does', () => {
  const options = settled({
    ...{ partition: 'gpu,long', account: 'me', qos: 'low', time: 90, memory: '4G', cpus: 8 },
    ...{ gpus: 'a100:2', constraint: 'ib&amd', graceSeconds: 60 },
    sbatch: ['--exclude=n7', "--comment=it's #1"],
  });
  expect(sbatchLines(options).join('\n')).toBe(`#SBATCH --partition=gpu,long
#SBATCH --account=me
#SBATCH --qos=low
#SBATCH --time=90
#SBATCH --mem=4G
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=8
#SBATCH --gres=gpu:a100:2
#SBATCH '--constraint=ib&amd'
#SBATCH --signal=B:TERM@60
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --exclude=n7
#SBATCH '--comment=it'\\''s #1'`);
});

it('sets what the run is to find, as it is written, before the lines of the set-up', () => {
  const script = taskScript(
    settled({ environment: { DIR: "/it's $HOME" }, setup: ['module load node', 'export A=$DIR'] }),
  );
  expect(script).toContain(`export DIR='/it'\\''s $HOME'\nmodule load node\nexport A=$DIR\n\n`);
});

it.each([
  [{ partition: 'a\n#SBATCH --uid=0' }, /partition: is not one word/],
  [{ time: '1 2' }, /time: is not one word/],
  [{ sbatch: ['-x'] }, /value 1 of sbatch: does not begin with --/],
  [{ sbatch: ['--a\nrm'] }, /value 1 of sbatch: is not one line/],
  [{ setup: ['a\nb'] }, /value 1 of setup: is not one line/],
  [{ environment: { 'A=1;rm': '' } }, /"A=1;rm" of environment: .*(?:key|name)/],
])('refuses %j', (given, message) => {
  expect(() => settled(given)).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringMatching(message) }),
  );
});
