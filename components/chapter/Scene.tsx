import { LateFigure } from '#components/figure/LateFigure.tsx'
import { prose } from '#components/words/en/prose.ts'
import { listed } from './check.ts'
import { minutesOf, type Attributes } from './outline.ts'
import { stillsOf } from './still.ts'
import { Stills } from './Stills.tsx'
import css from './Chapter.module.css'

/* The elements of a chapter that is read beside its stage. `Lead` and `Cards` are the compiler's (scripts/outline.mjs), like `n` and `of`; authors write the others. */

type Kids = { readonly children?: React.ReactNode }

/** What stands before the first scene: the title, and what the chapter promises. */
export const Lead = ({ words, children }: Kids & { readonly words: string }) => (
  <div className={css.lead}>
    {children}
    <p className={css.time}>{prose.minutes(minutesOf(Number(words)))}</p>
  </div>
)

/** The text beside the stage. */
export const Cards = ({ children }: Kids) => <div className={css.cards}>{children}</div>

interface StageProps {
  readonly id: string
  readonly scenario: string
  readonly flow?: string
  readonly alter?: string
  readonly switch?: string
  /** As the first scene begins, by the compiler: its changes, its first stop, what it compares with. */
  readonly whatIfs?: string
  readonly step?: string
  readonly compare?: string
}

/** The figure that the scenes of a chapter share. */
export function Stage({ alter, switch: to, whatIfs, compare, ...begins }: StageProps) {
  return (
    <div className={css.stage} data-stage-place="">
      <LateFigure
        {...begins}
        {...(whatIfs === undefined ? {} : { whatIfs: listed(whatIfs) })}
        {...(alter === undefined ? {} : { alter: listed(alter) })}
        {...(to === undefined ? {} : { switches: listed(to) })}
        {...(compare === undefined ? {} : { against: compare })}
        fit="stage"
      />
    </div>
  )
}

interface SceneProps extends Kids {
  readonly id: string
  readonly scenario: string
  readonly flow: string
  readonly whatIfs?: string
  readonly from?: string
  readonly still?: string
  /** Its chapter, and what its questions ask, as the compiler says it. */
  readonly chapter: string
  readonly asks: string
  readonly n: string
  readonly of: string
  /** What links named of it before it was this scene. */
  readonly was?: string
}

/** A section of a chapter: what it says stands here, what it shows is the stage's. */
export function Scene({ n, of, was = '', chapter, asks, children, ...shows }: SceneProps) {
  const { id } = shows
  return (
    <section id={id} className={css.card} data-scene={id}>
      {was
        .split(' ')
        .filter((x) => x !== '')
        .map((x) => (
          <span key={x} id={x} className={css.was} />
        ))}
      <p className={css.count}>{prose.scene(n, of)}</p>
      {children}
      <Stills of={stillsOf(chapter, { ...shows }, JSON.parse(asks) as Attributes[])} />
    </section>
  )
}
