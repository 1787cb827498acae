import { PREDICTED, type Asks, type Prediction } from '#lib/index.ts'
import { listed } from '#components/chapter/check.ts'

/** How an author asks: strings only, that is all that crosses from prose. */
export interface Asked {
  readonly id: string
  readonly scenario: string
  readonly flow?: string
  /** Changes that are made when it was answered; left out, what the scene has is asked about as it is. */
  readonly whatIf?: string
  /** Those of the scene. */
  readonly whatIfs?: string
  readonly ask: string
  /** Key of the step that is asked about. */
  readonly step?: string
  /** Whose answers stand beside the right one: `unchanged`, beliefs, `what-if:NAME`, `world:NAME`. */
  readonly options?: string
}

const isAsk = (text: string): text is Asks => (PREDICTED as readonly string[]).includes(text)

/** How an author lets the reader be a device. */
export interface Acted extends Omit<Asked, 'ask' | 'options' | 'whatIf'> {
  readonly step: string
  readonly device?: string
  readonly asks: string
}

/** What a device may be asked, by the author's word; `rule` is a row of the policy rules. */
const ACTS: Readonly<Record<string, Pick<Prediction, 'ask' | 'table'>>> = {
  row: { ask: 'row' },
  rule: { ask: 'row', table: 'rules' },
  port: { ask: 'port' },
  verdict: { ask: 'verdict' },
  'outer-dst': { ask: 'outer-dst' },
  'outer-ttl': { ask: 'outer-ttl' },
}

/** What the reader is asked who is the device. */
export function actOf({ id, scenario, flow, whatIfs, step, asks }: Acted): Prediction {
  const asked = ACTS[asks]
  if (asked === undefined)
    throw new RangeError(
      `<Be> ${id} asks ${asks || '""'}; it may ask ${Object.keys(ACTS).join(', ')}`,
    )
  return {
    id,
    scenario,
    whatIfs: listed(whatIfs),
    ...asked,
    step,
    acts: true,
    ...(flow === undefined || flow === '' ? {} : { flow }),
  }
}

/** A question of an earlier chapter, on other addresses. */
export const recallOf = (asked: Asked, seed: number): Prediction => ({
  ...predictionOf(asked),
  seed,
})

/** What an author's words ask. */
export function predictionOf({
  id,
  scenario,
  flow,
  whatIf,
  whatIfs = '',
  ask,
  step,
  options,
}: Asked): Prediction {
  if (!isAsk(ask))
    throw new RangeError(`<Predict> ${id} asks ${ask}; it may ask ${PREDICTED.join(', ')}`)
  return {
    id,
    scenario,
    whatIfs: listed(whatIf ?? whatIfs),
    ask,
    ...(flow === undefined || flow === '' ? {} : { flow }),
    ...(step === undefined ? {} : { step }),
    ...(options === undefined ? {} : { options: listed(options) }),
  }
}
