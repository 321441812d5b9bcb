import { isIP, isIPv4 } from 'node:net'
import type Koa from 'koa'
import type { TrustedProxies } from '../settings/proxies.ts'

/** As `X-Forwarded-For` has it: an address, perhaps in brackets, perhaps with a port. */
const forwarded = /^\[?([0-9a-fA-F:.]+?)\]?(?::\d{1,5})?$/

/** More than any chain of proxies of ours adds. */
const mostHops = 32

/**
 * The client's address. Each proxy adds whom it was asked by to the end of `X-Forwarded-For`; what is before the first
 * one whose word is not taken was written by the client, and is not looked at.
 */
export const clientAddress = (peer: string, header: string, trusted: TrustedProxies): string => {
  const hops = header
    .split(',')
    .slice(-mostHops)
    .map((hop) => plainAddress(hop.trim()))
    .toReversed()
  let address = plainAddress(peer) ?? ''
  for (const [index, hop] of hops.entries()) {
    if (hop === undefined || !isTrusted(trusted, address, index)) return address
    address = hop
  }
  return address
}

const plainAddress = (text: string): string | undefined => {
  const address = isIP(text) === 0 ? forwarded.exec(text)?.[1] : text
  if (address === undefined || isIP(address) === 0) return undefined
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1]
  return mapped !== undefined && isIPv4(mapped) ? mapped : address
}

const isTrusted = (trusted: TrustedProxies, address: string, index: number): boolean => {
  if (trusted.kind === 'none') return false
  if (trusted.kind === 'count') return index < trusted.count
  return isIP(address) !== 0 && trusted.networks.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')
}

/** `ctx.ip` is the client's from here on. */
export const clientAddresses =
  (trusted: TrustedProxies): Koa.Middleware =>
  (ctx, next) => {
    ctx.request.ip = clientAddress(ctx.req.socket.remoteAddress ?? '', ctx.get('X-Forwarded-For'), trusted)
    return next()
  }
