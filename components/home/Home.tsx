'use client'
import { useEffect, useState } from 'react'
import { pages } from '#components/words/pages.ts'
import { Break, type Broken } from './Break.tsx'
import type { Cost } from './cost.ts'
import type { Way } from './Live.tsx'
import { moved } from './moved.ts'
import { Progress } from '#components/site/Progress.tsx'
import { Path, type Lesson } from './Path.tsx'
import { Teach } from './Teach.tsx'
import { Trips } from './Trips.tsx'
import { To } from '#components/site/To.tsx'
import css from './Home.module.css'

interface Props {
  readonly costs: readonly Cost[]
  readonly cards: readonly Broken[]
  readonly lessons: readonly Lesson[]
  readonly lessonsIn: string
}

/** The first page: one packet through two networks, three to break, and the way on. */
export function Home({ costs, cards, lessons, lessonsIn }: Props) {
  const says = pages()
  const [presses, setPresses] = useState(0)
  const [way, setWay] = useState<Way>('resting')
  useEffect(() => {
    const to = moved(location.hash)
    if (to !== null) location.replace(to)
  }, [])
  const arrived = presses > 0 && way === 'resting'
  return (
    <article className={css.home}>
      <div className={css.hero}>
        <h1>{says.homeTitle}</h1>
        <p className="lead">{says.homeLead}</p>
        <p className={css.acts}>
          <button type="button" className={css.send} onClick={() => setPresses(presses + 1)}>
            {says.send(way, presses > 0)}
          </button>
          <To page={`/${lessons[0]?.slug ?? ''}/`}>{says.begin}</To>
        </p>
      </div>
      <Trips costs={costs} presses={presses} told={setWay} />
      <p className={css.told} role="status">
        {arrived ? says.arrived : ''}
      </p>
      <Break cards={cards} />
      <Path lessons={lessons} lang={lessonsIn} />
      <Progress />
      <Teach />
    </article>
  )
}
