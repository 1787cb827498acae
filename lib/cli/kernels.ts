import type { Topology } from '#lib/topology/topology.ts'
import { lacking } from './check.ts'
import { ability, type Ability } from './kernel-lab.ts'
import type { KERNELS } from './options.ts'
import { cli } from './words.ts'
import { umlAbility } from './uml.ts'

/** The kernel that is asked, and a line for the person whom that may surprise. */
export interface Chosen {
  readonly kernel: Ability
  readonly says: string | null
}

interface Asked {
  readonly running: () => Ability
  readonly uml: () => Ability
}

/** The one that was named; or the running kernel if it can be asked for all of the topology, else User-Mode Linux if that is installed. */
export function kernelFor(
  wanted: (typeof KERNELS)[number],
  t: Topology,
  { running, uml }: Asked = { running: ability, uml: umlAbility },
): Chosen {
  if (wanted === 'uml') return { kernel: uml(), says: null }
  const here = running()
  const lacks = here.cannot === null ? lacking(t, here) : []
  const why = here.cannot ?? lacks[0]
  if (wanted === 'running' || why === undefined) return { kernel: here, says: null }
  const other = uml()
  if (other.cannot === null)
    return {
      kernel: other,
      says: cli().askingUml(here.kernel, why, other.kernel),
    }
  const remedy = cli().umlWouldDo(why, other.cannot)
  return here.cannot === null
    ? { kernel: here, says: remedy }
    : { kernel: { ...here, cannot: remedy }, says: null }
}
