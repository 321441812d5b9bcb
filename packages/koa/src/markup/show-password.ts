import { assetUrl } from '@grapevine/std/node'

/**
 * A button beside every password that shows it while it is typed, served at `/show-password.js`. Pages work without it. A form is
 * sent with its passwords hidden again, or a browser would remember them as ordinary text.
 */
export const showPassword: string = `
for (const field of document.querySelectorAll('input[type=password]')) {
  const label = document.querySelector('label[for="' + field.id + '"]')?.textContent ?? 'Password'
  const button = document.createElement('button')
  const set = (isShown) => {
    field.type = isShown ? 'text' : 'password'
    button.textContent = isShown ? 'Hide' : 'Show'
    button.setAttribute('aria-pressed', String(isShown))
  }
  button.type = 'button'
  button.className = 'plain reveal'
  button.title = 'Shows or hides: ' + label
  button.setAttribute('aria-controls', field.id)
  button.addEventListener('click', () => set(field.type === 'password'))
  field.form?.addEventListener('submit', () => set(false))
  field.spellcheck = false
  field.autocapitalize = 'none'
  set(false)
  const row = document.createElement('div')
  row.className = 'with-reveal'
  field.before(row)
  row.append(field, button)
  if (field.autofocus) field.focus()
}
`.trimStart()

export const showPasswordUrl: string = assetUrl('/show-password.js', showPassword)
