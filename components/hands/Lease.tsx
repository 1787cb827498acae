import type { ReactNode } from 'react'
import { prose } from '#components/words/en/prose.ts'
import { recorded } from './recorded.ts'
import { Give } from './Give.tsx'

const bare = (address: string): string => address.replace(/\/\d+$/, '')

interface Props {
  readonly of: string
  readonly children?: ReactNode
}

/** The reader is host-local once: who gives the next address, and which? The plugin's own answer was recorded. */
export function Lease({ of, children }: Props) {
  const { given, back, next } = recorded(of).leases
  const says = prose.lease
  const options = [bare(back), bare(next)].toSorted()
  return (
    <Give
      id={`lease-${of}`}
      given={given.map((a) => ({ address: bare(a), free: a === back }))}
      words={{
        asks: says.asks(bare(given.at(-1)!), bare(back)),
        given: says.given,
        free: says.free,
        right: says.right,
        wrong: says.wrong,
        answer: says.answer,
      }}
      options={options.map((address) => ({
        address,
        right: address === bare(next),
        why: address === bare(next) ? '' : says.why,
      }))}
    >
      {children}
    </Give>
  )
}
