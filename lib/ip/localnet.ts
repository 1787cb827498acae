import { confMax } from '#lib/lookup/sysctl.ts'
import type { Live } from '#lib/run/run.ts'

/** IN_DEV_ROUTE_LOCALNET(): may 127.0.0.0/8 cross this device? */
export function routesLocalnet(l: Live, dev: string): boolean {
  return confMax(l.n, dev, 'route_localnet') > 0
}
