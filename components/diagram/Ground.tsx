import { memo } from 'react'
import { figure } from '#components/words/figure.ts'
import type { Scene } from './layout/index.ts'
import { Machine, wordsAt } from './Machine.tsx'
import { pathOf } from './wire.ts'
import css from './Picture.module.css'

/** What no step changes: the hatching, machines, the VPC. */
export const Ground = memo(function Ground({
  scene,
  hatch,
}: {
  readonly scene: Scene
  readonly hatch: string
}) {
  const { vpc } = scene
  return (
    <>
      <defs>
        <pattern
          id={hatch}
          width="7"
          height="7"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width="7" height="7" className={css.slashed} />
          <line x1="1.5" y1="0" x2="1.5" y2="7" className={css.slash} />
        </pattern>
      </defs>
      {vpc !== null && (
        <>
          <rect
            x={vpc.x}
            y={vpc.y}
            width={vpc.w}
            height={vpc.h}
            rx="14"
            className={css.vpc}
            data-kind={vpc.kind}
          />
          <text x={vpc.name.x} y={vpc.y + 26} className={css.cloud} data-kind={vpc.kind}>
            {vpc.name.text}
          </text>
          <text x={vpc.name.x} y={vpc.y + 44} className={css.mono}>
            {vpc.cidr}
          </text>
          {vpc.kind === 'vpc' &&
            !scene.boxes.some((b) => b.kind === 'more' && b.y > vpc.y) &&
            figure()
              .hatched(vpc.aws)
              .map((line, i) => (
                <text
                  key={line}
                  x={vpc.name.x}
                  y={vpc.y + 66 + 16 * i}
                  className={css.note}
                  data-vpc="true"
                >
                  {line}
                </text>
              ))}
        </>
      )}
      {scene.columns.map((c, i) => (
        <Machine key={c.name} column={c} words={i === 0 ? wordsAt(scene, c) : null} />
      ))}
    </>
  )
})

/** The wires that are not on the way. */
export const Wires = memo(function Wires({
  scene,
  without,
}: {
  readonly scene: Scene
  readonly without: ReadonlySet<string>
}) {
  return scene.wires.map(([a, b]) => {
    const [from, to] = [a, b].map((id) => scene.boxes.find((x) => x.id === id))
    return from === undefined || to === undefined || without.has(`${a}|${b}`) ? null : (
      <path key={`${a}|${b}`} d={pathOf(scene, from, to)} className={css.wire} />
    )
  })
})
