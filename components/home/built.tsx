import { use } from 'react'
import type { Cost } from './cost.ts'
import { Live } from './Live.tsx'
import { pair } from './pair.ts'

const both = pair()
const nobody = (): void => {}

/** Both pictures as pages are built with them. No page has this file. */
export function Built({ costs }: { readonly costs: readonly Cost[] }) {
  return <Live trips={use(both)} costs={costs} presses={0} told={nobody} />
}
