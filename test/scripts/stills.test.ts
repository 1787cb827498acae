import { describe, expect, it } from 'vitest'

interface Stills {
  rulesOf(css: string): readonly { readonly selector: string; readonly body: string }[]
  svgOf(html: string, css: string): string
}
// What runs before anything is installed has no types.
const file = '../../scripts/stills.mjs'
const { rulesOf, svgOf } = (await import(file)) as Stills

const CSS =
  '/* {} */:root{--ink:#000}@media (prefers-color-scheme:dark){:root{--ink:#fff}}.box rect{fill:red}.box:hover{fill:blue}.other{fill:green}[data-hue=udp]{--kind:gold}[data-tab=x]{color:red}'
const PAGE =
  '<html><body><svg data-still="a" viewBox="0 0 1 1"><g class="box mono" data-hue="udp"><text>a &amp; b</text></g></svg><script>self.x=1</script></body></html>'

describe('a page of a still', () => {
  it('is a file of its drawing, with the rules that are about it and no others', () => {
    const svg = svgOf(PAGE, CSS)
    expect(svg).toContain('<text>a &amp; b</text>')
    expect(svg).toContain(
      '<style>:root{--ink:#000}.box rect{fill:red}[data-hue=udp]{--kind:gold}svg{',
    )
    expect(svg).not.toMatch(/script|other|hover|prefers|data-tab/)
    expect(svg.endsWith('</svg>\n')).toBe(true)
  })
  it('without a drawing is an error', () => {
    expect(() => svgOf('<html></html>', CSS)).toThrow('a page of a still has no drawing')
  })
  it('rules within others stay whole', () => {
    expect(rulesOf('a{b:c}@media x{d{e:f}g{h:i}}j{k:l}')).toEqual([
      { selector: 'a', body: 'b:c' },
      { selector: '@media x', body: 'd{e:f}g{h:i}' },
      { selector: 'j', body: 'k:l' },
    ])
  })
})
