import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { still, stillsIn, type StillOf } from '#components/chapter/still.ts'
import { Picture } from '#components/diagram/Picture.tsx'
import { CHAPTERS } from '#content/chapters.ts'
import { textOf } from '#content/texts.ts'

/* The pictures of scenes, each on a page that no reader sees: scripts/finish.mjs makes a file of each (scripts/stills.mjs). */

interface Props {
  readonly params: Promise<{ name: string }>
}
export const dynamicParams = false
export const metadata: Metadata = { robots: { index: false } }

async function all(): Promise<readonly StillOf[]> {
  const chapters = await Promise.all(CHAPTERS.map(textOf))
  return chapters.flatMap(({ outline }) => stillsIn(outline))
}

export async function generateStaticParams() {
  const names = (await all()).map(({ name }) => ({ name }))
  // A build asks for one page at least.
  return names.length === 0 ? [{ name: 'none' }] : names
}

export default async function Page({ params }: Props) {
  const { name } = await params
  const of = (await all()).find((s) => s.name === name)
  if (of === undefined) notFound()
  const { scene, walk, step } = await still(of)
  return (
    <svg
      data-still={name}
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${scene.width} ${scene.height}`}
      width={scene.width}
      height={scene.height}
    >
      <Picture scene={scene} walk={walk} step={step} hatch="hatch" />
    </svg>
  )
}
