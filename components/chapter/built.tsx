import { whereOf } from '#components/diagram/place.ts'
import { BASE } from '#components/site/base.ts'
import { figure } from '#components/words/en/figure.ts'
import { prose } from '#components/words/en/prose.ts'
import { still, type StillOf } from './still.ts'
import css from './Chapter.module.css'

/** The pictures of a scene as pages are built with them. No page has this file. */
export async function Built({ of }: { readonly of: readonly StillOf[] }) {
  const all = await Promise.all(of.map(async (x) => ({ ...x, ...(await still(x)) })))
  return all.map(({ name, shows, scene, step, said, title }) => {
    const picture = (
      <figure key={name} className={css.still} data-still={name}>
        <img
          src={`${BASE}/stills/${name}.svg`}
          alt={figure.pictureOf(title, `${step.in}${whereOf(step)}`)}
          loading="lazy"
          width={Math.round(scene.width)}
          height={Math.round(scene.height)}
        />
        <figcaption>{said}</figcaption>
      </figure>
    )
    return shows === 'scene' ? (
      picture
    ) : (
      <details key={name} className={css.answer}>
        <summary>{prose.answer}</summary>
        {picture}
      </details>
    )
  })
}
