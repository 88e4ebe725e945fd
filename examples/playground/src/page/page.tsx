import { opened, shown, standing, trouble } from '../state.ts';
import { Accuracies } from './accuracies.tsx';
import { Controls } from './controls.tsx';
import { Curves } from './curves.tsx';
import { HowItWorks } from './how-it-works.tsx';
import { Masks } from './masks.tsx';
import { OwnObjective } from './own-objective.tsx';
import { Savings } from './savings.tsx';
import { Stages } from './stages.tsx';
import { TakeAway } from './take-away.tsx';
import { TryIt } from './try-it.tsx';

/** The whole page, from what one sets to how it works. */
export function Page() {
  return (
    <>
      <header>
        <h1>Find a winning ticket</h1>
        <p>
          A neural network has tens of thousands of connections, and a few hundred are enough to
          read handwritten digits, if one knows which. This page finds them while you watch: in your
          browser, with nothing installed, and nothing leaves your machine.
        </p>
      </header>
      <section aria-labelledby="set">
        <h2 id="set">Set it up</h2>
        <Controls />
      </section>
      <p class="trouble" role="alert">
        {trouble.value && `${trouble.value.sentence} ${trouble.value.hint}`}
      </p>
      {shown.value && (
        <section aria-labelledby="watch">
          <h2 id="watch">Watch it happen</h2>
          <Stages />
          <Masks />
          <Curves />
        </section>
      )}
      {shown.value?.found && (
        <section aria-labelledby="result">
          <h2 id="result">What came out</h2>
          <Accuracies />
          <Savings />
          <TakeAway />
        </section>
      )}
      {shown.value && standing.value === 'done' && opened.value && (
        <section aria-labelledby="try">
          <h2 id="try">Try it</h2>
          <TryIt />
        </section>
      )}
      <section aria-labelledby="change">
        <h2 id="change">Change what it looks for</h2>
        <OwnObjective />
      </section>
      <HowItWorks />
    </>
  );
}
