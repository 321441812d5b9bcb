/**
 * Puts the base path before every path of a page. The markup writes paths as `href="/account"`; text that a page was
 * given cannot look so, since its quotes are escaped.
 */
export const underBasePath = (page: string, basePath: string): string =>
  basePath === '' ? page : page.replace(/ (href|action|src|data-gv-feed)="\/(?!\/)/g, ` $1="${basePath}/`)
