import { existsSync } from 'node:fs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { linkedAs } from '#components/site/og.ts'
import { CHAPTERS } from '#content/chapters.ts'
import { WORLDS } from '#lib/index.ts'

afterEach(() => vi.unstubAllEnvs())

describe('the picture of a link', () => {
  it('is named by a whole address, and by none where the site knows no host', () => {
    expect(linkedAs('flannel', 'A packet')).toEqual({})
    vi.stubEnv('NEXT_PUBLIC_SITE_URL', 'https://example.org')
    expect(linkedAs('flannel', 'A packet', 'in a packet')).toMatchObject({
      openGraph: {
        title: 'A packet',
        description: 'in a packet',
        images: [{ url: 'https://example.org/og/flannel.png', width: 1200, height: 630 }],
      },
      twitter: { card: 'summary_large_image' },
    })
  })
  it('is there for each chapter and each world', () => {
    const names = ['home', ...CHAPTERS.map((c) => c.slug), ...WORLDS.map((w) => `world-${w.id}`)]
    const there = (name: string): boolean =>
      existsSync(new URL(`../../../public/og/${name}.png`, import.meta.url))
    expect(names.filter((n) => !there(n))).toEqual([])
  })
})
