import { html, type Html } from './html.ts'

export interface Field {
  readonly value?: string | undefined
  /** A sentence under the label; given to screen readers with the field. */
  readonly hint?: string | undefined
  /** Id of the error that the field's form came back with. */
  readonly errorId?: string | undefined
  /** Whether typing starts here when the page opens. */
  readonly focus?: 'first' | undefined
}

// No maxlength on either field: browsers cut a paste to it without a word, and count in UTF-16 units. A name or
// a password that is too long must be refused by the server, never altered on the way there.

export function usernameField(field: Field): Html {
  return labelled(
    'username',
    'Username',
    field,
    html`type="text" autocomplete="username" autocapitalize="none" autocorrect="off" spellcheck="false"`,
  )
}

export function passwordField(kind: 'current-password' | 'new-password', field: Field): Html {
  // UTF-16 units are never fewer than characters: what this turns away, the server would turn away too.
  const shortest = kind === 'new-password' ? html`minlength="8"` : undefined
  return labelled('password', 'Password', field, html`type="password" autocomplete="${kind}" ${shortest}`)
}

function labelled(name: 'username' | 'password', label: string, field: Field, control: Html): Html {
  const hintId = field.hint === undefined ? undefined : `${name}-hint`
  const described = [field.errorId, hintId].filter((id) => id !== undefined).join(' ')
  const attributes = [
    field.value === undefined ? undefined : html` value="${field.value}"`,
    described === '' ? undefined : html` aria-describedby="${described}"`,
    field.focus === undefined ? undefined : html` autofocus`,
  ]
  return html`<div class="field">
    <label for="${name}">${label}</label>
    ${hintId === undefined ? undefined : html`<p class="hint" id="${hintId}">${field.hint}</p>`}
    <input id="${name}" name="${name}" ${control} required ${attributes} />
  </div>`
}
