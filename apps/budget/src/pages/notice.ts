import { html, type Html } from './html.ts'

/** Why a form came back; announced at once. Fields name it in `aria-describedby`. */
export function errorNotice(id: string, error: string): Html {
  return html`<p class="notice error" id="${id}" role="alert">${error}</p>`
}

/** What just went well; announced when the reader is idle. */
export function statusNotice(text: string): Html {
  return html`<p class="notice" role="status">${text}</p>`
}
