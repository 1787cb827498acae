import type { Metadata } from 'next'
import { LateFigure } from '#components/figure/LateFigure.tsx'
import { linkedAs } from '#components/site/og.ts'
import { listedWorld, WORLDS } from '#lib/index.ts'

interface Props {
  readonly params: Promise<{ scenario: string }>
}
export const dynamicParams = false

export function generateStaticParams() {
  return WORLDS.map(({ id }) => ({ scenario: id }))
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { scenario } = await params
  const title = listedWorld(scenario)?.title ?? ''
  return { title, robots: { index: false }, ...linkedAs(`world-${scenario}`, title) }
}

export default async function Embed({ params }: Props) {
  const { scenario } = await params
  return (
    <main className="embed">
      <h1 className="hidden" lang="en">
        {listedWorld(scenario)?.title}
      </h1>
      <LateFigure id="f" scenario={scenario} bare />
    </main>
  )
}
