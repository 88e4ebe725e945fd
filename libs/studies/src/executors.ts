import { definePlugin } from '@winnow/plugin-api';
import { local } from './lib/execute/local/local-executor.ts';
import { slurm } from './lib/execute/slurm/slurm-executor.ts';

export { local, slurm };
export { END_OF_JOB, type WorkerReply } from './lib/execute/local/worker.ts';

/** The executors that come with Winnow. */
export default definePlugin({ name: 'executors', components: [local, slurm] });
