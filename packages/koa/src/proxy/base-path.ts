import type Koa from 'koa'

/**
 * Everything inside is written as if the app were at the root. What comes from outside is stripped of the base path,
 * whether or not a proxy did so already, and what is redirected to gets it back.
 */
export const underBase = (basePath: string): Koa.Middleware => {
  if (basePath === '') return (_ctx, next) => next()
  return async (ctx, next) => {
    ctx.url = withoutBase(ctx.url, basePath)
    ctx.originalUrl = ctx.url
    try {
      await next()
    } finally {
      const location = ctx.response.get('Location')
      // The page that a form stood on is told by its Referer, base path included.
      if (/^\/(?!\/)/.test(location) && !location.startsWith(`${basePath}/`))
        ctx.set('Location', `${basePath}${location}`)
    }
  }
}

const withoutBase = (url: string, basePath: string): string => {
  const rest = url.startsWith(basePath) ? url.slice(basePath.length) : url
  if (rest === '' || rest.startsWith('?')) return `/${rest}`
  // `/application` is not below `/app`.
  return rest.startsWith('/') ? rest : url
}
