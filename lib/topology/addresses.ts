import { networkOf, type Cidr } from '#lib/wire/addr.ts'

/** How a device's addresses become others, and whether it has none in between. */
export interface Addressing {
  readonly del: readonly Cidr[]
  readonly add: readonly Cidr[]
  readonly bare: boolean
}

/** The first address of a network is its primary: those behind it go with it (__inet_del_ifa, promote_secondaries is 0) and are put in again. */
export function addressing(before: readonly Cidr[], after: readonly Cidr[]): Addressing {
  const stays = (a: Cidr): boolean => after.includes(a)
  const primary = (a: Cidr): Cidr => before.find((x) => networkOf(x) === networkOf(a))!
  const falls = (a: Cidr): boolean => primary(a) !== a && !stays(primary(a))
  return {
    del: before.filter((a) => !stays(a) && !falls(a)),
    add: after.filter((a) => !before.includes(a) || falls(a)),
    bare: before.length > 0 && before.every((a) => !stays(a) || falls(a)),
  }
}
