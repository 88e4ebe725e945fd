import { shown, opened } from '../state.ts';
import type { Trained } from '../worker/search-api.ts';
import { accuracyWords, countWords } from './words.ts';

function Bar({ what, name, weights }: { what: Trained; name: string; weights: number }) {
  const own = shown.value!.trained[what];
  return (
    <tr>
      <th scope="row">{name}</th>
      <td class="number">{countWords(weights)}</td>
      <td class="number">{own ? accuracyWords(own.accuracy) : '…'}</td>
      <td class="bar" aria-hidden="true">
        <span class={what} style={{ width: `${100 * (own?.accuracy ?? 0)}%` }} />
      </td>
    </tr>
  );
}

/** How often dense network, ticket and random ticket are right on the test images. */
export function Accuracies() {
  const { found, trained, setting } = shown.value!;
  const { size, kept } = found!.census;
  const { testing, classNames } = opened.value!;
  return (
    <div class="table">
      <table>
        <caption>
          <span>
            Right answers on {countWords(testing)} images that were not learnt from; guessing gives{' '}
            {accuracyWords(1 / classNames.length)}
          </span>
        </caption>
        <thead>
          <tr>
            <th scope="col">network</th>
            <th scope="col" class="number">
              weights
            </th>
            <th scope="col" class="number">
              right
            </th>
            <th aria-hidden="true" class="bar" />
          </tr>
        </thead>
        <tbody>
          <Bar what="dense" name="whole" weights={size} />
          <Bar what="ticket" name={`ticket (${setting.method})`} weights={kept} />
          {(trained.random || setting.method !== 'random') && (
            <Bar what="random" name="random" weights={kept} />
          )}
        </tbody>
      </table>
    </div>
  );
}
