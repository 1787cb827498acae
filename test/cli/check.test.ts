import { describe, expect, it } from 'vitest'
import { KernelGone, LabError } from '#lib/cli/agent-talk.ts'
import { check, type Checked } from '#lib/cli/check.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

/** Asks a kernel that fails so, one time after another; how often one was begun, and what is said. */
async function asked(
  ...fails: readonly LabError[]
): Promise<{ readonly begun: number; readonly said: readonly Checked[] }> {
  let begun = 0
  const { id, topology, flows } = SCENARIOS['flannel-vxlan']!
  const said = await check(
    { world: id, whatIf: [], topology },
    [{ name: 'ping', flow: flows['ping']! }],
    {
      ability: {
        kernel: '6.18.0',
        cannot: null,
        missing: [],
        open: async () => {
          const fail = fails[begun] ?? new LabError('none is left')
          begun += 1
          return { send: () => Promise.reject(fail), reset: async () => {}, close: async () => {} }
        },
        close: async () => {},
      },
    },
  )
  return { begun, said }
}

describe('a lab that fails', () => {
  it('because the kernel is gone is asked once more, of another one', async () => {
    const { begun, said } = await asked(
      new KernelGone('User-Mode Linux ended: '),
      new LabError('the second'),
    )
    expect(begun).toBe(2)
    expect(said.map((c) => [c.verdict, ...c.differences])).toEqual([
      ['differs', 'the lab: the second'],
    ])
  })
  it('and no oftener', async () => {
    const { begun } = await asked(new KernelGone('ended'), new KernelGone('ended'))
    expect(begun).toBe(2)
  })
  it('for another reason is not', async () => {
    const { begun, said } = await asked(new LabError('File exists'))
    expect([begun, said[0]?.differences]).toEqual([1, ['the lab: File exists']])
  })
})
