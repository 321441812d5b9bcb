import { expect, test } from 'vitest'
import { assetUrl } from '../node.ts'

test('the URL of an asset changes with its content, and only then', () => {
  expect(assetUrl('/style.css', 'a')).toBe(assetUrl('/style.css', 'a'))
  expect(assetUrl('/style.css', 'a')).not.toBe(assetUrl('/style.css', 'b'))
  expect(assetUrl('/style.css', 'a')).toMatch(/^\/style\.css\?v=[\w-]{12}$/)
})
