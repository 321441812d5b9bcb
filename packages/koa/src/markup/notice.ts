import { html, type Html } from '@grapevine/std'

/** Why a form came back; announced at once. Fields name it in `aria-describedby`. */
export const errorNotice = (id: string, error: string): Html => {
  return html`<p class="notice error" id="${id}" role="alert">${error}</p>`
}

/** What just went well; announced when the reader is idle. */
export const statusNotice = (text: string): Html => {
  return html`<p class="notice" role="status">${text}</p>`
}
