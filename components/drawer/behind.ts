/* What a figure has behind a press, in one file: a page has it when it is read, not to begin with. */
export { command } from '#lib/index.ts'
export { Body } from './Body.tsx'
