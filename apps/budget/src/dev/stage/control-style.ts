import { assetUrl, dark, light } from '@grapevine/koa/pages'

const tokens = (palette: object): string =>
  Object.entries(palette)
    .map(([role, colour]) => `--${role}: ${colour};`)
    .join(' ')

export const controlStyle: string = `
:root { color-scheme: light dark; ${tokens(light)} }
@media (prefers-color-scheme: dark) { :root { ${tokens(dark)} } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif; overflow-wrap: anywhere; }
main { max-width: 54rem; margin-inline: auto; padding: clamp(1rem, 4vw, 2rem); }
main > * + * { margin-top: 1.25rem; }
h1 { margin: 0; font: 600 2rem/1.2 'Iowan Old Style', 'Palatino Linotype', Palatino, Georgia, serif; }
.lede { margin: .5rem 0 0; max-width: 40rem; color: var(--muted); }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 8px; }
.controls { padding: 1rem clamp(1rem, 4.5vw, 1.75rem); background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
.panes { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr)); gap: 1rem; }
.pane { padding: 1rem; border: 1px solid var(--line); border-radius: 8px; }
.cut .pane { border-style: dashed; border-width: 2px; border-color: var(--down); }
.pane h2, .controls h2 { margin: 0 0 .5rem; font-size: 1.125rem; }
.pane p { margin: .25rem 0 .75rem; color: var(--muted); }
.controls > * + * { margin-top: 1rem; }
.said { margin: 0; font-weight: 600; }
.people { width: 100%; border-collapse: collapse; }
.people th, .people td { padding: .375rem .75rem .375rem 0; border-top: 1px solid var(--line); text-align: left; font-weight: inherit; }
@media (max-width: 30rem) { .people, .people tbody, .people tr, .people th, .people td { display: block; } .people thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); } .people td { border: 0; } .people td::before { content: attr(data-label) ': '; color: var(--muted); } }
.people code { overflow-wrap: anywhere; }
.in { color: var(--alive); font-weight: 600; } .out { color: var(--down); font-weight: 600; }
details > summary { cursor: pointer; padding-block: .5rem; font-weight: 600; }
.controls ul { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(21rem, 100%), 1fr)); gap: .5rem 2rem; margin: .75rem 0 0; padding: 0; list-style: none; }
.row { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; }
.row a { min-width: 4rem; font-weight: 600; }
form { margin: 0; }
button { min-height: 2.5rem; padding: .25rem .875rem; font: inherit; font-weight: 600; cursor: pointer; color: var(--accent); background: transparent; border: 1px solid var(--outline); border-radius: 8px; }
div.row button { color: var(--onAccent); background: var(--accent); border-color: var(--accent); }
@media (max-width: 40rem) { li.row button { padding-inline: .5rem; font-size: .9375rem; } li.row a { min-width: 3.5rem; } }
button:hover { filter: brightness(1.08); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`.trimStart()

export const controlStyleUrl: string = assetUrl('/control.css', controlStyle)
