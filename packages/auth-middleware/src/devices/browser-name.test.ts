import { expect, test } from 'vitest'
import { browserName } from './browser-name.ts'

const mac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)'
const windows =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'
const phone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)'

test.each([
  ['Firefox on Linux', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'],
  ['Chrome on Windows', windows],
  ['Edge on Windows', `${windows} Edg/140.0.0.0`],
  ['Opera on Windows', `${windows} OPR/120.0.0.0`],
  ['Safari on macOS', `${mac} Version/18.5 Safari/605.1.15`],
  ['Safari on iOS', `${phone} Version/18.5 Mobile/15E148 Safari/604.1`],
  ['Chrome on iOS', `${phone} CriOS/140.0 Mobile/15E148 Safari/604.1`],
  [
    'Chrome on Android',
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
  ],
  ['curl', 'curl/8.15.0'],
  ['Unknown browser', '<script>alert(1)</script>'],
  ['Unknown browser', ''],
  ['Unknown browser', `${'x'.repeat(10_000)} Firefox/1`],
])('%s', (name, userAgent) => {
  expect(browserName(userAgent)).toBe(name)
})
