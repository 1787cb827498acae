import { whereOf } from '#components/diagram/place.ts'
import { BASE } from '#components/site/base.ts'
import { figure } from '#components/words/en/figure.ts'
import { prose } from '#components/words/en/prose.ts'
import { still, type StillOf } from './still.ts'
import css from './Chapter.module.css'

/** The pictures of a scene as pages are built with them. That of an answer says nothing in the page itself. No page has this file. */
export async function Built({ of }: { readonly of: readonly StillOf[] }) {
  const all = await Promise.all(of.map(async (x) => ({ ...x, ...(await still(x)) })))
  return all.map(({ name, shows, scene, step, said, title }) => {
    const open = shows === 'scene'
    const picture = (
      <figure key={name} className={css.still} data-still={name}>
        <img
          src={`${BASE}/stills/${name}.svg`}
          alt={open ? figure.pictureOf(title, `${step.in}${whereOf(step)}`) : prose.answerPicture}
          loading="lazy"
          width={Math.round(scene.width)}
          height={Math.round(scene.height)}
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
