import { faviconUrl } from './favicon.ts'
import { html, type Html, render } from './html.ts'
import { mark } from './mark.ts'
import { dark, light } from './palette.ts'
import { styleUrl } from './style.ts'

/** What every page knows: who serves it, to whom, and the token that its forms must send back. */
export interface Chrome {
  /** Name of the instance that served the page. */
  readonly node: string
  readonly user: ChromeUser | undefined
  readonly csrfToken: string | undefined
}

export interface ChromeUser {
  readonly username: string
  /** `loser`: another account registered the name first, which every page says until a new one is picked. */
  readonly claim?: 'sole' | 'owner' | 'loser' | undefined
}

export interface Page {
  /** Shown in the tab, before the name of the app. */
  readonly title: string
  /** Path of this page, to mark its link in the navigation. */
  readonly path?: string | undefined
  readonly body: Html
  /** A style sheet and a module besides the app's own; only the dashboard has them. */
  readonly files?: { readonly styleUrl: string; readonly scriptUrl: string } | undefined
}

const APP = 'Grapevine Budget'
const FOR_USERS = [
  ['/budget', 'Budget'],
  ['/account', 'Account'],
  ['/cluster', 'Cluster'],
] as const
const FOR_GUESTS = [
  ['/', 'Log in'],
  ['/signup', 'Sign up'],
  ['/cluster', 'Cluster'],
] as const

/** The whole document around a page's body: head, header with navigation and log-out, main, footer. */
export function layout(chrome: Chrome, page: Page): string {
  return render(
    html`<!doctype html>
      <html lang="en">
        ${head(page)}
        <body>
          <a class="skip" href="#main">Skip to content</a>
          ${header(chrome, page.path)}
          <main id="main" tabindex="-1">${contest(chrome, page.path)}${page.body}</main>
          <footer class="foot">served by <bdi>${chrome.node}</bdi></footer>
        </body>
      </html> `,
  )
}

/** The hidden anti-forgery field that every form carries. */
export function csrfField(chrome: Chrome): Html | undefined {
  if (chrome.csrfToken === undefined) return undefined
  return html`<input type="hidden" name="_csrf" value="${chrome.csrfToken}" />`
}

/** Said on every page but the account's own, which says more. */
function contest({ user }: Chrome, path: string | undefined): Html | undefined {
  if (user?.claim !== 'loser' || path === '/account') return undefined
  return html`<p class="notice warning" role="note">
    Another account has the name <bdi>${user.username}</bdi> too, and had it first.
    <a href="/account/name">Pick a new name</a>
  </p>`
}

function head({ title, files }: Page): Html {
  return html`<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="theme-color" media="(prefers-color-scheme: light)" content="${light.card}" />
    <meta name="theme-color" media="(prefers-color-scheme: dark)" content="${dark.card}" />
    <title>${title} · ${APP}</title>
    <link rel="icon" type="image/svg+xml" href="${faviconUrl}" />
    <link rel="stylesheet" href="${styleUrl}" />
    ${files === undefined ? undefined : extraFiles(files)}
  </head>`
}

function extraFiles({ styleUrl, scriptUrl }: NonNullable<Page['files']>): Html {
  return html`<link rel="stylesheet" href="${styleUrl}" />
    <script type="module" src="${scriptUrl}"></script>`
}

function header(chrome: Chrome, path: string | undefined): Html {
  const links = chrome.user === undefined ? FOR_GUESTS : FOR_USERS
  return html`<header class="top">
    <div class="top-inner">
      <a class="brand" href="${links[0][0]}">${mark}${APP}</a>
      <nav class="nav-bar" aria-label="Main">
        <ul class="nav">
          ${links.map(([href, text]) => navigationLink(href, text, path))}
        </ul>
      </nav>
      ${chrome.user === undefined ? undefined : loggedIn(chrome, chrome.user.username)}
    </div>
  </header>`
}

function navigationLink(href: string, text: string, path: string | undefined): Html {
  const current = href === path ? html`aria-current="page"` : undefined
  return html`<li><a href="${href}" ${current}>${text}</a></li>`
}

function loggedIn(chrome: Chrome, username: string): Html {
  return html`<div class="who">
    <bdi class="who-name">${username}</bdi>
    <form method="post" action="/logout">
      ${csrfField(chrome)}
      <button class="plain" type="submit">Log out</button>
    </form>
  </div>`
}
