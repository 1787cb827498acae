import { pseudo } from '#lib/index.ts'
import { chapter } from '../en/chapter.ts'
import { compared } from '../en/compared.ts'
import { controls } from '../en/controls.ts'
import { decides } from '../en/decides.ts'
import { writers } from '../en/writers.ts'
import { sandbox } from '../en/sandbox.ts'
import { links } from '../en/links.ts'
import { figure } from '../en/figure.ts'
import { kernel } from '../en/kernel.ts'
import { pages } from '../en/pages.ts'
import { exercises } from '../en/exercises.ts'
import { predict } from '../en/predict.ts'
import { search } from '../en/search.ts'
import { site } from '../en/site.ts'
import type { SiteWords } from '../words.ts'

export const words: SiteWords = pseudo({
  site,
  search,
  pages,
  chapter,
  figure,
  controls,
  links,
  sandbox,
  decides,
  writers,
  kernel,
  compared,
  predict,
  exercises,
})
