/** How much larger than drawn, and how much smaller, a picture still looks right. */
const LARGEST = 1.3
const LEAST = 0.96

/** Where the sentence has what the others leave, on a phone: how much of that it need not have. */
function spare(root: Element): number {
  const live = root.querySelector('[data-live]')
  if (live === null) return 0
  const least = Number.parseFloat(getComputedStyle(live).minHeight)
  return least > 0 ? Math.max(0, live.clientHeight - least) : 0
}

/** The height at which nothing of a figure that fills its window is missing or small: the rows around the picture, and the picture as wide as the window lets it be. Null where there is none. */
function wanted(): number | null {
  const root = document.querySelector('[data-figure]')
  const stage = root?.querySelector<HTMLElement>('[data-stage]') ?? null
  if (root === null || stage === null || innerWidth === 0) return null
  const [wide, high] = ['--wide', '--high'].map((p) => Number(stage.style.getPropertyValue(p)))
  if (wide === undefined || high === undefined || !(wide > 0 && high > 0)) return null
  const scale = Math.max(LEAST, Math.min(LARGEST, stage.clientWidth / wide))
  return Math.ceil(root.scrollHeight - stage.clientHeight - spare(root) + high * scale)
}

/** Says how high the figure wants to be, whenever that is more, or its width another: a page that follows does not jump at each step. Returns what ends it. */
export function keepHeight(say: (height: number) => void): () => void {
  let [told, width] = [0, 0]
  const look = (): void => {
    const now = wanted()
    if (now === null || (now <= told && width === innerWidth)) return
    width = innerWidth
    if (now === told) return
    told = now
    say(now)
  }
  const sized = new ResizeObserver(look)
  sized.observe(document.body)
  const stage = document.querySelector('[data-stage]')
  if (stage !== null) sized.observe(stage)
  return () => sized.disconnect()
}
