import { faviconUrl } from './favicon.ts'
import { html, type Html, render } from '@grapevine/std'
import { showPasswordUrl } from './show-password.ts'
import { mark } from './mark.ts'
import { dark, light } from './palette.ts'
import { underBasePath } from './base-path.ts'
import type { Site, SiteLink } from './site.ts'

/** What every page knows: who serves it, to whom, and the token that its forms must send back. */
export interface PageFrame {
  readonly site: Site
  /** Name of the instance that served the page. */
  readonly node: string
  readonly user: FrameUser | undefined
  /** Something happened to the account since its owner last logged in: each page says so until it was read. Not if left out. */
  readonly hasNews?: boolean | undefined
  /** Whether the reader may look at the cluster, and is shown the way there. Not if left out. */
  readonly seesCluster?: boolean | undefined
  readonly csrfToken: string | undefined
}

export interface FrameUser {
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
  /** It asks for a password, which a button shows while somebody types. */
  readonly asksForPassword?: boolean | undefined
}

const cluster = { path: '/cluster', text: 'Cluster' }
const account = { path: '/account', text: 'Account' }
export const devicesPath = '/account/devices'
export const twinPath = '/account/twin'
const forGuests = [
  { path: '/', text: 'Log in' },
  { path: '/signup', text: 'Sign up' },
]

/** The whole document around a page's body: head, header with navigation and log-out, main, footer. */
export const layout = (frame: PageFrame, page: Page): string => {
  const document = render(
    html`<!doctype html>
      <html lang="en">
        ${head(frame.site, page)}
        <body>
          <a class="skip" href="#main">Skip to content</a>
          ${header(frame, page.path)}
          <main id="main" tabindex="-1">
            ${news(frame, page.path)}${contest(frame, page.path)}${page.body}
          </main>
          <footer class="foot">served by <bdi>${frame.node}</bdi></footer>
        </body>
      </html> `,
  )
  return underBasePath(document, frame.site.basePath)
}

/** The hidden anti-forgery field that every form carries. */
export const csrfField = (frame: PageFrame): Html | undefined => {
  if (frame.csrfToken === undefined) return undefined
  return html`<input type="hidden" name="_csrf" value="${frame.csrfToken}" />`
}

/** Said on every page but the account's own, which says more. */
const contest = ({ user }: PageFrame, path: string | undefined): Html | undefined => {
  if (user?.claim !== 'loser' || path === '/account') return undefined
  return html`<p class="notice warning" role="note">
    Another account has the name <bdi>${user.username}</bdi> too, and had it first.
    <a href="/account/name">Pick a new name</a>
  </p>`
}

/** Said on every page but the one that tells it. */
const news = ({ user, hasNews }: PageFrame, path: string | undefined): Html | undefined => {
  if (user === undefined || hasNews !== true || path === devicesPath) return undefined
  return html`<p class="notice" role="note">
    Something happened to your account since you last logged in. <a href="${devicesPath}">See what it was</a>
  </p>`
}

const head = (site: Site, { title, files, asksForPassword = false }: Page): Html => {
  return html`<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="theme-color" media="(prefers-color-scheme: light)" content="${light.card}" />
    <meta name="theme-color" media="(prefers-color-scheme: dark)" content="${dark.card}" />
    <title>${title} · ${site.name}</title>
    <link rel="icon" type="image/svg+xml" href="${faviconUrl}" />
    <link rel="stylesheet" href="${site.styleUrl}" />
    ${asksForPassword ? html`<script type="module" src="${showPasswordUrl}"></script>` : undefined}
    ${files === undefined ? undefined : extraFiles(files)}
  </head>`
}

const extraFiles = ({ styleUrl, scriptUrl }: NonNullable<Page['files']>): Html => {
  return html`<link rel="stylesheet" href="${styleUrl}" />
    <script type="module" src="${scriptUrl}"></script>`
}

const header = (frame: PageFrame, path: string | undefined): Html => {
  const { site, user, seesCluster = false } = frame
  const links = [
    ...(user === undefined ? forGuests : [...site.links, account]),
    ...(seesCluster ? [cluster] : []),
  ]
  return html`<header class="top">
    <div class="top-inner">
      <a class="brand" href="${user === undefined ? '/' : site.home}">${mark}${site.name}</a>
      <nav class="nav-bar" aria-label="Main">
        <ul class="nav">
          ${links.map((link) => navigationLink(link, path))}
        </ul>
      </nav>
      ${user === undefined ? undefined : loggedIn(frame, user.username)}
    </div>
  </header>`
}

const navigationLink = ({ path: href, text }: SiteLink, path: string | undefined): Html => {
  const current = href === path ? html`aria-current="page"` : undefined
  return html`<li><a href="${href}" ${current}>${text}</a></li>`
}

const loggedIn = (frame: PageFrame, username: string): Html => {
  return html`<div class="who">
    <bdi class="who-name">${username}</bdi>
    <form method="post" action="/logout">
      ${csrfField(frame)}
      <button class="plain" type="submit">Log out</button>
    </form>
  </div>`
}
