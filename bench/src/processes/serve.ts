import { isError } from '@grapevine/std'
import type { Answer, CallsOf, Request } from './remote.ts'

/**
 * The other end of a `Remote`: answers each call with what the function of that name gives. The program ends when the
 * bench closes the channel or is gone, however it went.
 */
export const serve = <C extends CallsOf<C>>(calls: C): void => {
  const table: Readonly<Record<string, unknown>> = calls
  process.on('message', (message) => {
    // Only the bench has this channel.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const { id, name, argument } = message as Request
    void answer(id, table[name], argument).then((given) => process.send?.(given))
  })
  process.on('disconnect', () => process.exit(0))
}

const answer = async (id: number, call: unknown, argument: unknown): Promise<Answer> => {
  try {
    if (typeof call !== 'function') throw new Error('there is no such call')
    return { id, type: 'value', value: await call(argument) }
  } catch (error) {
    return {
      id,
      type: 'error',
      message: isError(error) ? (error.stack ?? error.message) : String(error),
    }
  }
}
