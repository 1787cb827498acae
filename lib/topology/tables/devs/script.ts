import { KIND_SCRIPTS } from '../../devs/scripts.ts'
import { cidr, device, flag, list, mac, opt, u32, variant, type Grammar } from '../../script.ts'

const link = {
  name: device,
  mac,
  mtu: u32,
  up: flag,
  addrs: list(cidr),
  master: opt(device),
  hairpin: opt(flag),
}

export const devs: Grammar = variant(
  'kind',
  Object.fromEntries(
    Object.entries(KIND_SCRIPTS).map(([kind, { fields }]) => [kind, { ...link, ...fields }]),
  ),
)
