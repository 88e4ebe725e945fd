import { DENSITIES } from '../densities.ts';
import { goOn, start, stop } from '../playground.ts';
import * as state from '../state.ts';
import type { Method } from '../worker/search-api.ts';
import { ImagesChoice } from './images-choice.tsx';
import { METHOD_CHOICES, countWords, densityWords, secondsWords } from './words.ts';

const SHORTEST_SECONDS = 5;
const LONGEST_SECONDS = 600;

/** ⌊κd⌋, as everywhere in Winnow. */
const keptOf = (weights: number) => Math.floor(state.density.value * weights);

function DensitySlider() {
  const images = state.opened.value;
  const words = densityWords(state.density.value);
  const kept = images
    ? `${countWords(keptOf(images.weights))} of ${countWords(images.weights)} weights`
    : '';
  return (
    <div class="field">
      <label for="density">How much to keep</label>
      <input
        id="density"
        type="range"
        min={0}
        max={DENSITIES.length - 1}
        value={DENSITIES.findIndex((one) => one === state.density.value)}
        aria-valuetext={`${words}, ${kept}`}
        onInput={({ currentTarget }) =>
          (state.density.value = DENSITIES[Number(currentTarget.value)]!)
        }
      />
      <output for="density">
        <strong>{words}</strong> {kept}
      </output>
    </div>
  );
}

function planWords(): string {
  const found = state.plan.value;
  if (!found) return 'measuring how fast this machine is …';
  const { plan, seconds } = found;
  const search = state.method.value === 'cts' ? `, ${plan.searchEpochs} of search` : '';
  const about = seconds > state.budgetSeconds.value ? 'the shortest takes about' : 'about';
  return `${about} ${secondsWords(seconds)} here: ${plan.epochs} rounds of training${search}`;
}

function BudgetSlider() {
  return (
    <div class="field">
      <label for="budget">Time for it, at most</label>
      <input
        id="budget"
        type="range"
        min={SHORTEST_SECONDS}
        max={LONGEST_SECONDS}
        step={5}
        value={state.budgetSeconds.value}
        aria-valuetext={`${state.budgetSeconds.value} seconds`}
        onInput={({ currentTarget }) => (state.budgetSeconds.value = Number(currentTarget.value))}
      />
      <output for="budget">
        <strong>{state.budgetSeconds.value} s</strong> {planWords()}
      </output>
    </div>
  );
}

function MethodChoice() {
  const objectives = state.opened.value?.objectives ?? [];
  const own = state.ownObjective.value;
  return (
    <>
      <div class="field">
        <label for="method">How to choose the weights</label>
        <select
          id="method"
          value={state.method.value}
          onChange={({ currentTarget }) => (state.method.value = currentTarget.value as Method)}
        >
          {METHOD_CHOICES.map(({ name, words }) => (
            <option value={name}>{words}</option>
          ))}
        </select>
      </div>
      {state.method.value === 'cts' && (
        <div class="field">
          <label for="objective">What the small network should do</label>
          <select
            id="objective"
            value={state.objective.value}
            onChange={({ currentTarget }) => (state.objective.value = currentTarget.value)}
          >
            {own && <option value={own}>{own}: your own</option>}
            {objectives
              .filter(({ name }) => name !== own)
              .map(({ name, summary }) => (
                <option value={name}>
                  {name}: {summary}
                </option>
              ))}
          </select>
        </div>
      )}
    </>
  );
}

function SeedField() {
  return (
    <div class="field">
      <label for="seed">Seed</label>
      <input
        id="seed"
        type="number"
        min={0}
        max={999_999}
        step={1}
        value={state.seed.value}
        aria-describedby="seed-help"
        onChange={({ currentTarget }) => {
          if (currentTarget.validity.valid && currentTarget.value !== '')
            state.seed.value = Number(currentTarget.value);
          else currentTarget.value = String(state.seed.peek());
        }}
      />
      <span class="help" id="seed-help">
        the same seed finds the same ticket, to the bit
      </span>
    </div>
  );
}

/** The main one stays as it says something else, so that the keyboard stays on it. */
function Buttons() {
  const standing = state.standing.value;
  const isStopped = standing === 'stopping' || standing === 'stopped';
  const isUnderWay = standing === 'running' || standing === 'waiting';
  const [words, act] = isUnderWay
    ? (['Stop', stop] as const)
    : isStopped
      ? (['Go on', goOn] as const)
      : (['Find a ticket', start] as const);
  return (
    <>
      <button
        type="button"
        class="main"
        disabled={standing === 'opening' || standing === 'waiting'}
        onClick={({ detail }) => {
          // The second click of a double one is not meant for what the button has come to say; a deliberate one waits that long.
          if (detail < 2) void act();
        }}
      >
        {words}
      </button>
      {isStopped && (
        <button type="button" onClick={() => void start()}>
          Begin anew
        </button>
      )}
    </>
  );
}

/** What a search is told, and the buttons that start and stop it. */
export function Controls() {
  return (
    <form class="controls" onSubmit={(event) => event.preventDefault()}>
      <ImagesChoice />
      <MethodChoice />
      <DensitySlider />
      <SeedField />
      <BudgetSlider />
      <div class="buttons">
        <Buttons />
      </div>
    </form>
  );
}
