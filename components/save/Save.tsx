'use client'
import { useState } from 'react'
import type { Uncopied } from '#components/words/en/figure.ts'
import { figure } from '#components/words/figure.ts'
import { ByHand } from './ByHand.tsx'
import { copyText } from './take.ts'
import {
  asCapture,
  asJson,
  asPicture,
  bad,
  fetchTools,
  frameOf,
  good,
  type Outcome,
  type Taking,
} from './ways.ts'
import css from './Save.module.css'

const QUIET: Outcome = { text: '', bad: false, ms: 0 }

/** Takes the figure along: as a picture, as the walk itself, as a link, as a frame for another page. */
export function Save(taking: Taking) {
  const { link, embed } = taking
  const [said, setSaid] = useState(QUIET)
  const [byHand, setByHand] = useState<{ readonly text: string; readonly why: Uncopied } | null>(
    null,
  )
  const say = (now: Outcome): void => {
    setSaid(now)
    setTimeout(() => setSaid((x) => (x === now ? QUIET : x)), now.ms)
  }
  const copy = async (text: string, copied: string): Promise<Outcome | null> => {
    const why = await copyText(text)
    setByHand(why === null ? null : { text, why })
    return why === null ? good(copied) : null
  }
  // What can be taken along, each by its own name.
  const ways: readonly (readonly [string, () => Promise<Outcome | null>])[] = [
    [figure().takeLink, () => copy(link(), figure().linkCopied)],
    [figure().takeFrame, () => copy(frameOf(taking, embed()), figure().frameCopied)],
    [figure().takeSvg, () => asPicture(taking, 'svg')],
    [figure().takePng, () => asPicture(taking, 'png')],
    [figure().takeJson, () => asJson(taking)],
    [figure().takeCapture, () => asCapture(taking)],
    [
      figure().takePrint,
      () => {
        // A chapter prints as its text otherwise.
        document.documentElement.dataset['prints'] = 'storyboard'
        print()
        delete document.documentElement.dataset['prints']
        return Promise.resolve(null)
      },
    ],
  ]
  const take = (way: () => Promise<Outcome | null>): void => {
    const failed = (error: unknown): Outcome =>
      bad(figure().notSaved(error instanceof Error ? error.message : String(error)))
    way()
      .catch(failed)
      .then(
        (outcome) => {
          if (outcome !== null) say(outcome)
        },
        () => {},
      )
  }
  return (
    <div
      className={css.menu}
      role="group"
      aria-label={figure().take}
      onPointerEnter={fetchTools}
      onFocus={fetchTools}
    >
      {ways.map(([what, way]) => (
        <button key={what} type="button" onClick={() => take(way)}>
          {what}
        </button>
      ))}
      <p role="status" data-bad={said.bad}>
        {said.text}
      </p>
      {byHand !== null && <ByHand {...byHand} close={() => setByHand(null)} />}
    </div>
  )
}
