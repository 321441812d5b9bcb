/** Of contents, by number: not those of the states, and with 3:1 against the card in the light and in the dark. */
const hueColours: readonly (readonly [string, string])[] = [
  ['#1f5fbf', '#8db8ff'],
  ['#8a3ab9', '#d3a4f5'],
  ['#0d7377', '#6fd3d6'],
  ['#b3186d', '#ff9ccb'],
  ['#5a5f00', '#d2d65a'],
  ['#4b4bd1', '#b3b3ff'],
  ['#7a4a1e', '#e0b184'],
  ['#00695c', '#7fe0c8'],
]

const huesIn = (which: 0 | 1): string =>
  hueColours.map((colours, hue) => `.gv-hue-${hue} { --gv-hue: ${colours[which]}; }`).join(' ')

const hueRules = `${huesIn(0)}
@media (prefers-color-scheme: dark) { ${huesIn(1)} }`

/**
 * The dashboard's style sheet, under a prefix of its own so that it disturbs no page that it is framed by. The
 * colours are those of the framing page where it names them so, and meet WCAG AA by themselves.
 */
export const styleSheet: string = `
.gv {
  --gv-card: var(--card, #ffffff); --gv-ink: var(--ink, #251c2b); --gv-muted: var(--muted, #5f5668);
  --gv-line: var(--line, #dfdae4); --gv-accent: var(--accent, #6b2a6e); --gv-on: var(--onAccent, #ffffff);
  --gv-alive: var(--alive, #3d6b1f); --gv-suspect: var(--suspect, #8a5200);
  --gv-down: var(--down, #ad2318); --gv-left: var(--left, #5f5668);
  color: var(--gv-ink);
}
@media (prefers-color-scheme: dark) {
  .gv {
    --gv-card: var(--card, #1f1a24); --gv-ink: var(--ink, #eeeaf2); --gv-muted: var(--muted, #b0a6ba);
    --gv-line: var(--line, #382f40); --gv-accent: var(--accent, #dba6dc); --gv-on: var(--onAccent, #2a0f2c);
    --gv-alive: var(--alive, #a3cf7d); --gv-suspect: var(--suspect, #efb85c);
    --gv-down: var(--down, #ff9e93); --gv-left: var(--left, #b0a6ba);
  }
}
.gv > * + *, .gv-place > * + * { margin-top: 1.5rem; }
.gv-card { padding: clamp(1rem, 4.5vw, 1.75rem); background: var(--gv-card); border: 1px solid var(--gv-line); border-radius: 12px; }
.gv-card h2, .gv caption { margin: 0 0 .75rem; padding: 0; font-size: 1.25rem; font-weight: 600; line-height: 1.3; text-align: left; }
.gv p { margin: 0; }
.gv-line { color: var(--gv-muted); }
.gv-mood { margin-bottom: 1rem; padding-left: .875rem; border-left: 4px solid var(--gv-alive); }
.gv-changing { border-color: var(--gv-suspect); }
.gv-trouble { border-color: var(--gv-suspect); border-left-style: double; border-left-width: 6px; }
.gv-split { border-color: var(--gv-down); border-left-width: 8px; }
.gv-past { color: var(--gv-down); font-weight: 600; }
.gv-past:empty { display: none; }
.gv-old { filter: grayscale(1); opacity: .6; }
.gv-headline { font-size: 1.25rem; font-weight: 600; line-height: 1.3; }
.gv-sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(17rem, 100%), 1fr)); gap: 1rem 2rem; align-items: center; }
.gv-ring { display: block; width: 100%; max-width: 26rem; height: auto; margin-inline: auto; overflow: visible; }
.gv-numbers { margin: 0; }
.gv-numbers > div { display: grid; grid-template-columns: 8rem minmax(0, 1fr); gap: 0 .75rem; padding-block: .5rem; border-top: 1px solid var(--gv-line); }
.gv-numbers > div:first-child { border-top: 0; }
.gv-numbers dt { color: var(--gv-muted); }
.gv-numbers dd { margin: 0; font-variant-numeric: tabular-nums; }
.gv-line-of { display: block; }
.gv code { font: .875em/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, monospace; }

.gv-alive { color: var(--gv-alive); } .gv-suspect { color: var(--gv-suspect); }
.gv-down { color: var(--gv-down); } .gv-left { color: var(--gv-left); }
.gv-full { fill: currentColor; }
.gv-rim { fill: none; stroke: currentColor; stroke-width: 2; }
.gv-dashed { stroke-dasharray: 4 4; }
.gv-cross { fill: none; stroke: currentColor; stroke-width: 2.5; stroke-linecap: round; }
.gv-half { stroke: none; }
.gv-content { fill: none; stroke: var(--gv-hue, var(--gv-muted)); stroke-width: 3.5; }
.gv-held { display: inline-block; padding: 0 .375rem; border: 2px solid var(--gv-hue, var(--gv-muted)); border-radius: 4px; font: 600 .875rem/1.4 ui-monospace, 'SF Mono', Menlo, Consolas, monospace; }
${hueRules}
.gv-link line { stroke: var(--gv-muted); stroke-width: 2; }
.gv-apart line { stroke: var(--gv-line); stroke-dasharray: 1 5; }
.gv-cut line { stroke: var(--gv-down); stroke-width: 1.5; stroke-dasharray: 2 6; }
.gv-cut path { fill: none; stroke: var(--gv-down); stroke-width: 2; stroke-linecap: round; }
.gv-node text { text-anchor: middle; fill: var(--gv-ink); font-family: inherit; }
.gv-node .gv-start { text-anchor: start; } .gv-node .gv-end { text-anchor: end; }
.gv-node .gv-letter { font: 700 14px ui-monospace, 'SF Mono', Menlo, Consolas, monospace; }
.gv-node .gv-letter-small { font-size: 11.5px; }
.gv-node .gv-count { font-size: 26px; font-weight: 700; }
.gv-alive .gv-letter, .gv-alive .gv-count { fill: var(--gv-card); }
.gv-suspect .gv-letter, .gv-down .gv-letter, .gv-left .gv-letter, .gv-suspect .gv-count, .gv-down .gv-count, .gv-left .gv-count { fill: var(--gv-ink); paint-order: stroke; stroke: var(--gv-card); stroke-width: 4px; }
.gv-node .gv-name { font-size: 15px; font-weight: 600; }
.gv-node .gv-words { font-size: 12.5px; fill: var(--gv-muted); }

.gv table { width: 100%; border-collapse: collapse; }
.gv th, .gv td { width: auto; padding: .625rem .75rem .625rem 0; text-align: left; vertical-align: top; border-top: 1px solid var(--gv-line); font-weight: inherit; white-space: normal; }
.gv td, .gv thead th { overflow-wrap: normal; }
.gv td:last-child, .gv th:last-child { padding-right: 0; }
.gv thead th { border-top: 0; padding-top: 0; color: var(--gv-muted); font-size: .9375rem; }
.gv th bdi { font-weight: 600; }
.gv-state { display: inline-flex; align-items: center; gap: .375rem; font-weight: 600; }
.gv-mark { width: 1.125rem; height: 1.125rem; flex: none; }
.gv-self { padding: 0 .5rem; border: 1px solid var(--gv-line); border-radius: 999px; color: var(--gv-muted); font-size: .8125rem; }
.gv-small { display: block; color: var(--gv-muted); font-size: .875rem; }
.gv-events { margin: 0; padding: 0; list-style: none; }
.gv-events li { display: grid; grid-template-columns: 8.5rem minmax(0, 1fr); gap: 0 .75rem; padding-block: .25rem; }
.gv-events time { color: var(--gv-muted); font-variant-numeric: tabular-nums; }
.gv-scroll { max-height: 24rem; overflow-y: auto; overscroll-behavior: contain; }
.gv-history { margin: 0; padding: 0; list-style: none; }
.gv-entry { display: grid; grid-template-columns: 9.5rem minmax(0, 1fr); gap: 0 .75rem; padding: .5rem 0 .5rem .75rem; border-left: 3px solid var(--gv-line); }
.gv-entry time { color: var(--gv-muted); font-variant-numeric: tabular-nums; }
.gv-disturbance { border-left-color: var(--gv-suspect); } .gv-open { border-left: 6px double var(--gv-down); } .gv-contested { border-left-color: var(--gv-accent); }
.gv-advice { margin: 0; } .gv-advice > div { padding-block: .5rem; border-top: 1px solid var(--gv-line); } .gv-advice > div:first-child { border-top: 0; padding-top: 0; }
.gv-advice dt { font-weight: 600; } .gv-advice dd { margin: 0; }
.gv-strip { margin: 0 0 1rem; } .gv-strip svg { display: block; width: 100%; height: 1rem; } .gv-strip figcaption { margin-top: .25rem; font-weight: 600; }
.gv-bar-whole { fill: var(--gv-alive); } .gv-bar-broken { fill: var(--gv-down); } .gv-bar-healing { fill: var(--gv-suspect); }
.gv-chart { display: block; width: 6rem; height: 1.625rem; } .gv-chart path { fill: none; stroke: var(--gv-accent); stroke-width: 1.5; }
.gv details > summary { cursor: pointer; padding-block: .5rem; font-weight: 600; }
@media (max-width: 40rem) {
  .gv-events li, .gv-entry { grid-template-columns: minmax(0, 1fr); }
  .gv-numbers > div { grid-template-columns: 7rem minmax(0, 1fr); }
}
@media (max-width: 30rem) {
  .gv-node .gv-name { font-size: 17px; } .gv-node .gv-words { font-size: 13.5px; }
  .gv table, .gv caption, .gv tbody, .gv tr, .gv th, .gv td { display: block; }
  .gv thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .gv tbody tr { padding-block: .5rem; border-top: 1px solid var(--gv-line); }
  .gv tbody th, .gv tbody td { padding: .125rem 0; border: 0; }
  .gv tbody td::before { content: attr(data-label) ': '; color: var(--gv-muted); }
}
@media (forced-colors: active) {
  .gv-full { fill: CanvasText; } .gv-rim, .gv-cross, .gv-content, .gv-link line, .gv-cut path, .gv-chart path { stroke: CanvasText; }
  .gv-node text.gv-name, .gv-node text.gv-words { fill: CanvasText; stroke: none; } .gv-alive text.gv-letter, .gv-alive text.gv-count { fill: Canvas; stroke: none; }
  .gv-old { opacity: 1; } .gv-bar-whole { fill: GrayText; } .gv-bar-broken { fill: CanvasText; } .gv-bar-healing { fill: Highlight; }
}
`.trimStart()

/** For a document of the dashboard's own, when no page frames it. */
export const pageStyle: string = `
:root { color-scheme: light dark; }
body { margin: 0; background: #f5f4f7; color: #251c2b; font: 1rem/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif; overflow-wrap: anywhere; }
main { max-width: 54rem; margin-inline: auto; padding: clamp(1rem, 4vw, 2rem); }
main > * + * { margin-top: 1.5rem; }
h1 { margin: 0; font-size: 1.75rem; }
a { color: #6b2a6e; }
:focus-visible { outline: 3px solid currentColor; outline-offset: 2px; }
@media (prefers-color-scheme: dark) { body { background: #16121a; color: #eeeaf2; } a { color: #dba6dc; } }
`.trimStart()
