import { dark, light, type Palette } from './palette.ts'

const tokens = (palette: Palette): string =>
  Object.entries(palette)
    .map(([role, colour]) => `--${role}: ${colour};`)
    .join(' ')

/** The style sheet of the pages, served at `/style.css`. Without it they still read in order. */
export const styleSheet: string = `
:root { color-scheme: light dark; ${tokens(light)} }
@media (prefers-color-scheme: dark) { :root { ${tokens(dark)} } }

*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; min-height: 100vh; display: flex; flex-direction: column;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
  overflow-wrap: anywhere;
}
h1, h2, caption, .brand { font-family: 'Iowan Old Style', 'Palatino Linotype', Palatino, Georgia, serif; text-wrap: balance; }
h1 { margin: 0; font-size: clamp(1.75rem, 1.4rem + 1.6vw, 2.25rem); font-weight: 600; line-height: 1.2; }
h2 { margin: 0 0 .75rem; font-size: 1.25rem; font-weight: 600; line-height: 1.3; }
p { margin: 0 0 1rem; }
p:last-child { margin-bottom: 0; }
a { color: var(--accent); text-underline-offset: .2em; }
a:hover { text-decoration-thickness: 2px; }
code { font: .875em/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, monospace; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
main:focus { outline: none; }

.skip { position: absolute; left: 1rem; top: -4rem; padding: .5rem 1rem; background: var(--card); z-index: 1; }
.skip:focus { top: .5rem; }

.top { border-bottom: 1px solid var(--line); background: var(--card); }
.top-inner, main, .foot {
  width: 100%; max-width: 50rem; margin-inline: auto; padding-inline: clamp(1rem, 4vw, 1.5rem);
}
.top-inner {
  display: flex; flex-wrap: wrap; align-items: center; gap: 0 1.5rem; min-height: 3.75rem; padding-block: .375rem;
}
.brand {
  display: inline-flex; align-items: center; gap: .5rem; min-height: 2.75rem;
  color: var(--ink); font-size: 1.125rem; font-weight: 600; text-decoration: none; white-space: nowrap;
}
.mark { width: 1.75rem; height: 1.75rem; flex: none; color: var(--accent); }
.mark-leaf { color: var(--alive); }
.nav { display: flex; gap: 1.25rem; margin: 0; padding: 0; list-style: none; }
.nav a {
  display: inline-flex; align-items: center; min-height: 2.75rem; color: var(--muted);
  text-decoration: none; border-bottom: 2px solid transparent; border-top: 2px solid transparent;
}
.nav a:hover { color: var(--ink); }
.nav a[aria-current] { color: var(--ink); border-bottom-color: var(--accent); }
.who { display: flex; align-items: center; gap: .75rem; margin-left: auto; min-width: 0; }
.who-name { max-width: 12rem; color: var(--muted); font-size: .9375rem; line-height: 1.25; text-align: right; text-wrap: balance; }

main { flex: 1; padding-block: clamp(1.75rem, 5vw, 3rem); }
main > * + * { margin-top: 1.5rem; }
.head > * + * { margin-top: .5rem; }
.lede { max-width: 38rem; color: var(--muted); font-size: 1.0625rem; text-wrap: pretty; }
.card { padding: clamp(1rem, 4.5vw, 1.75rem); background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
.narrow { max-width: 27rem; margin-inline: auto; }

form { margin: 0; }
.field { margin-bottom: 1.25rem; }
.field label { display: block; margin-bottom: .375rem; font-weight: 600; }
.hint { margin: 0 0 .375rem; color: var(--muted); font-size: .9375rem; }
input {
  width: 100%; min-height: 2.875rem; padding: .5rem .75rem; color: var(--ink); background: var(--paper);
  border: 1px solid var(--outline); border-radius: 8px; font: inherit;
}
fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
legend { padding: 0; margin-bottom: .375rem; font-weight: 600; }
.choice { display: flex; flex-wrap: wrap; gap: 0 1.25rem; }
.choice legend { float: left; width: 100%; }
.option { display: inline-flex; align-items: center; gap: .5rem; min-height: 2.875rem; }
.option input { width: 1.25rem; min-height: 1.25rem; height: 1.25rem; margin: 0; padding: 0; accent-color: var(--accent); }
.field .option label { margin: 0; font-weight: inherit; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(13rem, 100%), 1fr)); gap: 0 1.25rem; align-items: end; }
.columns > button { margin-bottom: 1.25rem; }
.columns { margin-bottom: -1.25rem; }
input:focus-visible { outline-offset: 0; border-color: var(--accent); border-radius: 8px; }
button {
  min-height: 2.75rem; padding: .5rem 1.25rem; font: inherit; font-weight: 600; cursor: pointer;
  color: var(--onAccent); background: var(--accent); border: 1px solid var(--accent); border-radius: 8px;
}
button:hover { filter: brightness(1.08); }
button:focus-visible { border-radius: 8px; }
.submit { width: 100%; }
.with-reveal { display: flex; gap: .5rem; }
.with-reveal .reveal { flex: none; min-width: 4.5rem; padding-inline: .875rem; border-color: var(--outline); }
input[aria-invalid='true'] { border-color: var(--down); border-width: 2px; }
.danger { color: var(--card); background: var(--down); border-color: var(--down); }
.plain { padding-inline: .875rem; color: var(--accent); background: transparent; border-color: var(--outline); white-space: nowrap; }
.aside { margin-top: 1.25rem; text-align: center; color: var(--muted); }

.notice { padding: .875rem 1rem; border-left: 4px solid var(--alive); border-radius: 4px; background: var(--noticePaper); }
.notice > strong { display: block; }
.notice.warning { border-color: var(--suspect); background: var(--warningPaper); }
.notice.error { border-color: var(--down); background: var(--errorPaper); }
.card > .notice { margin-bottom: 1.25rem; }

.muted { margin-bottom: .25rem; color: var(--muted); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.facts { margin: 0; }
.facts > div { display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: .125rem 1rem; padding-block: .75rem; border-top: 1px solid var(--line); }
.facts > div:first-child { padding-top: 0; border-top: 0; }
.facts > div:last-child { padding-bottom: 0; }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; }

table { width: 100%; border-collapse: collapse; }
caption { padding: 0 0 .75rem; text-align: left; font-size: 1.25rem; font-weight: 600; line-height: 1.3; }
th, td { padding: .75rem 0; text-align: left; vertical-align: top; border-top: 1px solid var(--line); font-weight: inherit; }
thead th { padding-block: 0 .5rem; border-top: 0; color: var(--muted); font-size: .9375rem; }
tbody tr:last-child > * { padding-bottom: 0; }
th + td, th + th { width: 1%; padding-left: .75rem; white-space: nowrap; }
.small { display: inline-block; margin-right: .5rem; color: var(--muted); font-size: .875rem; }


.actions { margin: 0; padding: 0; list-style: none; }
.actions li { padding-block: .5rem; border-top: 1px solid var(--line); }
.actions li:first-child { border-top: 0; }
.actions a { display: inline-block; min-width: 12rem; padding-block: .25rem; }

.foot { padding-block: 1.25rem; color: var(--muted); font-size: .9375rem; }

@media (max-width: 40rem) {
  /* Two rows: the app and who is logged in; where to go and the way out. Only the name, which takes no
     focus, moves from its place in the document. A name too long for the first row gets one of its own. */
  .top-inner { column-gap: 1rem; }
  .who { display: contents; }
  .who-name { order: 1; max-width: none; margin-left: auto; }
  .nav-bar { order: 2; }
  .nav { gap: .875rem; font-size: .9375rem; }
  .who form { order: 3; margin-left: auto; }
  .plain { padding-inline: 0; border-color: transparent; font-size: .9375rem; font-weight: inherit; }
  .facts > div { grid-template-columns: minmax(0, 1fr); }
}
@media (forced-colors: active) {
  /* What is transparent else would be a line above and below every link, as if each were the one that is open. */
  .nav a { border-color: Canvas; }
  .nav a[aria-current] { border-bottom-color: LinkText; }
  .plain { padding-inline: .5rem; }
  .notice { border: 1px solid CanvasText; border-left-width: 4px; }
  .mark { color: CanvasText; }
}
@media print { .top, .foot, .skip { display: none; } }
`.trimStart()

/** The same with the rules of an app's own pages. */
export const styleSheetWith = (rules: string): string =>
  rules === ''
    ? styleSheet
    : `${styleSheet}
${rules}`
