import type { chapter } from './en/chapter.ts'
import type { controls } from './en/controls.ts'
import type { decides } from './en/decides.ts'
import type { writers } from './en/writers.ts'
import type { sandbox } from './en/sandbox.ts'
import type { links } from './en/links.ts'
import type { compared } from './en/compared.ts'
import type { figure } from './en/figure.ts'
import type { kernel } from './en/kernel.ts'
import type { pages } from './en/pages.ts'
import type { exercises } from './en/exercises.ts'
import type { predict } from './en/predict.ts'
import type { search } from './en/search.ts'
import type { site } from './en/site.ts'

/** What a language says on the site. One that lacks a message is no value of this type, and then nothing is built. */
export interface SiteWords {
  readonly site: typeof site
  readonly search: typeof search
  readonly pages: typeof pages
  readonly chapter: typeof chapter
  readonly figure: typeof figure
  readonly controls: typeof controls
  readonly links: typeof links
  readonly sandbox: typeof sandbox
  readonly decides: typeof decides
  readonly writers: typeof writers
  readonly kernel: typeof kernel
  readonly compared: typeof compared
  readonly predict: typeof predict
  readonly exercises: typeof exercises
}
