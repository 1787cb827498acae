import type { Chapter } from './chapters.ts'

/** A chapter's text. Apart from the list, since a page whose file names texts is given the scripts of all that they show. */
export const textOf = ({ file }: Chapter): Promise<typeof import('*.mdx')> =>
  import(`./${file}.mdx`) as Promise<typeof import('*.mdx')>
