import { Gauge, type Registry } from 'prom-client'

/** A gauge that is read when it is asked for: one number, or one for each label value. */
export const gauge = (
  register: Registry,
  { name, help, label }: { readonly name: string; readonly help: string; readonly label?: string },
  read: () => number | Values | Promise<number | Values>,
): void => {
  const metric = new Gauge({
    name,
    help,
    labelNames: label === undefined ? [] : [label],
    registers: [],
    async collect() {
      const value = await read()
      this.reset()
      if (typeof value === 'number') this.set(value)
      else if (label !== undefined) {
        for (const [key, number] of Object.entries(value)) this.set({ [label]: key }, number)
      }
    },
  })
  register.registerMetric(metric)
}

export type Values = Readonly<Record<string, number>>
