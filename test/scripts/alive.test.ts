import { describe, expect, it } from 'vitest'

interface AliveScript {
  aliveOf(html: string): { readonly alive: Alive; readonly needless: readonly string[] }
  withAlive(html: string): string
}
interface Alive {
  readonly parts: readonly (readonly [number, string])[]
  readonly chunks: readonly string[]
  readonly tree: unknown
}
// What runs before anything is installed has no types.
const file = '../../scripts/alive.mjs'
const { aliveOf, withAlive } = (await import(file)) as AliveScript

const LAYOUT = '["$","$L3",null,{"parallelRouterKey":"children","notFound":["$","$L6",null,{}]}]'
/** A page as Next writes one: a layout around a page whose body is given, and the rows that it names. */
const page = (body: string, rows: readonly string[] = [], shown = '') => {
  const all = [
    '2:I[20,["/c/own.js"],"Own"]',
    '3:I[30,["/c/next.js"],"default"]',
    '6:I[60,["/c/lost.js"],"Lost"]',
    ':HL["/c/a.css","style"]',
    'c:X',
    `8:[["children",{"s":"__PAGE__","d":{"r":["$","$1","c",{"children":[${body},[["$","script","script-0",{"src":"/c/own.js"}]]]}]}}]]`,
    '1:"$Sreact.fragment"',
    ...rows,
    `0:{"t":{"t":{"d":{"r":["$","html",null,{"children":["$","body",null,{"children":${LAYOUT}}]}]},"c":"$Q8"}}}`,
    'c:C',
  ]
  const push = (text: string) => `<script>self.__next_f.push(${JSON.stringify([1, text])})</script>`
  const text = `${all.join('\n')}\n`
  return `<html><head><script src="/c/own.js" async=""></script><script src="/c/lost.js" async=""></script></head><body><div hidden=""><!--$--><!--/$--></div>${shown}<script>(self.__next_f=self.__next_f||[]).push([0])</script>${push(text.slice(0, 90))}${push(text.slice(90))}</body></html>`
}
const REST = [null]
const around = (own: unknown) => [
  null,
  null,
  [null, [[null, null, [[{ $: '', children: [own, REST] }, null], null]]], null],
]
const treeOf = (...p: Parameters<typeof page>) => aliveOf(page(...p)).alive.tree

describe('what a page comes alive from', () => {
  it('has its components by number, with their props, and asks for their scripts alone', () => {
    const { alive, needless } = aliveOf(
      page('["$","$L2",null,{"of":{"id":"a","n":[1,true,null]},"none":"$undefined","text":"$$5"}]'),
    )
    expect(alive.parts).toEqual([[20, 'Own']])
    expect(alive.chunks).toEqual(['/c/own.js'])
    expect(needless).toEqual(['/c/next.js', '/c/lost.js'])
    expect(alive.tree).toEqual(
      around({ $: 0, of: { id: 'a', n: [1, true, null] }, none: undefined, text: '$5' }),
    )
  })
  it('leaves to the page what stands in it, and says what does not', () => {
    const body =
      '["$","p",null,{"className":"a","children":["One ",["$","b",null,{"children":"two"}]]}]'
    expect(treeOf(body, [], '<p class="a">One <b>two</b></p>')).toEqual(around({ '=': 0 }))
    expect(treeOf(body, [], '<p class="a">One <b>2</b></p>')).toEqual(
      around({ $: 'p', className: 'a', children: ['One ', { $: 'b', children: 'two' }] }),
    )
  })
  it('says what a component may show later, though it stands in the page', () => {
    const body = '["$","$L2",null,{"before":["$","i",null,{"children":"x"}],"children":"$L9"}]'
    expect(treeOf(body, ['9:["$","i",null,{"children":"x"}]'], '<i>x</i>')).toEqual(
      around({ $: 0, before: { $: 'i', children: 'x' }, children: { '=': 0 } }),
    )
  })
  it('follows a reference into another row, and keeps fragments: components count what stands in them', () => {
    const body =
      '["$","$L2",null,{"of":"$9:props:of","children":["$","$1","k",{"children":["$La"]}]}]'
    // A text has its length in bytes, and no line end behind it.
    const rows = ['a:T5,a\nüb9:["$","$L2",null,{"of":{"id":"b"}}]']
    expect(treeOf(body, rows)).toEqual(
      around({ $: 0, of: { id: 'b' }, children: { $: '', children: ['a\nüb'] } }),
    )
  })
  it.each([
    ['a row', '"x"', ['9:Q1'], /row of a page that is not known: 9/],
    ['a value', '"$K1"', [], /value of a page that is not known: \$K1/],
    [
      'data that reads as an element',
      '["$","$L2",null,{"of":{"$":"p"}}]'.replace('"$":', '"=":'),
      [],
      /reads as an element/,
    ],
    [
      'another kind of element',
      '["$","$9",null,{}]',
      ['9:"$Sreact.suspense"'],
      /Symbol\(react.suspense\)/,
    ],
  ])('stops at %s that it does not know', (_, body, rows, says) => {
    expect(() => treeOf(body, rows)).toThrow(says)
  })
})

describe('a page without the client of Next', () => {
  it('has its tree as data, once, and no rows or scripts for anyone else', () => {
    const html = withAlive(page('["$","$L2",null,{"of":"</script><b>"}]'))
    expect(html).not.toContain('__next_f')
    expect(html).not.toContain('lost.js')
    expect(html).not.toContain('<div hidden="">')
    expect(html).toContain('<script src="/c/own.js" async=""></script>')
    const [, json = ''] = /<script type="application\/json" id="alive">(.*?)<\/script>/.exec(html)!
    expect((JSON.parse(json) as Alive).tree).toEqual(around({ $: 0, of: '</script><b>' }))
  })
  it('says in the page which element is which, of several that are the same too', () => {
    const same = '["$","b",null,{"children":"x"}]'
    const html = withAlive(
      page(`["$","$L2",null,{"children":[${same},${same}]}]`, [], '<b>x</b><b>x</b>'),
    )
    expect(html).toContain('<b data-is>x</b><b data-is>x</b>')
  })
  it('stays as it is where Next has not written it', () => {
    expect(withAlive('<p>x</p>')).toBe('<p>x</p>')
  })
})
