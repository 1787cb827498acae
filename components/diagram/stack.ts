import type { Card, Envelope } from './card.ts'
import type { Area } from './layout/index.ts'

/** A line of text, the space above it in an envelope, and from an envelope's border to the one inside. */
export const LINE = 16
export const PAD = 5
const RIM = 6
const BETWEEN = 1
/** Width of a sign of its text, and how far from the border it begins. */
export const SIGN = 7.5
export const INDENT = 8
/** Room for the words above a card. */
const CAPTION = 18

/** An envelope as it stands in the picture; `n` packets are inside of it. */
export interface Placed extends Area {
  readonly envelope: Envelope
  readonly n: number
  readonly ghost: boolean
}

/** How many signs a line has in a tray, inside of the others that a packet of this walk has around it at most. */
export const signsIn =
  (width: number, most: number) =>
  (around: number): number =>
    Math.floor((width - 2 * RIM * Math.max(0, most - around) - 2 * INDENT) / SIGN)

/** The envelopes of a card in its tray, the outermost first. The innermost stands where it always stands: the others come and go around it. */
export function stackOf(card: Card, tray: Area, most: number): readonly Placed[] {
  const inner = card.envelopes[0]!
  const around = [...card.envelopes.slice(1), ...card.ghosts]
  const head = (e: Envelope): number => PAD + e.lines.length * LINE + BETWEEN
  const own = 2 * PAD + inner.lines.length * LINE
  const above = around.reduce((sum, e) => sum + head(e), 0)
  const whole = above + own + around.length * RIM
  const usual = Math.max(CAPTION, most * (PAD + LINE + BETWEEN))
  const top = tray.y + Math.min(usual - above, tray.h - whole) + above
  const inset = RIM * most
  const out: Placed[] = [
    {
      envelope: inner,
      n: 0,
      ghost: false,
      x: tray.x + inset,
      y: top,
      w: tray.w - 2 * inset,
      h: own,
    },
  ]
  for (const [i, e] of around.entries()) {
    const last = out[i]!
    out.push({
      envelope: e,
      n: i + 1,
      ghost: i + 1 >= card.envelopes.length,
      x: last.x - RIM,
      y: last.y - head(e),
      w: last.w + 2 * RIM,
      h: last.h + head(e) + RIM,
    })
  }
  return out.toReversed()
}
