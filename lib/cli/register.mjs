// `node --import ./lib/cli/register.mjs FILE.ts`: runs TypeScript files of this project.
import { register } from 'tsx/esm/api'

register()
// What a page loads when it is needed, a program has from the beginning.
const { more } = await import('../link/more.ts')
more()
