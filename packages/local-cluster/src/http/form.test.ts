import { parse } from 'node-html-parser'
import { describe, expect, test } from 'vitest'
import { PageError } from '../errors.ts'
import { fillForm, type FilledForm } from './form.ts'

const page = (html: string): Parameters<typeof fillForm>[0] => ({
  url: 'http://127.0.0.1:4000/account?tab=1',
  status: 200,
  html: parse(html),
})

const sent = ({ fields }: FilledForm): [string, string][] => [...fields]

describe('fillForm', () => {
  test('hidden and filled-in inputs are kept, given fields go over them', () => {
    const form = fillForm(
      page(`<form METHOD="Post" action="save"><input type=hidden name=token value="a&quot;b"><input name=name value=old>
        <input type=checkbox name=news checked><input type=checkbox name=spam><input type=submit name=go value=Go>
        <textarea name=note></textarea></form>`),
      { name: 'new', note: 'hi' },
    )
    expect(form.action).toBe('http://127.0.0.1:4000/save')
    expect(sent(form)).toEqual([
      ['token', 'a"b'],
      ['name', 'new'],
      ['news', 'on'],
      ['note', 'hi'],
    ])
  })

  test('of several forms the one that posts to the own path is meant, or the one asked for', () => {
    const several =
      page(`<form method=post><input name=a></form><form method=post action=/logout><input name=b></form>
      <form action=/account><input name=q></form>`)
    expect(fillForm(several, { a: '1' }).action).toBe('http://127.0.0.1:4000/account?tab=1')
    expect(fillForm(several, { b: '1' }, '/logout').action).toBe('http://127.0.0.1:4000/logout')
  })

  test.each([
    [
      'no form',
      '<p>sorry</p>',
      {},
      undefined,
      'wanted one form that posts to /account, found 0 (actions: none)',
    ],
    ['no such form', '<form method=post action=/a></form>', {}, '/b', 'posts to /b, found 0 (actions: /a)'],
    ['two alike', '<form method=post></form><form method=post></form>', {}, undefined, 'found 2'],
    [
      'no such field',
      '<form method=post><input name=user></form>',
      { usr: 'x' },
      undefined,
      "no field 'usr', only user",
    ],
  ])('%s is said', (_, html, fields, action, message) => {
    const fill = (): unknown => fillForm(page(html), fields, action)
    expect(fill).toThrow(PageError)
    expect(fill).toThrow(message)
  })
})
