import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Context, Measurement } from './measurement.ts'
import { rotated, runMeasurement } from './run-measurement.ts'

const context: Context = {
  supervisor: {
    spawn: () => {
      throw new Error('nothing is started here')
    },
    folder: async () => '',
    close: async () => undefined,
  },
  pick: ({ quick }) => quick,
  progress: () => undefined,
  redis: { type: 'missing', why: 'not here' },
}

const measurement = (ran: string[]): Measurement => ({
  name: 'race',
  title: 'Race',
  how: 'by hand',
  comparisons: [
    {
      what: 'speed',
      unit: 'ms',
      subject: { contestant: 'a', reading: 'time' },
      relation: 'ratio',
      rival: { contestant: 'b', reading: 'time' },
    },
  ],
  prepare: async () =>
    ['a', 'b'].map((name, index) => ({
      type: 'present',
      name,
      run: async () => {
        ran.push(name)
        return { time: index + 1 }
      },
    })),
})

test('contestants run in turn, each round from the next one on', async () => {
  const ran: string[] = []
  const { rows, readings } = await runMeasurement(measurement(ran), context, 3)
  expect(ran).toEqual(['a', 'b', 'b', 'a', 'a', 'b'])
  expect(rows[0]).toMatchObject({ type: 'measured', figure: { median: 0.5, min: 0.5, max: 0.5 } })
  expect(readings['b']).toHaveLength(3)
})

test('an absent contestant does not run, and its rows say why', async () => {
  const ran: string[] = []
  const plain = measurement(ran)
  const withoutB: Measurement = {
    ...plain,
    prepare: async (given) => [
      ...(await plain.prepare(given)).slice(0, 1),
      { type: 'absent', name: 'b', why: 'not installed' },
    ],
  }
  const { rows } = await runMeasurement(withoutB, context, 1)
  expect(ran).toEqual(['a'])
  expect(rows[0]).toMatchObject({ type: 'skipped', why: 'not installed' })
})

test('rotating keeps all and their circle', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.nat(), (items, by) => {
      const turned = rotated(items, by)
      const place = items.length === 0 ? 0 : by % items.length
      expect([...turned.slice(items.length - place), ...turned.slice(0, items.length - place)]).toEqual(items)
    }),
  )
})
