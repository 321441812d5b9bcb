import { browser, type Browser } from '@grapevine/local-cluster'
import { person, type Person } from '../people/person.ts'
import { publicUrl, type Answer, type Through } from './through.ts'

export interface LoadOptions {
  readonly through: Through
  /** Requests of people who are logged in, for each second. */
  readonly requestsPerSecond: number
  readonly signUpsPerSecond: number
  /** How many people are logged in. */
  readonly people: number
}

/** What was asked and what came of it. */
export interface LoadResult {
  readonly answered: number
  readonly perSecond: number
  readonly signUps: number
  /** What was not as it should be: when, in seconds since the beginning, what was asked, what came. */
  readonly wrong: readonly string[]
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly max: number
}

export interface Load {
  /** Asks no more, waits for what is under way. */
  stop(): Promise<LoadResult>
}

interface Visitor {
  readonly who: Person
  readonly cookie: string
  readonly token: string
}

/** As many logged-in people as are asked for. */
const enter = async (through: Through, who: Person): Promise<Visitor> => {
  const own = browser(through.node)
  await expectStatus(own.submit('/signup', { ...who }), 302, 'sign-up')
  return await logIn(own, who)
}

const logIn = async (own: Browser, who: Person): Promise<Visitor> => {
  await expectStatus(own.submit('/', { ...who }), 302, 'log-in')
  const page = await own.get('/budget')
  const token = page.html.querySelector('input[name=_csrf]')?.getAttribute('value')
  if (page.status !== 200 || token === undefined || !page.text.includes(who.username))
    throw new Error(`the budget of ${who.username}: ${page.status} ${page.text.slice(0, 200)}`)
  return { who, cookie: await own.jar.getCookieString(`${publicUrl}/budget`), token }
}

const expectStatus = async (
  answer: Promise<{ readonly status: number; readonly text: string }>,
  status: number,
  what: string,
): Promise<void> => {
  const got = await answer
  if (got.status !== status) throw new Error(`${what}: ${got.status} ${got.text.slice(0, 200)}`)
}

/** One in so many requests adds an entry. */
const readsForAWrite = 100
const tick = 10

let runs = 0

/** Sends at a rate, whatever comes back: as people do, who do not wait for each other. */
export const startLoad = async (options: LoadOptions): Promise<Load> => {
  const { through, requestsPerSecond, signUpsPerSecond } = options
  const run = (runs += 1)
  const names = Array.from({ length: options.people }, (_, index) => person(`regular-${run}-${index}`))
  const visitors: Visitor[] = []
  for (const who of names) visitors.push(await enter(through, who))
  const begun = performance.now()
  const took: number[] = []
  const wrong: string[] = []
  const underWay = new Set<Promise<void>>()
  const seconds = (): number => (performance.now() - begun) / 1_000
  let asked = 0
  let newcomers = 0

  const track = (what: string, work: () => Promise<void>): void => {
    const at = seconds().toFixed(2)
    const done = work()
      .catch((error: unknown) => void wrong.push(`${at} s, ${what}: ${String(error)}`))
      .finally(() => underWay.delete(done))
    underWay.add(done)
  }
  const timed = async (request: Promise<Answer>, isRight: (answer: Answer) => boolean): Promise<void> => {
    const since = performance.now()
    const answer = await request
    took.push(performance.now() - since)
    if (!isRight(answer)) throw new Error(`${answer.status} ${answer.text.slice(0, 200)}`)
  }
  const visit = (): void => {
    const visitor = visitors[asked % visitors.length]
    if (visitor === undefined) return
    asked += 1
    const { who, cookie, token } = visitor
    if (asked % readsForAWrite === 0) {
      track('an entry', () =>
        timed(through.ask('/budget', entryOf(cookie, token)), ({ status }) => status === 303),
      )
    } else {
      const headers = { cookie, accept: 'text/html' }
      const isRight = ({ status, text }: Answer): boolean => status === 200 && text.includes(who.username)
      track('the budget', () => timed(through.ask('/budget', { headers }), isRight))
    }
  }
  const signUp = (): void => {
    const who = person(`newcomer-${run}-${(newcomers += 1)}`)
    track(`sign-up of ${who.username}`, async () => void (await enter(through, who)))
  }

  const timer = setInterval(() => {
    while (asked < seconds() * requestsPerSecond) visit()
    while (newcomers < seconds() * signUpsPerSecond) signUp()
  }, tick)
  return {
    stop: async () => {
      clearInterval(timer)
      const elapsed = seconds()
      await Promise.all(underWay)
      took.sort((a, b) => a - b)
      const quantile = (share: number): number =>
        Math.round(took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0)
      return {
        answered: took.length,
        perSecond: Math.round(took.length / elapsed),
        signUps: newcomers,
        wrong,
        p50: quantile(0.5),
        p99: quantile(0.99),
        max: quantile(1),
      }
    },
  }
}

const entryOf = (cookie: string, token: string) => ({
  method: 'POST',
  headers: {
    cookie,
    accept: 'text/html',
    origin: publicUrl,
    'content-type': 'application/x-www-form-urlencoded',
  },
  body: new URLSearchParams({ _csrf: token, label: 'tea', amount: '1', direction: 'spent' }).toString(),
})
