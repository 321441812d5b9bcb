/** Small parts for the routes of an app's own. */
export { userOf } from '../routes/page-frame.ts'
export { textOf } from './form-text.ts'
export { listen } from './listen.ts'
export { seeOther } from './see-other.ts'
export { staleForm } from '@grapevine/auth-middleware'
