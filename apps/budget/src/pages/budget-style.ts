/** What the budget's page needs besides the style sheet of all pages. */
export const budgetStyle: string = `
.total { font-size: clamp(2rem, 1.6rem + 2vw, 2.75rem); font-weight: 600; line-height: 1.1; font-variant-numeric: tabular-nums; }
.amount { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap; }
.balance { display: block; color: var(--muted); font-size: .875rem; }
.received { color: var(--alive); font-weight: 600; }
.spent { color: var(--ink); }
.entries th + th { text-align: right; }
.entries td:last-child { width: 1%; padding: .375rem 0 .375rem 1rem; vertical-align: middle; }
.entries th bdi { margin-right: .5rem; }
.undo { margin-top: 1.5rem; display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; }
@media (max-width: 30rem) {
  /* One above the other: beside each other, a label had room for one letter a line. The roles in the markup keep it a table. */
  .entries, .entries tbody, .entries caption { display: block; }
  .entries thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .entries tbody tr { display: grid; grid-template-columns: minmax(0, 1fr) auto; padding-block: .5rem; border-top: 1px solid var(--line); }
  .entries tbody :is(th, td) { border: 0; padding: .125rem 0; width: auto; }
  .entries tbody th { grid-column: 1 / -1; }
  .entries tbody .amount { text-align: left; white-space: normal; }
}
`.trimStart()
