/** For tests of pages. */
export { tagsOf } from './tags.ts'
export type { Tag } from './tags.ts'
