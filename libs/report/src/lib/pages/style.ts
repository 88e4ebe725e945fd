import { COLOURS_ON_LIGHT } from '../look.ts';

/** The series of charts on dark ground, in the order of those on light. */
const COLOURS_ON_DARK = [
  '#4aa8e8',
  '#ff8a4c',
  '#3fc08f',
  '#e08bbd',
  '#e6b43c',
  '#8fd0ff',
  '#b39ddb',
  '#d0a37f',
];

const series = (colours: readonly string[]) =>
  colours.map((colour, i) => `--series-${i + 1}: ${colour};`).join(' ');

/** Of every page. Texts have a contrast of 4.5 : 1 and more, lines of charts of 3 : 1, in both themes. */
export const STYLE = `
:root { --page: #f6f8fa; --card: #ffffff; --ink: #24292f; --quiet: #57606a; --rule: #d0d7de; --grid: #e3e6ea;
  --link: #0860ca; --alarm: #b3261e; ${series(COLOURS_ON_LIGHT)} }
@media (prefers-color-scheme: dark) {
  :root { --page: #0d1117; --card: #151b23; --ink: #e6edf3; --quiet: #9ba4ae; --rule: #30363d; --grid: #2a3038;
    --link: #6cb2ff; --alarm: #ff8178; ${series(COLOURS_ON_DARK)} }
}
* { box-sizing: border-box; }
html { color-scheme: light dark; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.6 system-ui, sans-serif; }
main { max-width: 980px; margin: 0 auto; padding: 40px 24px 72px; }
h1 { margin: 0 0 8px; font-size: 32px; line-height: 1.2; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { margin: 0 0 12px; font-size: 22px; line-height: 1.3; overflow-wrap: anywhere; }
h3 { margin: 32px 0 8px; font-size: 17px; line-height: 1.4; overflow-wrap: anywhere; }
header p { font-size: 18px; color: var(--quiet); }
p, ul { margin: 0 0 12px; max-width: 72ch; overflow-wrap: anywhere; }
p { white-space: pre-line; }
ul { padding-left: 20px; }
a { color: var(--link); text-underline-offset: 2px; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 4px; }
[role='status'] { margin: 0 auto; max-width: 980px; font-weight: 600; color: var(--alarm); }
[role='status']:not(:empty) { padding: 16px 24px 0; }
nav { margin: 0 0 16px; display: flex; flex-wrap: wrap; gap: 4px 20px; }
main > section { margin-top: 40px; padding-top: 24px; border-top: 1px solid var(--rule); }
.card, .table, pre { margin: 16px 0; background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
.card { padding: 12px; }
.card svg { display: block; width: 100%; height: auto; }
.narrow { display: none !important; max-width: 480px; margin: 0 auto; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 24px 0 0; }
.facts div { padding: 12px 16px; background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
.facts dt, .facts dd + dd { font-size: 14px; color: var(--quiet); }
.facts dd { margin: 0; }
.facts dt + dd { font-size: 24px; line-height: 1.3; font-weight: 600; font-variant-numeric: tabular-nums; }
.table { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 15px; }
caption { padding: 10px 16px 2px; text-align: left; font-size: 14px; color: var(--quiet); }
caption span { position: sticky; left: 16px; display: inline-block; max-width: calc(100vw - 68px); }
details caption { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
th, td { padding: 7px 16px; text-align: left; vertical-align: baseline; }
thead th { color: var(--quiet); font-weight: 600; }
tbody th { font-weight: 400; min-width: 9em; }
tbody tr { border-top: 1px solid var(--rule); }
tbody th:first-child + td:last-child:not(.number) { overflow-wrap: anywhere; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
details { margin: 16px 0; }
summary { cursor: pointer; color: var(--link); }
.command { position: relative; }
code { font: 0.9em/1.6 ui-monospace, monospace; }
p code { display: inline-block; max-width: 100%; }
pre { padding: 14px 16px; overflow-x: auto; font: 15px/1.6 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
[data-copy] { display: none; position: absolute; top: 8px; right: 8px; padding: 3px 12px; font: inherit; font-size: 14px; color: var(--ink);
  background: var(--page); border: 1px solid var(--rule); border-radius: 6px; cursor: pointer; }
.scripted [data-copy] { display: block; }
.scripted [data-copy] + pre { padding-right: 104px; }
pre span { display: inline-block; max-width: 100%; }
@media (max-width: 719px) {
  main { padding: 24px 16px 48px; }
  h1 { font-size: 26px; }
  header p { font-size: 17px; }
  .wide { display: none !important; }
  .narrow { display: block !important; }
  th, td { padding: 7px 8px; }
  .facts { gap: 8px; }
  .facts div { padding: 10px 12px; }
  .facts dt + dd { font-size: 21px; }
  tbody th { min-width: 6em; }
  .scripted [data-copy] + pre { padding-right: 16px; padding-top: 48px; }
}
[role=status] { position: sticky; top: 0; padding: 8px 16px; background: var(--card); color: var(--alarm); border-bottom: 1px solid var(--rule); text-align: center; max-width: none; }
[role=status]:empty { display: none; }
@media print { :root { --page: #ffffff; } .scripted [data-copy] { display: none; } main > section { break-inside: avoid; } }
`;
