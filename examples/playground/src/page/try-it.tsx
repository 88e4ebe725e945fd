import { useEffect, useRef, useState } from 'preact/hooks';
import { search } from '../playground.ts';
import { opened } from '../state.ts';
import type { Readings } from '../worker/search-api.ts';
import { type Point, type Stroke, drawnDigit } from './drawn-digit.ts';
import { theme } from './theme.ts';
import { percent } from '@winnow/report/look';

const CANVAS = 280;
const PEN = 22;

/** What is asked about: pixels from 0 to 1, and what they show, where that is known. */
interface Asked {
  readonly pixels: Float32Array;
  readonly label?: string;
}

function Pad({ onDrawn, strokes }: { onDrawn: (strokes: Stroke[]) => void; strokes: Stroke[] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const current = useRef<Point[] | undefined>(undefined);
  const dark = theme.value;
  const paint = (all: readonly Stroke[]) => {
    const context = canvas.current!.getContext('2d')!;
    context.clearRect(0, 0, CANVAS, CANVAS);
    const strokeStyle = getComputedStyle(canvas.current!).color;
    Object.assign(context, { lineWidth: PEN, lineCap: 'round', lineJoin: 'round', strokeStyle });
    for (const stroke of all) {
      context.beginPath();
      for (const [x, y] of [stroke[0]!, ...stroke]) context.lineTo(x, y);
      context.stroke();
    }
  };
  useEffect(() => paint(strokes), [strokes, dark]);
  const pointOf = (event: PointerEvent): Point => {
    const { left, top, width } = canvas.current!.getBoundingClientRect();
    const scale = CANVAS / width;
    return [(event.clientX - left) * scale, (event.clientY - top) * scale];
  };
  return (
    <canvas
      ref={canvas}
      class="pad"
      width={CANVAS}
      height={CANVAS}
      role="img"
      aria-label="A field to draw a digit in with a pointer; the button below shows an image of a digit instead."
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        current.current = [pointOf(event)];
      }}
      onPointerMove={(event) => {
        if (!current.current) return;
        current.current.push(pointOf(event));
        paint([...strokes, current.current]);
      }}
      onPointerUp={() => {
        if (!current.current) return;
        onDrawn([...strokes, current.current]);
        current.current = undefined;
      }}
    />
  );
}

/** An image, a square for each of its pixels. */
function Seen({ pixels }: Pick<Asked, 'pixels'>) {
  const { width, height, channels } = opened.value!.shape;
  const colour = (at: number) => {
    const levels = Array.from({ length: 3 }, (_, c) =>
      Math.round(255 * pixels[at * channels + (channels === 1 ? 0 : c)]!),
    );
    return channels === 1
      ? `color-mix(in srgb, var(--ink) ${Math.round(levels[0]! / 2.55)}%, var(--card))`
      : `rgb(${levels.join(' ')})`;
  };
  return (
    <svg
      class="seen"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label="What the networks see"
    >
      {Array.from({ length: width * height }, (_, at) => (
        <rect
          x={at % width}
          y={Math.floor(at / width)}
          width={1.02}
          height={1.02}
          style={{ fill: colour(at) }}
        />
      ))}
    </svg>
  );
}

const leader = (readings: readonly number[]) => readings.indexOf(Math.max(...readings));

function Bars({ readings }: { readonly readings: Readings }) {
  const { classNames } = opened.value!;
  const sides = ['dense', 'ticket'] as const;
  return (
    <div class="table">
      <table class="readings">
        <caption>
          <span>How sure each network is</span>
        </caption>
        <thead>
          <tr>
            <th scope="col">kind</th>
            <th scope="col" colSpan={2}>
              whole
            </th>
            <th scope="col" colSpan={2}>
              ticket
            </th>
          </tr>
        </thead>
        <tbody>
          {classNames.map((name, i) => (
            <tr>
              <th scope="row">{name}</th>
              {sides.map((side) => (
                <>
                  <td class={leader(readings[side]) === i ? 'number leads' : 'number'}>
                    {percent(readings[side][i]!, 0)}
                  </td>
                  <td class="bar" aria-hidden="true">
                    <span class={side} style={{ width: `${100 * readings[side][i]!}%` }} />
                  </td>
                </>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A digit drawn by hand, or a test image, and what dense network and ticket take it for. */
export function TryIt() {
  const [strokes, setStrokes] = useState<Stroke[]>([]);
  const [asked, setAsked] = useState<Asked | undefined>(undefined);
  const [readings, setReadings] = useState<Readings | undefined>(undefined);
  const next = useRef(0);
  const { classNames, testing, shape } = opened.value!;
  const ask = async (about: Asked) => {
    setAsked(about);
    setReadings(await search.read(about.pixels));
  };
  const showTestImage = async () => {
    setStrokes([]);
    const { pixels, label } = await search.testImage(next.current);
    // Far from the last one, so that classes in a row are not alike.
    next.current = (next.current + 37) % testing;
    await ask({ pixels, label: classNames[label]! });
  };
  const says = (side: 'dense' | 'ticket') => classNames[leader(readings![side])];
  const canDraw = shape.channels === 1;
  return (
    <div class="try">
      <div>
        {canDraw && (
          <Pad
            strokes={strokes}
            onDrawn={(all) => {
              setStrokes(all);
              void ask({ pixels: drawnDigit(all) });
            }}
          />
        )}
        <div class="buttons">
          {canDraw && (
            <button
              type="button"
              onClick={() => {
                setStrokes([]);
                setAsked(undefined);
                setReadings(undefined);
              }}
            >
              Clear
            </button>
          )}
          <button type="button" onClick={() => void showTestImage()}>
            Show a test image
          </button>
        </div>
      </div>
      <div>
        <p aria-live="polite">
          {readings
            ? `The whole network says ${says('dense')}, the ticket ${says('ticket')}${asked?.label ? `; it is ${asked.label}` : ''}.`
            : canDraw
              ? 'Draw a digit from 0 to 9 in the field, as large as you like.'
              : 'Show both networks one of the images that they have not learnt from.'}
        </p>
        {asked && <Seen pixels={asked.pixels} />}
        {readings && <Bars readings={readings} />}
      </div>
    </div>
  );
}
