import { callback, optional, type Check } from '@grapevine/std'
import type Koa from 'koa'

/** The app's page for a "no" that belongs to no form: sets `ctx.body`. The status is set already, and the message is text. */
export type ProblemView = (ctx: Koa.Context, message: string) => void

export const problemView: Check<ProblemView | undefined> = optional(callback<ProblemView>())
