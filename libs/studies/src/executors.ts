import { definePlugin } from '@winnow/plugin-api';
import { local } from './lib/execute/local/local-executor.ts';

export { local };
export { END_OF_JOB, type WorkerReply } from './lib/execute/local/worker.ts';

/** The executors that come with Winnow. */
export default definePlugin({ name: 'executors', components: [local] });
