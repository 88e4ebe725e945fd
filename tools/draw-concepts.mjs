// Draws the pictures of docs/concepts.md from draws and runs of its own, in the built clone: node tools/draw-concepts.mjs
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as Plot from '@observablehq/plot';
import { RunFolder } from '@winnow/experiments';
import { curvesPicture, plotSvg, svgToPng } from '@winnow/report';
import { randomStreams } from '@winnow/tensor-backend';
import { readTicket } from '@winnow/tickets/files';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PICTURES = `${ROOT}docs/pictures/`;
const TEMPERATURE = 2 / 3;
const DRAWS = 200_000;

mkdirSync(PICTURES, { recursive: true });
async function draw(name, svg) {
  writeFileSync(`${PICTURES}${name}.png`, await svgToPng(await svg, { width: 1200 }));
}

/** The folder of a finished run; a run that is there already is not repeated. */
function runOf(method, ...options) {
  const out = `runs/concepts/${method}`;
  const common = ['--dataset', 'digits', '--model', 'resnet8', '--epochs', '20', '--seed', '1'];
  const args = [...common, '--density', '0.01', '--method', method, ...options, '--out', out];
  execFileSync(process.execPath, ['apps/cli/bin/winnow.js', 'run', ...args], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  return `${ROOT}${out}`;
}

function relaxation() {
  const uniforms = randomStreams(1)('mask-noise').uniforms(DRAWS, 0);
  const sigmoid = (x) => 1 / (1 + Math.exp(-x));
  const bins = 25;
  const rows = [-4.6, -2, 0, 2].flatMap((alpha) => {
    const counts = new Array(bins).fill(0);
    for (const u of uniforms) {
      const m = sigmoid(Math.log(u / (1 - u)) / TEMPERATURE + alpha);
      counts[Math.min(bins - 1, Math.floor(m * bins))]++;
    }
    const label =
      `α = ${alpha}`.replace('-', '−') + `, σ(α) = ${(100 * sigmoid(alpha)).toFixed(0)} %`;
    return counts.map((n, i) => ({
      label,
      from: i / bins,
      to: (i + 1) / bins,
      share: (100 * n) / DRAWS,
    }));
  });
  return plotSvg(
    {
      title: 'The relaxed mask of one weight',
      subtitle: `Share of ${DRAWS.toLocaleString('en')} draws of m = σ(ln(u / (1 − u)) / τ + α), τ = 2/3, in bins of 0.04`,
    },
    {
      height: 300,
      marginLeft: 60,
      marginBottom: 45,
      fx: { label: null, domain: [...new Set(rows.map((r) => r.label))] },
      x: {
        label: 'm',
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: [0, 0.5, 1],
        tickFormat: (m) => (m === 0.5 ? '½' : `${m}`),
      },
      y: { label: null, grid: true, tickFormat: (share) => `${share} %` },
      marks: [
        Plot.rectY(rows, {
          fx: 'label',
          x1: 'from',
          x2: 'to',
          y: 'share',
          fill: '#0072b2',
          inset: 0.5,
        }),
        Plot.ruleY([0]),
      ],
    },
  );
}

async function layers(runs) {
  const rows = [];
  for (const [method, run] of runs) {
    const ticket = await readTicket(`${run}/ticket.safetensors`);
    for (const [name, { kept }] of ticket.layers) {
      const share = (100 * kept.reduce((sum, k) => sum + k, 0)) / kept.length;
      rows.push({ method, layer: name.replace('.weight', ''), share });
    }
  }
  const names = [...new Set(rows.map((r) => r.layer))];
  return plotSvg(
    {
      title: 'Where 1 % of the weights are kept',
      subtitle:
        'ResNet-8 on the digits, from the same rewind point, seed 1; layers from input to output, density in % on a square-root scale',
    },
    {
      height: 60 + 30 * names.length,
      marginLeft: 210,
      marginRight: 60,
      marginBottom: 45,
      color: { domain: ['cts (kl)', 'magnitude'], range: ['#0072b2', '#d55e00'], legend: false },
      x: {
        type: 'sqrt',
        label: 'density of the layer, %',
        labelAnchor: 'center',
        labelArrow: 'none',
        grid: true,
        domain: [0, 60],
        ticks: [0, 0.5, 1, 2, 5, 10, 20, 40, 60],
        tickFormat: String,
      },
      y: { domain: names, label: null },
      marks: [
        Plot.ruleX([1], { stroke: '#999', strokeDasharray: '4 3' }),
        Plot.dot(rows, { x: 'share', y: 'layer', fill: 'method', r: 6, symbol: 'method' }),
        Plot.text(
          ['cts (kl)', 'magnitude'].map(
            (method) =>
              rows.filter((r) => r.method === method).sort((a, b) => b.share - a.share)[0],
          ),
          { x: 'share', y: 'layer', text: 'method', fill: 'method', dy: -12, fontWeight: 'bold' },
        ),
      ],
    },
  );
}

const cts = runOf('cts', '--search-epochs', '40');
const magnitude = runOf('magnitude');
await draw('relaxation', relaxation());
const searched = (await new RunFolder(cts).readMetrics())
  .filter((row) => row.phase === 'search')
  .map(({ phase, step, objective, density, lambda }) => ({
    phase,
    step,
    objective,
    density,
    lambda,
  }));
await draw(
  'search',
  curvesPicture({
    title: 'A search by the step: objective, expected density and λ',
    rows: searched,
  }),
);
await draw(
  'layers',
  layers([
    ['cts (kl)', cts],
    ['magnitude', magnitude],
  ]),
);
