import { type JobEnd, WinnowError } from '@winnow/plugin-api';

/** Of a run without which the work on many is of no use. */
export function jobFailed(
  run: string,
  { code, reason }: Extract<JobEnd, { state: 'failed' }>,
): WinnowError {
  const error = code === undefined ? reason : `error [${code}]: ${reason}`;
  return new WinnowError('JOB_FAILED', `Run "${run}" failed: ${error}`);
}
