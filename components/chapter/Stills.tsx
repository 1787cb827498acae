import { whereOf } from '#components/diagram/place.ts'
import { BASE } from '#components/site/base.ts'
import { figure } from '#components/words/en/figure.ts'
import { prose } from '#components/words/en/prose.ts'
import { still, type StillOf } from './still.ts'
import css from './Chapter.module.css'

/** What a scene shows where nothing moves: without scripts, and on paper. Its picture is fetched only there. */
export async function Stills({ of }: { readonly of: readonly StillOf[] }) {
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
