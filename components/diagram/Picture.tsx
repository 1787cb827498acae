import type { Step, Walk } from '#lib/index.ts'
import { Boxes } from './Boxes.tsx'
import { Card } from './Card.tsx'
import { Chip } from './Chip.tsx'
import { looksUp, shownOf } from './drawn.ts'
import { gateOf } from './gates.ts'
import { Ground, Wires } from './Ground.tsx'
import type { Reach } from './hands.ts'
import type { Box, Scene } from './layout/index.ts'
import { arrivals, put, seconds, waits } from './motion.ts'
import { Place } from './Place.tsx'
import { trails } from './sleeves.ts'
import { Trail } from './Trail.tsx'
import css from './Picture.module.css'

interface Props {
  readonly scene: Scene
  readonly walk: Walk
  readonly step: Step
  /** The step on this message that its packet is compared with; left out, the one told before it. */
  readonly before?: Step | null | undefined
  /** Of the patterns in the document, which is this picture's own. */
  readonly hatch: string
  /** What makes the boxes reachable by keyboard; left out in a still. */
  readonly reach?: Reach
  readonly chip?: React.Ref<SVGGElement>
  readonly chipAt?: string
  /** The step that the packet comes from, where what happens to it is seen happening. */
  readonly from?: number | null
}

/** Boxes that are drawn together: a step changes those of two groups at most. */
const GROUP = 6
const groups = new WeakMap<Scene, readonly (readonly Box[])[]>()
function groupsOf(scene: Scene): readonly (readonly Box[])[] {
  const known = groups.get(scene)
  if (known !== undefined) return known
  const boxes = scene.boxes.filter((b) => b.kind !== 'gate')
  const made = Array.from({ length: Math.ceil(boxes.length / GROUP) }, (_, i) =>
    boxes.slice(i * GROUP, (i + 1) * GROUP),
  )
  groups.set(scene, made)
  return made
}
const of = (boxes: readonly Box[], id: string | undefined): string | undefined =>
  boxes.some((b) => b.id === id) ? id : undefined

/** What is drawn: boxes come from the rows, the path is the packet as it was on the wire, and the packet is where it is. */
export function Picture({
  scene,
  walk,
  step,
  before,
  hatch,
  reach,
  chip,
  chipAt,
  from = null,
}: Props) {
  const shown = shownOf(scene, { walk, step, before })
  const { own, other, wires } = trails(scene, walk, step.message)
  const here = shown?.here.id
  const lit = looksUp(step) ? here : undefined
  const move =
    from === null ? undefined : `${seconds(arrivals(own, { from, step: step.n }).length)}s`
  return (
    <g className={css.picture} data-onward={from !== null}>
      <Ground scene={scene} hatch={hatch} />
      <Wires scene={scene} without={wires} />
      <Trail legs={other} step={Infinity} hatch={hatch} thin />
      <Trail legs={own} step={step.n} from={from} hatch={hatch} move={move} />
      {groupsOf(scene).map((boxes) => (
        <Boxes
          key={boxes[0]!.id}
          boxes={boxes}
          here={of(boxes, here)}
          lit={of(boxes, lit)}
          move={of(boxes, lit) === undefined ? undefined : move}
          roving={of(boxes, reach?.roving)}
          hands={reach?.hands}
        />
      ))}
      {scene.boxes
        .filter((b) => b.kind === 'gate')
        .map((b) => (
          <Place
            key={b.id}
            box={b}
            here={b.id === here}
            lit={false}
            tab={reach === undefined ? null : b.id === reach.roving ? 0 : -1}
            hands={reach?.hands}
            said={gateOf(walk, b, step)}
          />
        ))}
      {shown?.tray != null && (
        <Card card={shown.card} tray={shown.tray} most={shown.most} lost={shown.lost} move={move} />
      )}
      {shown !== null && (
        <g
          ref={chip}
          style={{ transform: chipAt ?? put(shown.at), ...waits(move) }}
          className={css.packet}
          data-token=""
        >
          <Chip wrap={shown.wrap} was={shown.was} dropped={shown.lost} hatch={hatch} />
        </g>
      )}
    </g>
  )
}
