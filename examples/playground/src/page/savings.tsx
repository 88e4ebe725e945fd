import { percentOf, savedTo, shortCount } from '@winnow/report/look';
import { shown } from '../state.ts';
import { countWords } from './words.ts';

function Fact({ name, value, beside }: { name: string; value: string; beside: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
      <dd>{beside}</dd>
    </div>
  );
}

/** A note of the search, which names a flag of the command line as an example. */
const withoutFlags = (note: string) => note.replace(/, such as --[\w-]+ \d+,/, '');

/** What the ticket saves: weights, bytes and multiply-adds. */
export function Savings() {
  const { census, notes } = shown.value!.found!;
  const { kept, size, multiplyAdds, bytes } = census;
  const saved = savedTo(census);
  const dense = `${shortCount(bytes.dense)}B`;
  return (
    <>
      <dl class="facts">
        <Fact
          name="Weights kept"
          value={countWords(kept)}
          beside={`${percentOf(kept, size)} of ${countWords(size)}`}
        />
        <Fact
          name="Multiply-adds an image"
          value={shortCount(multiplyAdds.kept).trim()}
          beside={`${percentOf(multiplyAdds.kept, multiplyAdds.dense)} of ${shortCount(multiplyAdds.dense).trim()}`}
        />
        <Fact
          name="Size of these weights"
          value={saved === undefined ? dense : `${shortCount(saved)}B`}
          beside={saved === undefined ? 'a sparse file would be no smaller' : `of ${dense}`}
        />
      </dl>
      {notes.map((note) => (
        <p class="help">{withoutFlags(note)}</p>
      ))}
    </>
  );
}
