import {
  opt,
  object,
  device,
  flag,
  tableId,
  cidr,
  u32,
  masked,
  type Grammar,
} from '../../script.ts'

export const rules: Grammar = object({
  priority: u32,
  table: tableId,
  from: opt(cidr),
  to: opt(cidr),
  iif: opt(device),
  fwmark: opt(masked),
  not: opt(flag),
})
