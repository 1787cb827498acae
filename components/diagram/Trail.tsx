import { memo } from 'react'
import { waits } from './motion.ts'
import { runsOf, strokesOf } from './sleeves.ts'
import type { Leg } from './way.ts'
import css from './Picture.module.css'

interface Props {
  readonly legs: readonly Leg[]
  readonly step: number
  /** The step that the packet comes from, where it is seen coming. */
  readonly from?: number | null
  readonly hatch: string
  /** How long the packet is on its way. */
  readonly move?: string | undefined
  /** Of the packet that this one answers: a thin line. */
  readonly thin?: boolean
}

/** The path, which is the packet: what is done as it was wrapped there, what is to come dotted. */
export const Trail = memo(function Trail({ legs, step, from, hatch, move, thin = false }: Props) {
  const runs = runsOf(legs, { step, from })
  return (
    <g className={css.trail} data-thin={thin} style={waits(move)}>
      {runs.map((r, i) =>
        r.done ? (
          <g
            key={i}
            className={css.run}
            data-outer={r.wrap.outer}
            data-hidden={r.wrap.hidden}
            data-fresh={r.at !== null}
            style={r.at === null ? undefined : { animationDelay: `calc(var(--move) * ${r.at})` }}
          >
            {(thin ? strokesOf({ outer: 0, hidden: false }) : strokesOf(r.wrap)).map((s, k) => (
              <path
                key={k}
                d={r.d}
                className={css[s.kind]}
                {...(thin ? {} : { strokeWidth: s.width })}
                {...(s.kind === 'hatch' ? { stroke: `url(#${hatch})` } : {})}
              />
            ))}
          </g>
        ) : (
          <path key={i} d={r.d} className={css.ahead} />
        ),
      )}
    </g>
  )
})
