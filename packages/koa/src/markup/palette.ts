/** The colours by role. A test holds every pair that meets on a page to WCAG AA, in light and in dark. */
export interface Palette {
  /** Behind everything, and behind the cards on it. */
  readonly paper: string
  readonly card: string
  readonly ink: string
  readonly muted: string
  /** Hairlines, which only decorate; and the outlines of fields, which must be seen. */
  readonly line: string
  readonly outline: string
  /** Links, buttons, the mark, the focus ring; and the text on a button. */
  readonly accent: string
  readonly onAccent: string
  /** Well, worth a look, wrong: for the states of a member, notices, and money received. */
  readonly alive: string
  readonly suspect: string
  readonly down: string
  /** Behind an error, a warning, and good news. */
  readonly errorPaper: string
  readonly warningPaper: string
  readonly noticePaper: string
}

export const light: Palette = {
  paper: '#f5f4f7',
  card: '#ffffff',
  ink: '#251c2b',
  muted: '#5f5668',
  line: '#dfdae4',
  outline: '#857b90',
  accent: '#6b2a6e',
  onAccent: '#ffffff',
  alive: '#3d6b1f',
  suspect: '#8a5200',
  down: '#ad2318',
  errorPaper: '#fcebe8',
  warningPaper: '#fcf2de',
  noticePaper: '#ecf3e4',
}

export const dark: Palette = {
  paper: '#16121a',
  card: '#1f1a24',
  ink: '#eeeaf2',
  muted: '#b0a6ba',
  line: '#382f40',
  outline: '#877b92',
  accent: '#dba6dc',
  onAccent: '#2a0f2c',
  alive: '#a3cf7d',
  suspect: '#efb85c',
  down: '#ff9e93',
  errorPaper: '#3c1d1d',
  warningPaper: '#372a12',
  noticePaper: '#22301a',
}
