/** What needs Node.js. All else of this package runs wherever JavaScript does. */
export { assetUrl } from './markup/asset-url.ts'
