import type { KeyLine } from '#components/words/en/controls.ts'
import type { Ask } from './store/actions.ts'

/** A key and what it asks. `typing`: it is heard in a field too, which has no use for it. `itself`: only while the figure itself has the focus, for what it is on has a use for it. */
export interface Key {
  readonly key: string
  readonly shift?: true
  /** With Ctrl, or ⌘. Without it such keys are the browser's. */
  readonly ctrl?: true
  readonly typing?: true
  readonly itself?: true
  readonly ask: Ask
  /** Keys that are told in one line of the help; left out, it is told nowhere. */
  readonly says?: KeyLine
}

/** What keys do in a figure: the one table, of which the help is made too. */
export const KEYS: readonly Key[] = [
  { key: 'ArrowRight', ask: { type: 'move', by: 1 }, says: 'step' },
  { key: 'ArrowLeft', ask: { type: 'move', by: -1 }, says: 'step' },
  { key: 'ArrowRight', shift: true, ask: { type: 'decision', by: 1 }, says: 'decision' },
  { key: 'ArrowLeft', shift: true, ask: { type: 'decision', by: -1 }, says: 'decision' },
  { key: 'Home', ask: { type: 'first' }, says: 'ends' },
  { key: 'End', ask: { type: 'last' }, says: 'ends' },
  { key: 'e', ask: { type: 'end' }, says: 'packet' },
  { key: ' ', itself: true, ask: { type: 'play' }, says: 'play' },
  { key: 'k', typing: true, ask: { type: 'play' }, says: 'play' },
  { key: ',', typing: true, ask: { type: 'speed', by: -1 }, says: 'speed' },
  { key: '.', typing: true, ask: { type: 'speed', by: 1 }, says: 'speed' },
  { key: 'b', ask: { type: 'answer' }, says: 'answer' },
  { key: '1', ask: { type: 'detail', detail: 'story' }, says: 'detail' },
  { key: '2', ask: { type: 'detail', detail: 'network' }, says: 'detail' },
  { key: '3', ask: { type: 'detail', detail: 'kernel' }, says: 'detail' },
  { key: 'c', ask: { type: 'compare' }, says: 'compare' },
  { key: 't', ask: { type: 'follow' }, says: 'follow' },
  { key: 'l', ask: { type: 'copy' }, says: 'copy' },
  { key: 'z', ctrl: true, ask: { type: 'undo' }, says: 'undo' },
  { key: 'z', ctrl: true, shift: true, ask: { type: 'redo' }, says: 'undo' },
  { key: '?', typing: true, ask: { type: 'help' }, says: 'help' },
  { key: 'Escape', ask: { type: 'leave' } },
]

/** What was pressed, and where the focus is. */
export interface Pressed {
  readonly key: string
  readonly shift: boolean
  /** Ctrl or ⌘. */
  readonly ctrl: boolean
  readonly alt: boolean
  readonly where: 'figure' | 'field' | 'inside'
}

/** What a key asks; null if it is nothing to the figure. Only arrows, and keys with Ctrl, tell Shift apart: other signs may need it to be typed. */
export function askOf({ key, shift, ctrl, alt, where }: Pressed): Ask | null {
  if (alt) return null
  const sign = ctrl ? key.toLowerCase() : key
  const found = KEYS.find(
    (k) =>
      k.key === sign &&
      (k.ctrl ?? false) === ctrl &&
      ((!ctrl && !sign.startsWith('Arrow')) || (k.shift ?? false) === shift) &&
      (where !== 'field' || k.typing === true) &&
      (where === 'figure' || k.itself !== true),
  )
  return found?.ask ?? null
}

const SIGNS: Readonly<Record<string, string>> = { ArrowRight: '→', ArrowLeft: '←', ' ': 'Space' }

/** The keys of each line of the help, in the table's order, as they stand on a keyboard. */
export function keysTold(): readonly (readonly [KeyLine, readonly string[]])[] {
  const lines = new Map<KeyLine, string[]>()
  for (const { key, shift, ctrl, says } of KEYS)
    if (says !== undefined)
      lines.set(says, [
        ...(lines.get(says) ?? []),
        `${ctrl === true ? 'Ctrl ' : ''}${shift === true ? 'Shift ' : ''}${SIGNS[key] ?? key}`,
      ])
  return [...lines]
}
