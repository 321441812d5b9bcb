import { assetUrl } from '@grapevine/std/node'
import { styleSheetWith } from './style.ts'

/** A link in the header of every page. */
export interface SiteLink {
  /** Under the base path, such as `/budget`. */
  readonly path: string
  readonly text: string
}

export interface SiteOptions {
  /** Shown in the header and in every title. */
  readonly name: string
  /** Where people go after the log-in, and by the name in the header. @default '/account' */
  readonly home?: string
  /** For those who are logged in, before the account and the cluster. @default [] */
  readonly links?: readonly SiteLink[]
  /** CSS that is added to the style sheet; `var(--ink)` and the like are the colours of the palette. @default '' */
  readonly style?: string
  /** Where the app is mounted as browsers see it: '' or a path such as `/app`. @default '' */
  readonly basePath?: string
}

/** What all pages of an app share. */
export interface Site {
  readonly name: string
  readonly home: string
  readonly links: readonly SiteLink[]
  readonly basePath: string
  readonly styleSheet: string
  /** With a hash of the style sheet, so that it may be cached for ever. */
  readonly styleUrl: string
}

export const createSite = ({
  name,
  home = '/account',
  links = [],
  style = '',
  basePath = '',
}: SiteOptions): Site => {
  const styleSheet = styleSheetWith(style)
  return { name, home, links, basePath, styleSheet, styleUrl: assetUrl('/style.css', styleSheet) }
}
