/** What needs Node.js. All else of this package runs wherever JavaScript does. */
export { privateModes } from './files/private-modes.ts'
export type { PrivateModes } from './files/private-modes.ts'
export { readIfThere, replaceFile } from './files/kept-file.ts'
export { assetUrl } from './markup/asset-url.ts'
export { socketAddress } from './files/socket-address.ts'
export type { SocketAddress } from './files/socket-address.ts'
