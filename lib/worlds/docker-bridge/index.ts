import { LARGE, ping, tcp } from '#lib/worlds/cluster/seed.ts'
import { buildWorld } from '#lib/worlds/world.ts'
import { docker } from './cni.ts'
import { asks } from './asks.ts'
import { entry } from './entry.ts'
import { hosts } from './hosts.ts'
import { WHAT_IFS } from './what-ifs.ts'

/** Two Docker hosts with docker0 and published ports; nothing else joins them. */
export const world = buildWorld(entry, asks, {
  sources: [
    'https://github.com/moby/moby/tree/docker-v29.7.2/daemon/libnetwork/drivers/bridge',
    'https://github.com/moby/moby/tree/docker-v29.7.2/integration/network/bridge/iptablesdoc/generated',
  ],
  topology: () => hosts({ userlandProxy: true }),
  flows: {
    'frontend-1-to-host-2': tcp('web-app-frontend-1', '192.168.0.200', 8080),
    'own-host': tcp('web-app-frontend-1', '192.168.0.100', 8080),
    loopback: tcp('node-1', '127.0.0.1', 8080),
    'same-host': tcp('web-app-frontend-1', '172.17.0.3', 80),
    ping: ping('web-app-frontend-1', '172.17.0.3'),
    large: { ...ping('web-app-frontend-1', '192.168.0.200', 1472), df: true },
    'large-no-df': ping('web-app-frontend-1', '192.168.0.200', LARGE),
    'to-node': ping('web-app-frontend-1', '192.168.0.200'),
    'to-internet': tcp('web-app-frontend-1', '203.0.113.10', 443),
    'internet-to-host-1': tcp('internet', '198.51.100.100', 8080),
  },
  whatIfs: WHAT_IFS,
  plugin: ({ userlandProxy = true, docker: more }) => docker({ userlandProxy, ...more }),
})
