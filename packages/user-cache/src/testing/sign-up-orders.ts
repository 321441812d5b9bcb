/** A world of nodes that store claims, flush, and confirm; every order of what can happen in it is gone through. */
import { stampAt } from './kit.ts'
import { confirmed, decide, openRound, without, type RankedClaim, type Round } from '../sign-up/round.ts'

export interface Scenario {
  readonly nodes: number
  /** Who asks for the name where; a lower rank is an earlier stamp. */
  readonly signUps: readonly { readonly node: number; readonly rank: number }[]
  readonly crashes?: number
  /** How often a node may take another for down that is not. */
  readonly suspicions?: number
  /** A rule to be left out. */
  readonly without?: 'heldBefore' | 'granted' | 'waiting' | undefined
}

export interface Found {
  readonly states: number
  /** Over all orders, how many were answered "ok". */
  readonly mostGranted: number
  readonly fewestGranted: number
  /** Whether, at the end of some order, a claim that was not granted comes before the one that was. */
  readonly isOwnedByAnother: boolean
}

type Status = 'idle' | 'pending' | 'ok' | 'taken' | 'crashed'

interface SignUp {
  readonly status: Status
  readonly round: Round | undefined
}

interface Message {
  readonly kind: 'store' | 'withdraw' | 'confirm'
  readonly claim: number
  readonly from: number
  readonly to: number
  readonly rivals: readonly number[]
  readonly granted: readonly number[]
}

/** Plain data: two that look alike are one. */
interface World {
  readonly held: readonly (readonly number[])[]
  readonly withdrawn: readonly (readonly number[])[]
  /** Stored and not on disk yet. */
  readonly flushing: readonly (readonly [claim: number, node: number])[]
  readonly messages: readonly Message[]
  readonly up: readonly boolean[]
  /** Who takes whom for down. */
  readonly suspected: readonly string[]
  readonly signUps: readonly SignUp[]
  readonly crashes: number
  readonly suspicions: number
}

export const explore = (scenario: Scenario): Found => {
  const { step, start } = modelOf(scenario)
  const seen = new Set<string>()
  const stack: World[] = [start]
  let [mostGranted, fewestGranted, isOwnedByAnother] = [0, Infinity, false]
  for (let world = stack.pop(); world !== undefined; world = stack.pop()) {
    const look = canonical(world)
    if (seen.has(look)) continue
    seen.add(look)
    const granted = world.signUps.filter(({ status }) => status === 'ok').length
    mostGranted = Math.max(mostGranted, granted)
    const next = step(world)
    if (next.length === 0) {
      fewestGranted = Math.min(fewestGranted, granted)
      isOwnedByAnother ||= hasEarlierThanGranted(world, scenario)
    }
    stack.push(...next)
  }
  return { states: seen.size, mostGranted, fewestGranted, isOwnedByAnother }
}

const hasEarlierThanGranted = ({ signUps, held, up }: World, scenario: Scenario): boolean => {
  const rankOf = (claim: number): number => scenario.signUps[claim]?.rank ?? 0
  const winner = signUps.findIndex(({ status }) => status === 'ok')
  return (
    winner >= 0 &&
    held.some((claims, node) => up[node] && claims.some((each) => rankOf(each) < rankOf(winner)))
  )
}

const modelOf = ({ nodes, signUps, crashes = 0, suspicions = 0, without: omitted }: Scenario) => {
  const all = Array.from({ length: nodes }, (_, node) => node)
  const keyOf = (claim: number): string => `${claim}/.${claim}`
  const ranked = (claim: number): RankedClaim => ({
    key: keyOf(claim),
    at: stampAt(signUps[claim]?.rank ?? 0),
  })
  const nodeOf = (claim: number): number => signUps[claim]?.node ?? 0
  const viewOf = ({ suspected }: World, node: number): number[] =>
    all.filter((other) => other !== node && !suspected.includes(`${node}>${other}`))

  const start: World = {
    held: all.map(() => []),
    withdrawn: all.map(() => []),
    flushing: [],
    messages: [],
    up: all.map(() => true),
    suspected: [],
    signUps: signUps.map(() => ({ status: 'idle', round: undefined })),
    crashes,
    suspicions,
  }

  const send = (world: World, message: Omit<Message, 'rivals' | 'granted'> & Partial<Message>): World => ({
    ...world,
    messages: [...world.messages, { rivals: [], granted: [], ...message }],
  })
  const store = (world: World, node: number, claim: number): World =>
    world.withdrawn[node]?.includes(claim) === true || world.held[node]?.includes(claim) === true
      ? world
      : { ...world, held: at(world.held, node, (held) => [...held, claim]) }
  const withdraw = (world: World, node: number, claim: number): World => ({
    ...world,
    held: at(world.held, node, (held) => held.filter((each) => each !== claim)),
    withdrawn: at(world.withdrawn, node, (gone) => [...gone, claim]),
  })
  const setSignUp = (world: World, claim: number, signUp: SignUp): World => ({
    ...world,
    signUps: at(world.signUps, claim, () => signUp),
  })

  /** The code that ships decides. */
  const settle = (world: World, claim: number): World => {
    const node = nodeOf(claim)
    const round = world.signUps[claim]?.round
    if (world.signUps[claim]?.status !== 'pending' || round === undefined) return world
    const asked = omitted === 'waiting' ? { ...round, waiting: [] } : round
    const decision = decide(asked, (world.held[node] ?? []).map(ranked))
    if (decision === 'wait' || decision === 'unconfirmed') return world
    const settled = setSignUp(world, claim, { status: decision, round: undefined })
    if (decision === 'ok') return settled
    const told = viewOf(world, node).reduce<World>(
      (each, to) => send(each, { kind: 'withdraw', claim, from: node, to }),
      settled,
    )
    return withdraw(told, node, claim)
  }

  const begin = (world: World, claim: number): World => {
    const node = nodeOf(claim)
    if (omitted !== 'heldBefore' && (world.held[node]?.length ?? 0) > 0)
      return setSignUp(world, claim, { status: 'taken', round: undefined })
    const view = viewOf(world, node)
    const opened = setSignUp(store(world, node, claim), claim, {
      status: 'pending',
      round: openRound(ranked(claim), view.map(String)),
    })
    const sent = view.reduce<World>(
      (each, to) => send(each, { kind: 'store', claim, from: node, to }),
      opened,
    )
    return settle(sent, claim)
  }

  const giveUp = (world: World, claim: number, member: string): World => {
    const { round } = world.signUps[claim] ?? {}
    if (round === undefined) return world
    return settle(setSignUp(world, claim, { status: 'pending', round: without(round, member) }), claim)
  }

  const receive = (before: World, index: number): World => {
    const { kind, claim, from, to, rivals, granted } = before.messages[index] ?? {
      kind: 'withdraw',
      claim: 0,
      from: 0,
      to: 0,
      rivals: [],
      granted: [],
    }
    const world = { ...before, messages: before.messages.toSpliced(index, 1) }
    if (world.up[to] !== true) return world
    if (kind === 'store') return { ...store(world, to, claim), flushing: [...world.flushing, [claim, to]] }
    if (kind === 'withdraw') return withdraw(world, to, claim)
    const { round, status = 'idle' } = world.signUps[claim] ?? {}
    const known = rivals.reduce<World>((each, rival) => store(each, to, rival), world)
    if (status !== 'pending' || round === undefined) return known
    const confirmation = {
      rivals: rivals.map(ranked),
      granted: omitted === 'granted' ? [] : granted.map(keyOf),
    }
    return settle(
      setSignUp(known, claim, { status, round: confirmed(round, String(from), confirmation) }),
      claim,
    )
  }

  const flush = (before: World, index: number): World => {
    const [claim, node] = before.flushing[index] ?? [0, 0]
    const world = { ...before, flushing: before.flushing.toSpliced(index, 1) }
    const rivals = (world.held[node] ?? []).filter((each) => each !== claim)
    const granted = rivals.filter((each) => nodeOf(each) === node && world.signUps[each]?.status === 'ok')
    return send(world, { kind: 'confirm', claim, from: node, to: nodeOf(claim), rivals, granted })
  }

  const crash = (world: World, node: number): World => ({
    ...world,
    crashes: world.crashes - 1,
    up: at(world.up, node, () => false),
    flushing: world.flushing.filter(([, on]) => on !== node),
    signUps: world.signUps.map((signUp, claim) =>
      nodeOf(claim) === node && signUp.status === 'pending'
        ? { status: 'crashed', round: undefined }
        : signUp,
    ),
  })

  const suspect = (world: World, pair: string): World => ({
    ...world,
    suspicions: world.suspicions - 1,
    suspected: [...world.suspected, pair],
  })

  /** All worlds that can come next. */
  const step = (world: World): World[] => {
    const claims = signUps.map((_, claim) => claim)
    const idle = claims.filter((claim) => world.signUps[claim]?.status === 'idle' && world.up[nodeOf(claim)])
    const isDown = (node: number, other: string): boolean =>
      world.up[Number(other)] !== true || world.suspected.includes(`${node}>${other}`)
    return [
      ...idle.map((claim) => begin(world, claim)),
      ...claims.flatMap((claim) =>
        (world.signUps[claim]?.round?.waiting ?? [])
          .filter((member) => isDown(nodeOf(claim), member))
          .map((member) => giveUp(world, claim, member)),
      ),
      ...world.messages.map((_, index) => receive(world, index)),
      ...world.flushing.map((_, index) => flush(world, index)),
      ...(world.crashes > 0 ? all.filter((node) => world.up[node]).map((node) => crash(world, node)) : []),
      ...(world.suspicions > 0
        ? pairs(all)
            .filter((pair) => !world.suspected.includes(pair))
            .map((pair) => suspect(world, pair))
        : []),
    ]
  }
  return { start, step }
}

const pairs = (all: readonly number[]): string[] =>
  all.flatMap((one) => all.filter((other) => other !== one).map((other) => `${one}>${other}`))

const at = <T>(list: readonly T[], index: number, change: (each: T) => T): T[] =>
  list.map((each, place) => (place === index ? change(each) : each))

/** The same for worlds that differ only in the order of what is a set. */
const canonical = (world: World): string => {
  const sorted = (list: readonly unknown[]): string[] => list.map((each) => JSON.stringify(each)).sort()
  return JSON.stringify({
    ...world,
    held: world.held.map(sorted),
    withdrawn: world.withdrawn.map(sorted),
    flushing: sorted(world.flushing),
    messages: sorted(world.messages),
    suspected: sorted(world.suspected),
    signUps: world.signUps.map(({ status, round }) => [
      status,
      round && [
        sorted(round.waiting),
        [...new Set(sorted(round.rivals))],
        [...new Set(sorted(round.granted))],
      ],
    ]),
  })
}
