import { describe, expect, it } from 'vitest'
import { answerTo } from '#components/predict/answer.ts'
import { predict as words } from '#components/words/en/predict.ts'
import type { Prediction } from '#lib/predict/predict.ts'

/* What is said of a wrong row is why the table that decided did not go by it. */

const said = async (of: Partial<Prediction>): Promise<Readonly<Record<string, string>>> => {
  const { predicted, why } = await answerTo({
    id: 'be',
    scenario: 'flannel-vxlan',
    flow: 'frontend-1-to-backend-2',
    whatIfs: [],
    ask: 'row',
    acts: true,
    ...of,
  })
  return Object.fromEntries(
    predicted.options.map((o, i) => [words.outcome(o.outcome), why[i]!] as const),
  )
}

const REFUSED = 'With your answer: AWS drops it: the ENI may only use its own addresses.'

describe('a row that was picked', () => {
  it('of a group does not fit, and it is said in what', async () => {
    expect(await said({ step: 'vpc/eni-node-2-eth0 sg-ingress' })).toEqual({
      'all from sg-node': '',
      'tcp 30080 from 0.0.0.0/0': 'This row does not fit: UDP, not TCP.',
      'None of them.': 'With your answer: AWS drops it: no security group rule allows it.',
    })
  })
  it('of the policy rules fits and has no answer, does not fit, or is asked no more', async () => {
    const step = 'node-1/eni2a1b4577390 route'
    expect(await said({ scenario: 'vpc-cni', step, table: 'rules' })).toMatchObject({
      '0: from all lookup local':
        'This row fits, but table local has no row for it. So the next rule is asked.',
      '512: from all to 192.168.0.112 lookup main': `This row does not fit. ${REFUSED}`,
      '32766: from all lookup main': `This row is not asked any more: one before it had the answer. ${REFUSED}`,
    })
  })
  it('of routes holds the address or does not, and the packet goes its way', async () => {
    const step = 'node-1/docker0 route'
    expect(await said({ step })).toMatchObject({
      'default via 192.168.0.1 dev eth0': `This row holds it: 0 bits, beaten. ${REFUSED}`,
    })
    const lease = await said({ scenario: 'flannel-udp', step: 'node-1/flannel0 daemon' })
    expect(lease['10.1.15.0/24 → 192.168.0.100']).toMatch(/^This row does not hold it\. With/)
  })
})
