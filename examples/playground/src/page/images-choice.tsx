import { fromEvent } from 'file-selector';
import { useState } from 'preact/hooks';
import { openImages } from '../playground.ts';
import { opened, standing } from '../state.ts';
import { ownImagesIn } from './own-images-in.ts';
import { countWords } from './words.ts';

const isBusy = () => ['running', 'stopping', 'waiting', 'opening'].includes(standing.value);

async function take(event: Event): Promise<void> {
  event.preventDefault();
  const found = await fromEvent(event);
  const files = found.filter((one) => one instanceof File);
  // A search may be under way by now, and a drop reaches what is disabled too.
  if (!isBusy()) await openImages(ownImagesIn(files));
}

/** Takes a dropped folder, or files that are chosen. */
function OwnImages() {
  const [over, setOver] = useState(false);
  return (
    <div
      class={over ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        void take(event);
      }}
    >
      <p>
        Drop a folder with a folder of images for each kind (<code>cats/…</code>,{' '}
        <code>dogs/…</code>
        ), or several files named by kind (<code>cat-1.png</code>, <code>dog-1.png</code>). They are
        shrunk to 16 × 16 pixels here, and stay here.
      </p>
      <label>
        A folder{' '}
        <input
          type="file"
          multiple
          {...{ webkitdirectory: true }}
          onChange={(event) => void take(event)}
        />
      </label>
      <label>
        Files <input type="file" accept="image/*" multiple onChange={(event) => void take(event)} />
      </label>
    </div>
  );
}

/** The digits, or images of the visitor's. */
export function ImagesChoice() {
  const [own, setOwn] = useState(false);
  const images = opened.value;
  const counts = images
    ? `${countWords(images.training)} to learn from, ${countWords(images.testing)} to test with, ${images.classNames.length} kinds`
    : 'opening …';
  return (
    <fieldset class="field images" disabled={isBusy() && images !== undefined}>
      <legend>Images</legend>
      <label>
        <input
          type="radio"
          name="images"
          checked={!own}
          onChange={() => {
            setOwn(false);
            void openImages();
          }}
        />{' '}
        Handwritten digits
      </label>
      <label>
        <input type="radio" name="images" checked={own} onChange={() => setOwn(true)} /> Your own
      </label>
      <span class="help">{counts}</span>
      {own && <OwnImages />}
    </fieldset>
  );
}
