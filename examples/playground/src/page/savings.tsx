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
        <p class="note">{note}</p>
      ))}
    </>
  );
}
