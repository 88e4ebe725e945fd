import { search } from '../playground.ts';
import { opened, shown } from '../state.ts';
import { TICKET_FILE, sameSearch, trainingOfFile } from './commands.ts';
import { CopiedCommand } from './copied-command.tsx';
import { download } from './download.ts';

/** The ticket as files, and the commands that go on with it. */
export function TakeAway() {
  const { setting, byOwn, trained } = shown.value!;
  const isDigits = opened.value!.shape.channels === 1;
  return (
    <>
      <h3>Take it with you</h3>
      <div class="buttons">
        <button
          type="button"
          onClick={() => void search.ticketFile().then((bytes) => download(bytes, TICKET_FILE))}
        >
          The ticket, {TICKET_FILE}
        </button>
        <button
          type="button"
          disabled={!trained.ticket}
          onClick={() =>
            void search.graphModel().then((bytes) => download(bytes, 'ticket-tfjs.zip'))
          }
        >
          Its network for TensorFlow.js, trained
        </button>
      </div>
      {isDigits && (
        <details>
          <summary>At the command line</summary>
          <p>
            {byOwn
              ? 'Train the ticket that you have downloaded:'
              : 'Find the same ticket, to the bit where the browser’s logarithms are Node’s, and train it; or train the one that you have downloaded:'}
          </p>
          {!byOwn && <CopiedCommand command={sameSearch(setting)} />}
          <CopiedCommand command={trainingOfFile(setting)} />
        </details>
      )}
    </>
  );
}
