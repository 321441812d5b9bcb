import { assetUrl } from '@grapevine/std/node'
import { html, render } from '@grapevine/std'
import { markShapes } from './mark.ts'
import { dark, light } from './palette.ts'

const colours = html`<style>
  :root {
    color: ${light.accent};
  }
  .mark-leaf {
    color: ${light.alive};
  }
  @media (prefers-color-scheme: dark) {
    :root {
      color: ${dark.accent};
    }
    .mark-leaf {
      color: ${dark.alive};
    }
  }
</style>`

/** The mark as an SVG file of its own, served at `/favicon.svg` as `image/svg+xml`. */
export const favicon: string = render(
  html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">${colours}${markShapes}</svg>`,
)

export const faviconUrl: string = assetUrl('/favicon.svg', favicon)
