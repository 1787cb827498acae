'use client'
import { useEffect, useId, useState } from 'react'
import { flushSync } from 'react-dom'
import { headerLength, type Step, type Walk } from '#lib/index.ts'
import { Picture } from '#components/diagram/Picture.tsx'
import type { Scene } from '#components/diagram/layout/index.ts'
import { whereOf } from '#components/diagram/place.ts'
import { saying, stops } from '#components/figure/store/stops.ts'
import { fields, NAMES } from '#components/packet/fields.ts'
import css from './Storyboard.module.css'

interface Props {
  readonly title: string
  readonly scene: Scene
  readonly walk: Walk
  readonly message: number
  readonly link: (step: number) => string
}

/** What paper shows of a figure: the story of this packet and of its answer, a panel a stop. It is made when printing begins. */
export function Storyboard(props: Props) {
  const [printing, setPrinting] = useState(false)
  useEffect(() => {
    const on = (): void => {
      flushSync(() => setPrinting(true))
    }
    const off = (): void => setPrinting(false)
    addEventListener('beforeprint', on)
    addEventListener('afterprint', off)
    return () => {
      removeEventListener('beforeprint', on)
      removeEventListener('afterprint', off)
    }
  }, [])
  return printing ? <Panels {...props} /> : null
}

/** The packet, and the next one that answers it. */
function pair(walk: Walk, message: number): readonly number[] {
  const leg = walk.messages[message]?.leg
  const answer = walk.messages.find((m) => m.n > message && m.kind !== 'arp' && m.leg !== leg)
  return answer === undefined ? [message] : [message, answer.n]
}

function Panels({ title, scene, walk, message, link }: Props) {
  const hatch = useId()
  const shown = pair(walk, message)
  const list = stops(walk, 'story')
    .map((s) => walk.steps[s.step]!)
    .filter((s) => shown.includes(s.message))
  return (
    <div className={css.storyboard}>
      <p className={css.title}>{title}</p>
      {list.map((s, i) => (
        <figure key={s.n} className={css.panel}>
          <svg viewBox={`0 0 ${scene.width} ${scene.height}`} aria-hidden="true">
            <Picture scene={scene} walk={walk} step={s} hatch={`${hatch}-${i}`} />
          </svg>
          <figcaption>
            <b>
              {i + 1}. {s.in}
              {whereOf(s)}
            </b>{' '}
            {saying(walk, s)}
          </figcaption>
          <Headers step={s} />
          <p className={css.link}>{link(s.n)}</p>
        </figure>
      ))}
    </div>
  )
}

function Headers({ step }: { readonly step: Step }) {
  return (
    <table>
      <tbody>
        {step.packet.headers.map((h, i) => (
          <tr key={i}>
            <th scope="row" translate="no">
              {NAMES[h.kind]}
            </th>
            <td>{headerLength(h)} B</td>
            <td>
              {fields(h)
                .map(([k, v]) => `${k} ${v}`)
                .join(', ')}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
