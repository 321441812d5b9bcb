// Keeps the dashboard up to date: the server sends the whole of it whenever something changed, and only what
// differs is touched, so that the focus stays where it is and members move instead of jumping.

const place = document.querySelector('[data-gv-feed]')
const line = document.querySelector('[data-gv-line]')
const still = matchMedia('(prefers-reduced-motion: reduce)')

const say = (text) => {
  if (line.textContent !== text) line.textContent = text
}

const source = new EventSource(place.dataset.gvFeed)
source.addEventListener('open', () => say('Live.'))
source.addEventListener('error', () =>
  say('No connection to the server. What is shown is the past; trying again …'),
)
source.addEventListener('message', ({ data }) => {
  say('Live.')
  const fresh = new DOMParser().parseFromString(JSON.parse(data), 'text/html').body
  patchChildren(place, fresh)
})

/** Makes the children of `old` what those of `fresh` are. */
const patchChildren = (old, fresh) => {
  const kept = [...old.childNodes]
  const keyed = new Map(kept.filter((node) => keyOf(node)).map((node) => [keyOf(node), node]))
  const wanted = [...fresh.childNodes].map((next, index) => {
    const before = keyOf(next) ? keyed.get(keyOf(next)) : kept[index]
    return before !== undefined && isLike(before, next)
      ? patch(before, next)
      : document.importNode(next, true)
  })
  wanted.forEach((node, index) => {
    if (old.childNodes[index] !== node) old.insertBefore(node, old.childNodes[index] ?? null)
  })
  while (old.childNodes.length > wanted.length) old.lastChild.remove()
}

const keyOf = (node) => (node instanceof Element ? node.getAttribute('data-key') : null)

const isLike = (one, other) => one.nodeName === other.nodeName && keyOf(one) === keyOf(other)

const patch = (old, next) => {
  if (!(old instanceof Element)) {
    if (old.nodeValue !== next.nodeValue) old.nodeValue = next.nodeValue
    return old
  }
  for (const name of old.getAttributeNames()) if (!next.hasAttribute(name)) old.removeAttribute(name)
  for (const name of next.getAttributeNames()) setAttribute(old, name, next.getAttribute(name))
  patchChildren(old, next)
  return old
}

/** What says where something is drawn. */
const positions = new Set(['transform', 'x1', 'y1', 'x2', 'y2'])
const numbers = /-?\d+(?:\.\d+)?/g
const duration = 500
/** The value that each attribute is on its way to; a newer one takes its place. */
const goals = new WeakMap()

const setAttribute = (element, name, value) => {
  if (!positions.has(name)) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value)
    return
  }
  const goal = goals.get(element)?.[name] ?? element.getAttribute(name)
  if (goal === value) return
  goals.set(element, { ...goals.get(element), [name]: value })
  if (still.matches || goal === null || document.hidden) element.setAttribute(name, value)
  else glide(element, name, value)
}

const glide = (element, name, value) => {
  const from = (element.getAttribute(name).match(numbers) ?? []).map(Number)
  const to = (value.match(numbers) ?? []).map(Number)
  const start = performance.now()
  const step = (now) => {
    if (goals.get(element)?.[name] !== value) return
    const share = Math.min(1, (now - start) / duration)
    const eased = 1 - (1 - share) ** 3
    let index = 0
    const between = value.replace(numbers, () => {
      const at = index++
      return (from[at] ?? to[at]) + ((to[at] ?? 0) - (from[at] ?? to[at])) * eased
    })
    element.setAttribute(name, share === 1 ? value : between)
    if (share < 1) requestAnimationFrame(step)
  }
  requestAnimationFrame(step)
}
