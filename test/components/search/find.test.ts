import { describe, expect, it } from 'vitest'
import { folded, searcher, wordsOf, type IndexFile } from '#components/search/find.ts'

const FILE: IndexFile = {
  version: 1,
  pages: [
    {
      path: '/one/',
      title: 'One',
      sections: [
        ['routes', 'Routes', 'Each row of a route table is a prefix. The longest wins.'],
        ['mtu', 'What fits', `${'A long way before. '.repeat(12)}Every device has an MTU of 1500.`],
      ],
    },
    {
      path: '/glossary/',
      title: 'Glossary',
      sections: [
        ['mtu', 'MTU', 'The longest packet.'],
        ['enroute', 'En route', 'Unterwegs, sagt man; rp_filter prüft.'],
      ],
    },
  ],
}
const find = searcher(FILE)
const addresses = (query: string): readonly string[] => find(query).map((f) => f.address)

describe('searching', () => {
  it('leads to the very section, the one that is about it first', () => {
    expect(addresses('mtu')).toEqual(['/glossary/#mtu', '/one/#mtu'])
  })
  it('takes plurals, capitals, accents and beginnings for what they are', () => {
    expect(addresses('ROUTE')[0]).toBe('/one/#routes')
    expect(addresses('routes')[0]).toBe('/one/#routes')
    expect(addresses('pruft')).toEqual(['/glossary/#enroute'])
    expect(addresses('pref')).toEqual(['/one/#routes'])
    expect(addresses('rp_filter')).toEqual(['/glossary/#enroute'])
  })
  it('wants all words, and where none has all, the most', () => {
    expect(addresses('longest packet')).toEqual(['/glossary/#mtu'])
    expect(addresses('longest zebra').toSorted()).toEqual(['/glossary/#mtu', '/one/#routes'])
    expect(addresses('zebra')).toEqual([])
    expect(addresses('  !? ')).toEqual([])
  })
  it('shows where the text says it, the words marked, not cut within a word', () => {
    const [, found] = find('mtu')
    expect(found?.excerpt.filter((x) => x.hit)).toEqual([{ text: 'MTU', hit: true }])
    expect(found?.excerpt.map((x) => x.text).join('')).toMatch(/^… \w+ .*an MTU of 1500\.$/)
  })
  it('folds to the same length, so that a mark is where the word is', () => {
    for (const text of ['Ünïcode', 'ﬁt', '’tis', 'İ'])
      expect(folded(text)).toHaveLength(text.length)
  })
  it('finds a scene by what stands behind its answer, and shows none of it', () => {
    const scene = [
      'ports',
      'Everybody wants 8080',
      'Team b calls.',
      'They hear connection refused.',
    ]
    const asked = searcher({
      version: 1,
      pages: [{ path: '/one/', title: 'One', sections: [scene as never] }],
    })
    const [found] = asked('connection refused')
    expect(found?.address).toBe('/one/#ports')
    expect(found?.excerpt.map((x) => x.text).join('')).toBe('Team b calls.')
  })
  it('knows by what other names some things go', () => {
    const scene = ['memory', 'A memory', 'Connection tracking turns it back.']
    const asked = searcher({
      version: 1,
      pages: [{ path: '/one/', title: 'One', sections: [scene as never] }],
    })
    expect(asked('conntrack').map((f) => f.address)).toEqual(['/one/#memory'])
  })
  it('takes a question apart', () => {
    expect(wordsOf('Which routes, “10.1.0.0/16”?')).toEqual(['which', 'route', '10.1.0.0/16'])
    expect(wordsOf('pass --json')).toEqual(['pass', 'json'])
  })
})
