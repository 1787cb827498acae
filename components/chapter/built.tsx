import { whereOf } from '#components/diagram/place.ts'
import { BASE } from '#components/site/base.ts'
import { figure } from '#components/words/en/figure.ts'
import { prose } from '#components/words/en/prose.ts'
import { still, type Still, type StillOf } from './still.ts'
import css from './Chapter.module.css'

interface DrawnProps {
  readonly name: string
  readonly scene: Still['scene']
  readonly says: string
}

/** The picture of a scene, as a build makes it a file. */
function Drawn({ name, scene, says }: DrawnProps) {
  return (
    <img
      src={`${BASE}/stills/${name}.svg`}
      alt={says}
      loading="lazy"
      width={Math.round(scene.width)}
      height={Math.round(scene.height)}
    />
  )
}

/** What becomes of a question, on the page of its answer. */
export async function Answered({ of }: { readonly of: StillOf }) {
  const { scene } = await still(of)
  return (
    <p className={css.answered}>
      <Drawn name={of.name} scene={scene} says={prose.answerPicture} />
    </p>
  )
}

/** The pictures of a scene as pages are built with them. That of an answer says nothing in the page itself. No page has this file. */
export async function Built({ of }: { readonly of: readonly StillOf[] }) {
  const all = await Promise.all(of.map(async (x) => ({ ...x, ...(await still(x)) })))
  return all.map(({ name, shows, scene, step, said, title }) => {
    const open = shows === 'scene'
    const picture = (
      <figure key={name} className={css.still} data-still={name}>
        <Drawn
          name={name}
          scene={scene}
          says={open ? figure.pictureOf(title, `${step.in}${whereOf(step)}`) : prose.answerPicture}
        />
        {open && <figcaption>{said}</figcaption>}
      </figure>
    )
    return open ? (
      picture
    ) : (
      <details key={name} className={css.answer}>
        <summary>{prose.answer}</summary>
        {picture}
      </details>
    )
  })
}
