import { createSite, type Site } from '../markup/site.ts'

/** For tests of pages. */
export const testSite: Site = createSite({
  name: 'Grapevine Budget',
  home: '/budget',
  links: [{ path: '/budget', text: 'Budget' }],
})
