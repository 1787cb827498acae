import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { ability } from '#lib/cli/kernel-lab.ts'
import { onMachine } from './outer.ts'

/* What `packet-walk lab` prints is run on people's machines, as root: here on one of its own, beside what is there already. */

const a = ability()
if (a.cannot !== null) {
  if (process.env['CI'] !== undefined)
    throw new Error(`lab scripts must be run here, but: ${a.cannot}`)
  process.stderr.write(`\nSKIPPED: lab scripts are not run: ${a.cannot}\n\n`)
}

const COMMAND = fileURLToPath(new URL('../../lib/cli/packet-walk.mjs', import.meta.url))
const files = mkdtempSync(join(tmpdir(), 'lab-script-'))
afterAll(() => {
  rmSync(files, { recursive: true })
})

const CLUSTER = `packet-walk: 1
network: flannel-udp
bridge: cni0
nodes: [{ name: alpha, podCidr: 10.1.15.0/24 }, { name: beta, podCidr: 10.1.20.0/24 }]
pods: [{ name: web, node: alpha }, { name: api, node: beta }]
`
const SEED = [
  'backend-service-1',
  'backend-service-2',
  'internet',
  'node-1',
  'node-2',
  'web-app-frontend-1',
  'web-app-frontend-2',
]
interface World {
  readonly of: string
  readonly names: readonly string[]
  readonly programs: number
  readonly from: string
  readonly to: string
}
const WORLDS: Readonly<Record<'docker' | 'vxlan' | 'vpc' | 'file', World>> = {
  docker: {
    of: 'docker-bridge',
    names: SEED,
    programs: 3,
    from: 'web-app-frontend-1',
    to: '192.168.0.200 8080',
  },
  vxlan: {
    of: 'flannel-vxlan',
    names: SEED,
    programs: 2,
    from: 'web-app-frontend-1',
    to: '10.1.20.3 8080',
  },
  vpc: {
    of: 'vpc-cni',
    names: [...SEED, 'metrics-1', 'metrics-2', 'peer'].toSorted(),
    programs: 2,
    from: 'metrics-1',
    to: '192.168.0.211 8080',
  },
  file: {
    of: join(files, 'cluster.yaml'),
    names: ['alpha', 'api', 'beta', 'internet', 'web'],
    programs: 4,
    from: 'web',
    to: '10.1.20.2 8080',
  },
}
writeFileSync(WORLDS.file.of, CLUSTER)

const scripts = new Map<string, string>()
/** The script as a person would have it: in a file. */
function script(of: string): string {
  let path = scripts.get(of)
  if (path === undefined) {
    const r = spawnSync(process.execPath, [COMMAND, 'lab', of], { encoding: 'utf8' })
    expect([r.status, r.stderr]).toEqual([0, ''])
    scripts.set(of, (path = join(files, `lab-${scripts.size}.sh`)))
    writeFileSync(path, r.stdout)
  }
  return path
}
const on = (
  w: World,
  text: string,
  env: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> => onMachine(text, { LAB: script(w.of), ...env })
const lines = (text: string | undefined): string[] => text!.split('\n').slice(0, -1)
const prefixed = (w: World, prefix = 'pw-'): string[] => w.names.map((n) => `${prefix}${n}`)
const MINUTE = 60_000

describe.skipIf(a.cannot !== null)('a lab script', () => {
  it.each(Object.entries(WORLDS).filter(([name]) => name !== 'vxlan'))(
    '%s: makes its namespaces, which carry traffic, and nothing else; down takes them away',
    (_, w) => {
      const r = on(
        w,
        `
machine | say before
run sh "$LAB" | say up; spaces | say spaces; sort /run/packet-walk/pw-/namespaces | say list; programs | say programs; machine | say during
answer pw-${w.from} ${w.to} | say answer
run sh "$LAB" down | say down; ended /run; spaces | say left; programs | say ended; find /run/packet-walk -mindepth 1 | say files; machine | say after`,
      )
      expect([r['up'], r['down']]).toEqual(['0\n', '0\n'])
      expect(lines(r['spaces'])).toEqual(prefixed(w))
      expect(lines(r['list']).map((l) => l.split(' ')[0])).toEqual(prefixed(w))
      expect(lines(r['programs'])).toEqual(
        Array.from({ length: w.programs }, () => '/run/packet-walk/pw-/lab.py'),
      )
      expect(r['answer']).toBe('22\n')
      expect([r['left'], r['ended'], r['files']]).toEqual(['', '', ''])
      expect(r['before']).toContain('02:00:00:00:00:09')
      expect(r['during']).toBe(r['before'])
      expect(r['after']).toBe(r['before'])
    },
    3 * MINUTE,
  )

  it(
    'docker: docker-proxy hands on what 127.0.0.1, and a container of its own host, ask a published port',
    () => {
      const r = on(
        WORLDS.docker,
        `
run sh "$LAB" | say up; answer pw-node-1 127.0.0.1 8080 | say loopback; answer pw-web-app-frontend-1 192.168.0.100 8080 | say container; answer pw-node-1 127.0.0.1 8082 2> /dev/null | say other
ip netns exec pw-node-1 ss -ltnp | grep -c docker-proxy | say ss; run sh "$LAB" down | say down`,
      )
      expect([r['up'], r['loopback'], r['container'], r['other'], r['ss'], r['down']]).toEqual([
        '0\n',
        '22\n',
        '22\n',
        'nothing\n',
        '2\n',
        '0\n',
      ])
    },
    2 * MINUTE,
  )

  it('refuses names that are taken, and touches nothing; down then has nothing to take away', () => {
    const r = on(
      WORLDS.vxlan,
      `
ip netns add pw-node-2; ip -n pw-node-2 link add mine type bridge
machine | say before; (stat -L -c %i /run/netns/*; ip -n pw-node-2 link) | say theirs
run bash "$LAB" | say up; run bash "$LAB" down | say down
machine | say after; spaces | say spaces; (stat -L -c %i /run/netns/*; ip -n pw-node-2 link) | say 'theirs after'; find /run/packet-walk | say files || true`,
    )
    expect(r['up']).toBe(
      '1\nlab: there is a namespace pw-node-2 that this lab did not make; choose another PREFIX\n',
    )
    expect(r['down']).toBe(
      '1\nlab: nothing is up under PREFIX=pw- (/run/packet-walk/pw- is not there)\n',
    )
    expect(r['spaces']).toBe('pw-node-2\n')
    expect([r['after'], r['theirs after']]).toEqual([r['before'], r['theirs']])
  })

  it('down leaves what it did not make, under a name of its own too', () => {
    const r = on(
      WORLDS.vxlan,
      `
ip netns add other; bash "$LAB"
ip netns add pw-more; ip netns del pw-node-1; ip netns del pw-internet; ip netns add pw-internet; ip -n pw-internet link add mine type bridge
sleep 300 & echo $! >> /run/packet-walk/pw-/pids
run bash "$LAB" down | say down; spaces | say spaces; ip -n pw-internet -br link show mine | say mine; kill -0 $! && echo alive | say sleeper`,
    )
    expect(r['down']).toBe(
      '0\nlab: pw-internet is not the namespace that was made here; left alone\n',
    )
    // pw-node-1 is gone already, which is what down wants.
    expect(lines(r['spaces'])).toEqual(['other', 'pw-internet', 'pw-more'])
    expect(r['mine']).toContain('mine')
    // A number in its list that is another's process by now.
    expect(r['sleeper']).toBe('alive\n')
  })

  it('up twice: the second is refused, the first goes on; down twice: the second is refused', () => {
    const r = on(
      WORLDS.file,
      `
bash "$LAB"; (stat -L -c %n,%i /run/netns/*; programs) | say first
run bash "$LAB" up | say again; (stat -L -c %n,%i /run/netns/*; programs) | say second; answer pw-web 10.1.20.2 8080 | say answer
bash "$LAB" down; machine | say after; run bash "$LAB" down | say down; machine | say 'after again'; spaces | say left`,
    )
    expect(r['again']).toBe(
      '1\nlab: it is up already (/run/packet-walk/pw-); take it down first, or choose another PREFIX\n',
    )
    expect(r['second']).toBe(r['first'])
    expect(r['answer']).toBe('22\n')
    expect(r['down']).toBe(
      '1\nlab: nothing is up under PREFIX=pw- (/run/packet-walk/pw- is not there)\n',
    )
    expect(r['after again']).toBe(r['after'])
    expect(r['left']).toBe('')
  })

  it(
    'two beside each other, built at once: neither notices the other, nor its end',
    () => {
      const w = WORLDS.file
      const r = on(
        w,
        `
PREFIX= bash "$LAB" & one=$!; PREFIX=two- bash "$LAB"; wait $one
(spaces; programs) | say both
answer web 10.1.20.2 8080 | say 'answer one'; answer two-web 10.1.20.2 8080 | say 'answer two'
state() { stat -L -c %n,%i /run/netns/two-*; programs | grep two-; ip -n two-alpha route; ip netns exec two-alpha bash -c "$(declare -f firewall); firewall"; find /run/packet-walk/two- | sort; }
state | say two; PREFIX= bash "$LAB" down; ended /packet-walk/_/; state | say 'two alone'; (spaces; programs) | say all; answer two-web 10.1.20.2 8080 | say answer
PREFIX=two- bash "$LAB" down; spaces | say left`,
      )
      const own = (dir: string): string[] =>
        Array.from({ length: w.programs }, () => `/run/packet-walk/${dir}/lab.py`)
      expect(lines(r['both'])).toEqual([
        ...[...w.names, ...prefixed(w, 'two-')].toSorted(),
        ...own('_'),
        ...own('two-'),
      ])
      expect([r['answer one'], r['answer two'], r['answer']]).toEqual(['22\n', '22\n', '22\n'])
      expect(r['two alone']).toBe(r['two'])
      expect(lines(r['all'])).toEqual([...prefixed(w, 'two-'), ...own('two-')])
      expect(r['left']).toBe('')
    },
    3 * MINUTE,
  )

  it('of two at once under one name one is built whole, the other refused', () => {
    const r = on(
      WORLDS.file,
      `
run bash "$LAB" > /run/one & run bash "$LAB" > /run/two; wait
head -qn 1 /run/one /run/two | sort | say both; cat /run/one /run/two | grep lab: | say said; spaces | say spaces; answer pw-web 10.1.20.2 8080 | say answer`,
    )
    expect(lines(r['both'])).toEqual(['0', '1'])
    expect(r['said']).toMatch(/^lab: .*(up already|there already|somebody else|did not make)/)
    expect(lines(r['spaces'])).toEqual(prefixed(WORLDS.file))
    expect(r['answer']).toBe('22\n')
  })

  it('what fails half-way is taken away, and so is what is interrupted', () => {
    const r = on(
      WORLDS.file,
      `
machine | say before
PYTHON=false run bash "$LAB" | say fails; (spaces; find /run/packet-walk -mindepth 1; programs) | say left
printf '#!/bin/sh\\necho > /run/waits; sleep 300\\n' > /run/slow; chmod +x /run/slow
PYTHON=/run/slow setsid bash "$LAB" & for i in {1..200}; do if [ -e /run/waits ]; then break; fi; sleep 0.05; done
spaces | say there; kill -TERM -- -$!; status=0; wait $! || status=$?; echo $status | say interrupted; (spaces; find /run/packet-walk -mindepth 1; programs) | say 'left then'; machine | say after`,
    )
    expect(r['fails']).toMatch(/^1\n/)
    expect(lines(r['there'])).toEqual(prefixed(WORLDS.file))
    expect(r['interrupted']).toBe('143\n')
    expect([r['left'], r['left then']]).toEqual(['', ''])
    expect(r['after']).toBe(r['before'])
  })

  it.each(['first', 'last'] as const)(
    'a name that somebody takes in the meantime, the %s, is left to him, and what was made before is taken away',
    (which) => {
      const taken = which === 'last' ? 'pw-web' : prefixed(WORLDS.file)[0]!
      const r = on(
        WORLDS.file,
        `
mkdir /run/bin; printf '#!/bin/sh\nif [ "$1" = -batch ]; then %s netns add ${taken}; fi; exec %s "$@"\n' "$(command -v ip)" "$(command -v ip)" > /run/bin/ip; chmod +x /run/bin/ip
PATH=/run/bin:$PATH run bash "$LAB" | say up; spaces | say spaces; find /run/packet-walk -mindepth 1 | say files`,
      )
      expect(r['up']).toMatch(
        new RegExp(`^1\\nlab: Cannot create namespace file .*${taken}.*: File exists\\n`),
      )
      expect([r['spaces'], r['files']]).toEqual([`${taken}\n`, ''])
    },
  )

  it('a directory that is somebody’s is neither used nor removed', () => {
    const r = on(
      WORLDS.file,
      `
mkdir /run/mine; echo treasure > /run/mine/lab.json
RUN=/run/mine run bash "$LAB" | say up; RUN=/run/mine run bash "$LAB" down | say down; spaces | say spaces; cat /run/mine/* | say mine`,
    )
    expect(r['up']).toBe('1\nlab: /run/mine is there already; choose another RUN\n')
    expect(r['down']).toBe('1\nlab: nothing is up under PREFIX=pw- (/run/mine is not there)\n')
    expect([r['spaces'], r['mine']]).toEqual(['', 'treasure\n'])
  })

  it.each([
    ['another word', 'run bash "$LAB" sideways', 'up or down, not sideways'],
    ['not root', 'cp "$LAB" /run/lab.sh; run setpriv --reuid 65534 bash /run/lab.sh', 'needs root'],
    [
      'a tool that is missing',
      'PYTHON=python-none run bash "$LAB"',
      'python-none is not installed',
    ],
    [
      'a name that no namespace can have',
      'PREFIX=\'a b/\' run bash "$LAB"',
      'PREFIX=a b/ cannot begin the name of a namespace; letters, digits, dots, dashes and underscores can',
    ],
  ])('%s: one line, and nothing is done', (_, text, said) => {
    const r = on(WORLDS.file, `${text} | say up; spaces | say spaces; ls /run | say run`)
    expect(r['up']).toBe(`1\nlab: ${said}\n`)
    expect(r['spaces']).toBe('')
    expect(lines(r['run'])).not.toContain('packet-walk')
  })
})
