import { DROP_SOURCES, DROPS, dropTitle, type DropReason } from '#lib/index.ts'
import { To } from '#components/site/To.tsx'
import { reference } from '#components/words/en/reference.ts'
import { deaths, type Chaptered, type Met } from './deaths.ts'
import { Entry, Index } from './Entry.tsx'
import { figureAt, type Place } from './seen.ts'
import css from './Reference.module.css'

const REASONS = Object.keys(DROPS) as DropReason[]

const Figure = ({ at, passing = false }: { readonly at: Place; readonly passing?: boolean }) => {
  const where = reference.inFigure(at.scenario, at.flow, at.whatIf)
  return <To page={figureAt(at)}>{passing ? reference.passing(where) : where}</To>
}

/** Scenes first; else a walk that it ends; else one that meets it on the way. */
function Where({ scenes, place, passing }: Met) {
  if (scenes.length > 0)
    return scenes.map(({ slug, id, heading }) => (
      <dd key={`${slug}#${id}`}>
        <To page={`/${slug}/#${id}`}>{heading}</To>
      </dd>
    ))
  const at = place ?? passing
  return <dd>{at === null ? reference.inNone : <Figure at={at} passing={place === null} />}</dd>
}

function Reason({ reason, met }: { readonly reason: DropReason; readonly met: Met }) {
  const { kernel, aws, seeItWith } = DROPS[reason]
  const title = dropTitle(reason)
  return (
    <Entry id={reason} title={reason} name>
      <p>{`${title[0]!.toUpperCase()}${title.slice(1)}.`}</p>
      <dl className={css.facts}>
        <dt>{aws === null ? reference.kernelName : reference.awsName}</dt>
        <dd>{(kernel ?? aws) === null ? reference.noName : <code>{kernel ?? aws}</code>}</dd>
        <dt>{reference.see}</dt>
        <dd>
          <code>{seeItWith}</code>
        </dd>
        <dt>{reference.decided}</dt>
        <dd>{DROP_SOURCES[reason]}</dd>
        <dt>{reference.happens}</dt>
        <Where {...met} />
      </dl>
    </Entry>
  )
}

/** Every reason for a drop. */
export async function Drops({ chapters }: { readonly chapters: readonly Chaptered[] }) {
  const all = await deaths(chapters)
  return (
    <>
      <Index of={REASONS.map((id) => ({ id, title: id }))} />
      {REASONS.map((reason) => (
        <Reason key={reason} reason={reason} met={all.get(reason)!} />
      ))}
    </>
  )
}
