import { useEffect, useMemo, useRef } from 'preact/hooks';
import { shown } from '../state.ts';
import type { MaskEvent, MaskLayer } from '../worker/search-api.ts';
import { maskColours } from './mask-colours.ts';
import { paintLayer, tileOf } from './paint-layer.ts';
import { forgetPainting, paintSoon } from './paint-soon.ts';
import { theme } from './theme.ts';
import { countWords } from './words.ts';

interface LayerPart {
  readonly layer: MaskLayer;
  readonly tints: Uint8Array;
  readonly kept: Uint8Array;
}

function partsOf({ layers, tints, kept }: MaskEvent): LayerPart[] {
  let at = 0;
  return layers.map((layer) => {
    const end = at + layer.shape.reduce((product, n) => product * n, 1);
    const part = { layer, tints: tints.subarray(at, end), kept: kept.subarray(at, end) };
    at = end;
    return part;
  });
}

function LayerTile({ layer, tints, kept }: LayerPart) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const tile = useMemo(() => tileOf(layer), [layer.shape.join()]);
  const dark = theme.value;
  useEffect(() => {
    const own = canvas.current!;
    paintSoon(own, () => {
      const { width, height, pixels } = paintLayer(layer, tile, tints, kept, maskColours());
      if (own.width !== width || own.height !== height) Object.assign(own, { width, height });
      const bytes = new Uint8ClampedArray(pixels.buffer);
      own.getContext('2d')!.putImageData(new ImageData(bytes, width, height), 0, 0);
    });
  }, [tints, dark]);
  useEffect(() => {
    const own = canvas.current!;
    return () => forgetPainting(own);
  }, []);
  const count = kept.reduce((sum, one) => sum + one, 0);
  const name = layer.name.replace(/(\.conv)?\.weight$/, '');
  return (
    <figure>
      <canvas
        ref={canvas}
        role="img"
        aria-label={`${name}: ${count} of ${countWords(kept.length)} weights lead`}
      />
      <figcaption aria-hidden="true">
        {name} <strong>{count}</strong>
      </figcaption>
    </figure>
  );
}

/** The mask of each layer as it forms: one square a weight. */
export function Masks() {
  const mask = shown.value?.mask;
  if (!mask) return null;
  return (
    <div class="card">
      <h3>The network, layer by layer</h3>
      <p class="key">
        <span class="swatch leading" /> {mask.final ? 'kept' : 'would be kept now'}{' '}
        <span class="swatch tint" /> the darker, the likelier <span class="swatch dead" /> channels
        that keep nothing
      </p>
      <div class="masks">
        {partsOf(mask).map((part) => (
          <LayerTile key={part.layer.name} {...part} />
        ))}
      </div>
    </div>
  );
}
