import { whole } from '../../problem.ts'
import { at } from '../../schema.ts'
import type { KindCheck } from '../check.ts'

export const vlan: KindCheck<'vlan'> = { fields: { link: at, id: whole(0, 4094, 'vlan-id') } }
