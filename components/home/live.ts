/* What moves the two pictures of the first page, as one file that is fetched behind it. */
export { Live } from './Live.tsx'
export { pair } from './pair.ts'
