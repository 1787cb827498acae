import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ran } from './run.ts'

const dir = mkdtempSync(join(tmpdir(), 'packet-walk-goals-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
const file = (name: string, text: string): string => {
  writeFileSync(join(dir, name), text)
  return join(dir, name)
}
const goals = file(
  'goals.yaml',
  `packet-walk-goals: 1
start: start.yaml
goals:
  - kubernetes-2
  - { id: kept, say: no route of node-1 is touched, table: routes, in: node-1, expect: unchanged }
`,
)
const cluster = `packet-walk: 1
network: flannel-vxlan
nodes:
  - { name: node-1 }
  - { name: node-2 }
pods:
  - { name: pod-1, node: node-1 }
  - { name: pod-2, node: node-2 }
`
const start = file('start.yaml', cluster)
const pupil = file(
  'pupil.yaml',
  `${cluster}edits:
  - { op: del, in: node-1, table: routes, where: { dst: 10.1.2.0/24 } }
`,
)

describe('packet-walk check', () => {
  it('says for each file what each goal comes to, and how to see the walk that shows it', async () => {
    const r = await ran('check', goals, start, pupil)
    expect(r.status).toBe(1)
    expect(r.out.split('\n')).toEqual([
      start,
      expect.stringMatching(/^ {2}✓ kubernetes-2: /),
      '  ✓ kept: no route of node-1 is touched',
      '  all 2 hold',
      pupil,
      expect.stringMatching(/^ {2}✗ kubernetes-2: /),
      expect.stringMatching(/^ {6}pod-1 → pod-2: it is lost: /),
      `      packet-walk trace ${pupil} --from pod-1 --to pod-2`,
      '  ✗ kept: no route of node-1 is touched',
      '      1 row differs from the start’s',
      '  0 of 2 hold',
      '',
    ])
  })
  it('exits 0 where all hold, and prints JSON', async () => {
    const r = await ran('check', goals, start, '--json')
    expect(r.status).toBe(0)
    const said = JSON.parse(r.out) as {
      readonly files: readonly { readonly goals: readonly object[] }[]
    }
    expect(said).toMatchObject({ version: 1, files: [{ file: start, holds: true }] })
    expect(said.files[0]!.goals[0]).toMatchObject({
      id: 'kubernetes-2',
      holds: true,
      counterexample: null,
    })
  })
  it('changes worlds by their what-ifs, and says so in the line that shows the walk', async () => {
    const r = await ran(
      'check',
      'public/goals.yaml',
      'flannel-vxlan',
      '--what-if',
      'docker-masquerade',
    )
    expect(r.status).toBe(1)
    expect(r.out).toMatch(
      /promise 1 is broken: 10\.1\.15\.0 instead of 10\.1\.15\.2\n.*--what-if docker-masquerade\n/,
    )
  })
  it('tells what is wrong with a network as its result, and marks the others', async () => {
    const broken = file('broken.yaml', cluster.replace('node: node-2', 'node: node-3'))
    const lost = join(dir, 'pupli.yaml')
    const r = await ran('check', goals, broken, lost, start)
    expect([r.status, r.err]).toEqual([2, ''])
    expect(r.out.split('\n')).toEqual([
      broken,
      expect.stringMatching(/^ {2}not marked: .*broken\.yaml: pods\[1\]\.node: .*node-2/),
      lost,
      expect.stringMatching(/^ {2}not marked: .*no such world or file; did you mean .*pupil\.yaml/),
      start,
      expect.stringMatching(/^ {2}✓ kubernetes-2: /),
      '  ✓ kept: no route of node-1 is touched',
      '  all 2 hold',
      '',
    ])
    const json = await ran('check', goals, broken, start, '--json')
    expect(json.status).toBe(2)
    expect(JSON.parse(json.out)).toMatchObject({
      files: [
        { holds: false, problem: expect.stringContaining('pods[1].node') as unknown, goals: [] },
        { holds: true, problem: null },
      ],
    })
  })
  it('a goal that asks for what a network has not is told there, and the others are marked', async () => {
    const who = file(
      'who.yaml',
      'packet-walk-goals: 1\ngoals: [{ id: d, say: s, from: nobody, to: any-pod, expect: delivered }, kubernetes-2]\n',
    )
    const r = await ran('check', who, 'flannel-vxlan')
    expect(r.status).toBe(2)
    expect(r.out).toMatch(
      /^flannel-vxlan\n {2}✗ d: s\n {6}it cannot be asked here: nothing is called "nobody".*\n {2}✓ kubernetes-2: .*\n {2}1 of 2 hold\n$/,
    )
  })
  it.each([
    [[], /which goals\?/],
    [[goals], /which network is held against/],
    [[start, 'flannel-vxlan'], /packet-walk-goals/],
    [['none.yaml', 'flannel-vxlan'], /none\.yaml.*no such/],
    [
      [
        file('lost.yaml', 'packet-walk-goals: 1\nstart: nowhere.yaml\ngoals: [kubernetes-1]\n'),
        'flannel-vxlan',
      ],
      /lost\.yaml: start: .*nowhere\.yaml.*no such/,
    ],
    [
      [
        file(
          'free.yaml',
          'packet-walk-goals: 1\ngoals: [{ id: d, say: s, expect: { at-most: 1 } }]\n',
        ),
        'flannel-vxlan',
      ],
      /start: missing; goals about rows compare with it/,
    ],
  ])('%j is bad input, told in one line', async (words, message) => {
    const r = await ran('check', ...(words as readonly string[]))
    expect([r.status, r.out]).toEqual([2, ''])
    expect(r.err).toMatch(message)
  })
})
