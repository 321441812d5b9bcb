/** What needs Node.js. All else of this package runs wherever JavaScript does. */
export { privateModes } from './private-modes.ts'
export type { PrivateModes } from './private-modes.ts'
export { readIfThere, replaceFile } from './kept-file.ts'
export { assetUrl } from './markup/asset-url.ts'
export { socketAddress } from './socket-address.ts'
export type { SocketAddress } from './socket-address.ts'
