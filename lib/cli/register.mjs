// `node --import ./lib/cli/register.mjs FILE.ts`: runs TypeScript files of this project.
import { register } from 'tsx/esm/api'

register()
