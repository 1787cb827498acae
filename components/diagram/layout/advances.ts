/** Widths of signs in thousandths of the letter's size: of Inter at weight 700 from U+20 on, as test/components/diagram/advances.mjs reads them from app/fonts. Lighter ones are narrower. */
const INTER =
  '237,338,551,649,655,1016,671,339,377,377,559,679,334,468,334,388,674,431,630,645,676,622,650,582,651,650,334,343,679,679,679,560,1016,747,662,740,722,607,587,750,747,281,584,719,565,932,762,771,648,777,657,655,668,732,747,1038,738,731,664,377,388,377,487,476,365,581,630,588,630,596,398,632,623,271,271,580,271,913,623,613,630,630,407,560,366,623,600,850,581,602,573,469,372,469,679'
    .split(',')
    .map(Number)
/** Of a sign that is not there: as wide as the widest common one. */
const OTHER = 1016
/** Of all signs of JetBrains Mono. */
const MONO = 600

/** How wide a text is at most, in px, at so many px a letter. */
export function widthOf(text: string, size: number, mono: boolean): number {
  let sum = 0
  for (const c of text) sum += mono ? MONO : (INTER[c.codePointAt(0)! - 32] ?? OTHER)
  return (sum * size) / 1000
}

/** Sizes of names and of addresses, in px. */
export const NAME = 14
export const ADDRESS = 12.5
