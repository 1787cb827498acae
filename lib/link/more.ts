import { askLinux } from '#lib/topology/asked.ts'
import { refusedNow } from '#lib/topology/refused.ts'
import { noStanding } from '#lib/topology/standing.ts'
import { kinds } from './kinds.ts'

/** What few networks have is known from now on, and edits are held to what Linux refuses: for whoever reads what people write. A page that shows a world of ours needs the first alone. */
export function more(): void {
  kinds()
  askLinux({ refusedNow, noStanding })
}
