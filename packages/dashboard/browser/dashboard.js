// Keeps the dashboard up to date: the server sends the whole of it whenever something changed, and only what
// differs is touched, so that the focus stays where it is and members move instead of jumping.

const place = document.querySelector('[data-gv-feed]')
const line = document.querySelector('[data-gv-line]')
const still = matchMedia('(prefers-reduced-motion: reduce)')

const past = document.querySelector('[data-gv-past]')
/** Milliseconds without news after which what is shown is the past: three readings were missed. */
const patience = Math.max(3_000, 3 * Number(place.dataset.gvInterval))
/** When news last came, by a clock of this page that never goes back: clocks of two machines are never compared. */
let heardAt = performance.now()
let isConnected = false

const say = (element, text) => {
  if (element.textContent !== text) element.textContent = text
}

const tellAge = () => {
  const age = performance.now() - heardAt
  const isOld = age > patience
  const seconds = Math.round(age / 1_000)
  const state = isConnected ? (isOld ? 'Connected, but silent.' : 'Live.') : 'No connection to the server.'
  say(line, `${state} Last news ${seconds} s ago.`)
  // Said once, not every second, to whoever cannot see that it is grey.
  say(past, isOld ? 'No news: what is shown is the past. Trying again …' : '')
  place.classList.toggle('gv-old', isOld)
}

const heard = () => {
  heardAt = performance.now()
  isConnected = true
  tellAge()
}

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' })
const zone = new Intl.DateTimeFormat(undefined, { timeZoneName: 'short' })
const zoneName = zone.formatToParts(new Date()).find(({ type }) => type === 'timeZoneName')?.value ?? ''

/** Times as the clock of whoever reads has them. */
const localise = (root) => {
  for (const time of root.querySelectorAll('time[data-gv-clock]')) {
    time.textContent = `${clock.format(new Date(time.dateTime))} ${zoneName}`
  }
}

const source = new EventSource(place.dataset.gvFeed)
source.addEventListener('open', heard)
source.addEventListener('beat', heard)
source.addEventListener('error', () => {
  isConnected = false
  tellAge()
})
source.addEventListener('message', ({ data }) => {
  const fresh = new DOMParser().parseFromString(JSON.parse(data), 'text/html').body
  localise(fresh)
  patchChildren(place, fresh)
  heard()
})
localise(document)
setInterval(tellAge, 1_000)

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
  for (const name of old.getAttributeNames()) {
    // What somebody has unfolded stays open.
    const isTheirs = name === 'open' && old.nodeName === 'DETAILS'
    if (!isTheirs && !next.hasAttribute(name)) old.removeAttribute(name)
  }
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
