import { whole, object, sysctl, type Grammar } from '../../script.ts'

export const sysctls: Grammar = object({ key: sysctl, value: whole(-0x80000000, 0xffffffff) })
