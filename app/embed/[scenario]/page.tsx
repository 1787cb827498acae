import type { Metadata } from 'next'
import { LateLab } from '#components/lab/LateLab.tsx'
import { SCENARIOS } from '#lib/index.ts'

interface Props { readonly params: Promise<{ scenario: string }> }
export const dynamicParams = false

export function generateStaticParams() { return Object.keys(SCENARIOS).map((scenario) => ({ scenario })) }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: SCENARIOS[(await params).scenario]?.title ?? '', robots: { index: false } }
}

export default async function Embed({ params }: Props) {
  const { scenario } = await params
  return <main className="embed"><h1 className="hidden">{SCENARIOS[scenario]?.title}</h1><LateLab id="f" scenario={scenario} bare /></main>
}
