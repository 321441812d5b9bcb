import type { HTMLElement } from 'node-html-parser'
import { PageError } from '../errors.ts'

/** The page a form is on. */
export interface FormPage {
  readonly url: string
  readonly status: number
  readonly html: HTMLElement
}

/** What a browser would post. */
export interface FilledForm {
  /** Absolute. */
  readonly action: string
  readonly fields: URLSearchParams
}

/** These are sent only when they are clicked, chosen or ticked. */
const silent = new Set(['submit', 'button', 'image', 'reset', 'file'])
const ticked = new Set(['checkbox', 'radio'])

/**
 * The page's `<form method=post>`, filled in: what its inputs hold already, hidden ones too, with `fields` over it.
 * If there are several, `action` says which; without it, the one that posts to the page's own path is meant.
 *
 * @throws PageError if there is not exactly one such form, or `fields` has a name that the form has not.
 */
export const fillForm = (
  page: FormPage,
  fields: Readonly<Record<string, string>>,
  action?: string,
): FilledForm => {
  const form = chooseForm(page, action)
  const controls = form
    .querySelectorAll('input, textarea, select')
    .filter((control) => !control.hasAttribute('disabled'))
  const names = controls.map((control) => control.getAttribute('name') ?? '').filter((name) => name !== '')
  const unknown = Object.keys(fields).find((name) => !names.includes(name))
  if (unknown !== undefined)
    throw new PageError(page, `the form has no field '${unknown}', only ${names.join(', ')}`)

  const filled = new URLSearchParams(controls.flatMap((control) => presetOf(control)))
  for (const [name, value] of Object.entries(fields)) filled.set(name, value)
  return { action: actionOf(page, form), fields: filled }
}

const chooseForm = (page: FormPage, action: string | undefined): HTMLElement => {
  const forms = page.html
    .querySelectorAll('form')
    .filter((form) => form.getAttribute('method')?.trim().toLowerCase() === 'post')
  const wanted = new URL(action ?? page.url, page.url).pathname
  const matching = forms.filter((form) => new URL(actionOf(page, form)).pathname === wanted)
  const candidates = action === undefined && forms.length === 1 ? forms : matching
  const [form, ...others] = candidates
  if (form === undefined || others.length > 0) {
    const seen = forms.map((form) => form.getAttribute('action') ?? '(its own)').join(', ')
    throw new PageError(
      page,
      `wanted one form that posts to ${wanted}, found ${candidates.length} (actions: ${seen || 'none'})`,
    )
  }
  return form
}

const actionOf = (page: FormPage, form: HTMLElement): string =>
  new URL(form.getAttribute('action') ?? page.url, page.url).href

const presetOf = (control: HTMLElement): [string, string][] => {
  const name = control.getAttribute('name')
  const type = control.getAttribute('type')?.toLowerCase() ?? 'text'
  if (name === undefined || name === '' || control.localName !== 'input' || silent.has(type)) return []
  if (!ticked.has(type)) return [[name, control.getAttribute('value') ?? '']]
  return control.hasAttribute('checked') ? [[name, control.getAttribute('value') ?? 'on']] : []
}
