/** For tests of pages and of READMEs. */
export { filesBeside, withoutLayout } from './readme.ts'
export { tagsOf } from './tags.ts'
export type { Tag } from './tags.ts'
