// The pictures of links: each is there, of its size, and of what its page draws now.
import { readFileSync } from 'node:fs'
import { draw, file, kept, PICTURES } from './og.mjs'

/** The cases of this file. */
export async function cases({ base, check, same, yes }) {
  for (const [name, of] of Object.entries(PICTURES))
    await check(
      `public/og/${name}.png is what is drawn now (npm run og draws it anew)`,
      async (page) => {
        const png = readFileSync(file(`${name}.png`))
        same([png.readUInt32BE(16), png.readUInt32BE(20)], [1200, 630], 'its size')
        yes(png.length < 150_000, `${png.length} bytes`)
        same(await draw(page, base, of), kept()[name], 'its digest')
      },
      { reducedMotion: 'reduce' },
    )
}
