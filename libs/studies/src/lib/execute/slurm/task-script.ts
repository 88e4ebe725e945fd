import { shellWord } from './shell-word.ts';
import { type SlurmOptions, sbatchLines } from './slurm-options.ts';

/** How what belongs to an array ends: the list of its tasks, and of a task `-INDEX` with what Slurm and it tell. */
export const ENDINGS = { tasks: '.tasks', log: '.out', end: '.end' } as const;

/** In the folder of a submission: none of its tasks is to go on. */
export const CANCELLED = 'cancelled';

const HEAD = `list=$1
place=$list-$SLURM_ARRAY_TASK_ID
rm -f "$place${ENDINGS.end}"
trap 'signals+=.; [ "$run" ] && kill -TERM "$run"' TERM
export WINNOW_THREADS=$SLURM_CPUS_PER_TASK`;

const BODY = `# The run's folder, and what carries it out.
eval "set -- $(sed -n "$((SLURM_ARRAY_TASK_ID + 1))p" "$list${ENDINGS.tasks}")"
log=$1/log.txt
from=$(stat -c %s "$log" 2>/dev/null || echo 0)
shift
status=130
if [ ! -e "\${list%/*}/${CANCELLED}" ] && [ ! "$signals" ]; then
  "$@" >/dev/null 2>>"$log" &
  run=$!
  # A signal ends the waiting, not the run.
  until heard=$signals; wait "$run"; status=$?; [ "$heard" = "$signals" ]; do :; done
  # It had not begun to listen.
  [ "$signals" ] && [ "$status" = 143 ] && status=130
fi
said=$(tail -c "+$((from + 1))" "$log" 2>/dev/null | tail -n 20)

# A run that was stopped, or is at work elsewhere, goes on in another turn, unless it was Slurm's or the user's will.
if [ "$status" = 130 ] || { [ "$status" = 1 ] && [[ $said == *'error [RUN_IN_USE]'* ]]; }; then
  if [ ! -e "\${list%/*}/${CANCELLED}" ] && [ "$(squeue -h -j "$SLURM_JOB_ID" -o %T)" = RUNNING ]; then
    scontrol requeue "$SLURM_JOB_ID" && exit "$status"
  fi
fi
printf '%s\\n%s\\n' "$status" "$said" >"$place.partial" && mv "$place.partial" "$place${ENDINGS.end}"
exit "$status"
`;

/**
 * What each task of an array does, given the place of the array: hand SIGTERM on to the run, go back into the queue where
 * that was stopped, and else write down its exit code and the end of what it wrote.
 */
export function taskScript(options: SlurmOptions): string {
  const environment = Object.entries(options.environment).map(
    ([name, value]) => `export ${name}=${shellWord(value)}`,
  );
  const asked = [...environment, ...options.setup].map((line) => `${line}\n`).join('');
  return `#!/bin/bash\n${sbatchLines(options).join('\n')}\n\n${HEAD}\n${asked}\n${BODY}`;
}
