import { tcp } from '#lib/worlds/cluster/seed.ts'
import { docker } from '#lib/worlds/docker-bridge/cni.ts'
import { whenAsked } from '#lib/worlds/scenario.ts'
import { buildWorld, type Asked } from '#lib/worlds/world.ts'
import { asks } from './asks.ts'
import { entry } from './entry.ts'
import { editsTo, hosts, type Team } from './hosts.ts'

const RUNNING: readonly Team[] = ['team-a', 'team-b', 'team-c']

/** What follows when other containers run than those of the beginning. */
function run(after: readonly Team[], flow: (typeof entry.flows)[number], expect: Asked['expect']) {
  const edits = whenAsked(() => editsTo(RUNNING, after))
  return {
    flow,
    expect,
    get edits() {
      return edits()
    },
  }
}

/** Three teams' containers behind two hosts' numbers: a call goes to a host and a number, and whose container that is a registry says. */
export const world = buildWorld(entry, asks, {
  sources: [
    'https://github.com/moby/moby/tree/docker-v29.7.2/daemon/libnetwork/portallocator',
    'https://github.com/moby/moby/tree/docker-v29.7.2/daemon/libnetwork/drivers/bridge',
  ],
  topology: () => hosts(RUNNING),
  flows: {
    'internet-to-a': tcp('internet', '192.168.0.100', 8080),
    'internet-to-b': tcp('internet', '192.168.0.100', 8081),
    'internet-to-c': tcp('internet', '192.168.0.200', 8080),
    'internet-to-b-2': tcp('internet', '192.168.0.200', 8081),
    'b-to-c': tcp('team-b', '192.168.0.200', 8080),
    'a-to-b': tcp('team-a', '172.17.0.3', 80),
    'own-host': tcp('team-a', '192.168.0.100', 8081),
    'c-means-a': tcp('team-c', '172.17.0.2', 80),
  },
  whatIfs: {
    'b-wants-8080': run(['team-a', 'team-c'], 'internet-to-b', 'no-socket'),
    'b-moves': run(['team-a', 'team-c', 'team-b-2'], 'internet-to-b', 'no-socket'),
    'second-copy': run([...RUNNING, 'team-b-2'], 'internet-to-b-2', 'delivered'),
    'rule-for-b': {
      expect: 'delivered',
      edits: [
        {
          op: 'add',
          in: 'node-1',
          table: 'netfilter',
          row: {
            table: 'nat',
            chain: 'DOCKER',
            iif: 'docker0',
            not: ['iif'],
            proto: 'tcp',
            dport: 8080,
            matches: ['tcp'],
            target: { type: 'DNAT', to: '172.17.0.3', port: 80 },
          },
        },
      ],
    },
    'delete-masquerade': {
      flow: 'b-to-c',
      expect: 'neigh-failed',
      edits: [
        {
          op: 'del',
          in: 'node-1',
          table: 'netfilter',
          where: { table: 'nat', chain: 'POSTROUTING', target: { type: 'MASQUERADE' } },
        },
      ],
    },
  },
  plugin: ({ userlandProxy = true, docker: more }) => docker({ userlandProxy, ...more }),
})
