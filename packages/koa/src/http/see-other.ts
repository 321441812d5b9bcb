import type Koa from 'koa'

/** After a form was taken: a page that can be reloaded without sending the form again. */
export const seeOther = (ctx: Koa.Context, path: string): void => {
  ctx.redirect(path)
  ctx.status = 303
}
