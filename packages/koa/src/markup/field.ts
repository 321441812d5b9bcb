import { html, type Html } from '@grapevine/std'

export interface Field {
  readonly value?: string | undefined
  /** A sentence under the label; given to screen readers with the field. */
  readonly hint?: string | undefined
  /** Id of the error that this field has to do with. */
  readonly errorId?: string | undefined
  /** Whether typing starts here when the page opens. */
  readonly focus?: 'first' | undefined
}

export interface NamedField extends Field {
  readonly name: string
  readonly label: string
  /** @default the name; needed where two forms of one page have a field of the same name */
  readonly id?: string | undefined
}

// No maxlength on any field: browsers cut a paste to it without a word, and count in UTF-16 units. What is too
// long must be refused by the server, never altered on the way there.

export const usernameField = (field: Field & { readonly label?: string }): Html => {
  return labelled(
    { name: 'username', label: 'Username', ...field },
    html`type="text" autocomplete="username" autocapitalize="none" autocorrect="off" spellcheck="false"`,
  )
}

export const passwordField = (
  kind: 'current-password' | 'new-password',
  field: Field & Partial<NamedField>,
): Html => {
  // UTF-16 units are never fewer than characters: what this turns away, the server would turn away too.
  const shortest = kind === 'new-password' ? html`minlength="8"` : undefined
  return labelled(
    { name: 'password', label: 'Password', ...field },
    html`type="password" autocomplete="${kind}" ${shortest}`,
  )
}

export const textField = (field: NamedField): Html => {
  return labelled(field, html`type="text" autocomplete="off"`)
}

/** Money without a sign: `inputmode` brings up the keyboard of digits on a phone. */
export const amountField = (field: NamedField): Html => {
  return labelled(field, html`type="text" inputmode="decimal" autocomplete="off"`)
}

export interface Choice {
  readonly name: string
  readonly legend: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly chosen: string
}

/** One of a few, all of them seen. */
export const choiceField = ({ name, legend, options, chosen }: Choice): Html => {
  return html`<fieldset class="field choice">
    <legend>${legend}</legend>
    ${options.map(({ value, label }) => {
      const id = `${name}-${value}`
      const checked = value === chosen ? html`checked` : undefined
      return html`<span class="option">
        <input type="radio" id="${id}" name="${name}" value="${value}" ${checked} />
        <label for="${id}">${label}</label>
      </span>`
    })}
  </fieldset>`
}

const labelled = (field: NamedField, control: Html): Html => {
  const { name, label, hint, errorId, value, focus, id = name } = field
  const hintId = hint === undefined ? undefined : `${id}-hint`
  const described = [errorId, hintId].filter((id) => id !== undefined).join(' ')
  const attributes = [
    value === undefined ? undefined : html` value="${value}"`,
    described === '' ? undefined : html` aria-describedby="${described}"`,
    errorId === undefined ? undefined : html` aria-invalid="true"`,
    focus === undefined ? undefined : html` autofocus`,
  ]
  return html`<div class="field">
    <label for="${id}">${label}</label>
    ${hintId === undefined ? undefined : html`<p class="hint" id="${hintId}">${hint}</p>`}
    <input id="${id}" name="${name}" ${control} required ${attributes} />
  </div>`
}
