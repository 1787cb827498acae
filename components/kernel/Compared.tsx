'use client'
import { BASE } from '#components/site/base.ts'
import { useEffect, useMemo, useState } from 'react'
import { inRuns, judgeKept, kernelPcapng, shownIn, type Kept, type Walk } from '#lib/index.ts'
import { download, notLoaded } from '#components/save/take.ts'
import { Marked } from '#components/words/Marked.tsx'
import { compared } from '#components/words/compared.ts'
import { Verdict } from './Verdict.tsx'
import css from './Kernel.module.css'

interface Props {
  readonly walk: Walk
  readonly world: string
  readonly at: { readonly flow: string; readonly whatIf: string }
}

async function read(world: string): Promise<Kept | 'failed'> {
  const r = await fetch(`${BASE}/kernel/${world}.json`)
  return r.ok ? ((await r.json()) as Kept) : 'failed'
}

/** The comparison itself, made anew here: the capture against the walk on the page. */
export default function Compared({ walk, world, at }: Props) {
  const [kept, setKept] = useState<Kept | 'failed' | null>(null)
  useEffect(() => {
    let wanted = true
    const done = (k: Kept | 'failed'): void => {
      if (wanted) setKept(k)
    }
    read(world).then(done, () => done('failed'))
    return () => {
      wanted = false
    }
  }, [world])
  const run = kept === null || kept === 'failed' ? null : inRuns(kept.runs, at)
  const verdict = useMemo(
    () => (kept === null || kept === 'failed' || run === null ? null : judgeKept(kept, run, walk)),
    [kept, run, walk],
  )
  if (kept === null) return <p>{compared().reading}</p>
  if (kept === 'failed' || run === null || verdict === null)
    return <p>{compared().captureMissing(notLoaded())}</p>
  const showing = 'lacks' in run ? null : shownIn(kept, run)
  const places = showing === null ? 0 : new Set(showing.frames.map((f) => `${f.in}/${f.dev}`)).size
  const save = (): void => {
    if (showing !== null)
      download(
        `${world}-${at.flow}${at.whatIf === '' ? '' : `-${at.whatIf}`}-linux.pcapng`,
        new Blob([kernelPcapng(walk, kept.kernel, showing.frames)], {
          type: 'application/x-pcapng',
        }),
      )
  }
  return (
    <div className={css.compared} data-compared={verdict.verdict}>
      <p>
        {compared().sent(kept.kernel, verdict.frames, places)}
        {verdict.verdict === 'agrees' && compared().allAgree}
        {verdict.verdict === 'differs' && compared().someDiffer(verdict.differences.length)}
      </p>
      <Verdict verdict={verdict} topology={walk.before} />
      {showing !== null && (
        <p>
          <button type="button" onClick={save}>
            {compared().saveCapture}
          </button>
        </p>
      )}
      <p>
        <Marked
          text={compared().askOwn(
            `npx packet-walk verify ${world} --flow ${at.flow}${at.whatIf === '' ? '' : ` --what-if ${at.whatIf}`}`,
          )}
        />
      </p>
    </div>
  )
}
