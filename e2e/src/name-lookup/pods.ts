import { eventually, type BrowserNode, type ClusterNode } from '@grapevine/local-cluster'
import { expect } from 'vitest'

/** The metrics of a pod, at the address that the manifest gives them. */
const metricsOf = async ({ host }: ClusterNode): Promise<string> =>
  await (await fetch(`http://${host}:9100/metrics`, { headers: { connection: 'close' } })).text()

/** Every pod is ready, sees all as alive, is linked to each, and differs from none. */
export const untilOneCluster = async (pods: readonly ClusterNode[], within = 60_000): Promise<void> => {
  await eventually(
    async () => {
      for (const pod of pods) {
        expect((await pod.fetch('/readyz')).status, pod.name).toBe(200)
        const metrics = await metricsOf(pod)
        expect(metrics, pod.name).toMatch(
          new RegExp(`^grapevine_members\\{state="alive"\\} ${pods.length}$`, 'm'),
        )
        expect(metrics, pod.name).toMatch(new RegExp(`^grapevine_links ${pods.length - 1}$`, 'm'))
        expect(metrics, pod.name).toMatch(/^grapevine_view\{view="whole"\} 1$/m)
        expect(metrics, pod.name).toMatch(/^grapevine_diverged_members 0$/m)
      }
    },
    { within, every: 500 },
  )
}

/** As browsers see a pod behind an ingress that ends TLS: in production they keep cookies over https only. */
export const overTls = ({ host, port, fetch }: ClusterNode): BrowserNode => ({
  url: `https://${host}:${port}`,
  fetch: (path, init) => fetch(path, init),
})
