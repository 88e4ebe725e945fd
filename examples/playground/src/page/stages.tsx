import { shown, standing } from '../state.ts';
import { PHASES, type Phase } from '../worker/search-api.ts';
import { accuracyWords, secondsWords } from './words.ts';

const WORDS: Readonly<Record<Phase, string>> = {
  start: 'Train the whole network a little',
  search: 'Choose the weights to keep',
  ticket: 'Train those alone: the ticket',
  dense: 'To compare: train the whole network on',
  random: 'To compare: train as many that were drawn at random',
};

const STANDING_WORDS: Readonly<Record<string, string>> = {
  running: 'Under way',
  stopping: 'Stopping once this step has ended …',
  stopped: 'Stopped; it goes on where it was, to the same bits',
  waiting: 'Waiting, as nobody looks',
  done: 'Done',
};

/** What came of a stage, once it is over. */
function outcome(phase: Phase): string | undefined {
  const { found, trained } = shown.value!;
  if (phase === 'search')
    return found && `${found.census.kept} weights, ${secondsWords(found.seconds)}`;
  const own = trained[phase];
  return own && `${accuracyWords(own.accuracy)} right, ${secondsWords(own.seconds)}`;
}

function Stage({ phase }: { readonly phase: Phase }) {
  const { phase: current, step, steps } = shown.value!;
  const came = outcome(phase);
  const isCurrent = current === phase && came === undefined;
  return (
    <li class={came ? 'done' : isCurrent ? 'current' : ''} aria-current={isCurrent && 'step'}>
      <span>{WORDS[phase]}</span>
      <span class="outcome">{came ?? (isCurrent ? `step ${step} of ${steps}` : '')}</span>
      {isCurrent && <progress value={step} max={steps} aria-label={WORDS[phase]} />}
    </li>
  );
}

/** Where a run is: its stages, one after another. */
export function Stages() {
  return (
    <>
      <ol class="stages">
        {PHASES.map((phase) => (
          <Stage phase={phase} />
        ))}
      </ol>
      <p class="standing" aria-live="polite">
        {STANDING_WORDS[standing.value] ?? ''}
      </p>
    </>
  );
}
