import { useState } from 'react'
import { sandbox as words } from '#components/words/sandbox.ts'
import { Choice } from './Fields.tsx'
import { portOf, type Sent } from './recipe.ts'
import { hasNumber, isSent, NUMBERED, NUMBERS, PROTOS, type Numbered } from './sent.ts'
import { useSandbox, useSandboxStore } from './use.tsx'
import css from './Sandbox.module.css'

/** What stands in the form: numbers as they are written. */
interface Draft {
  readonly proto: Sent['proto']
  readonly df: boolean
  readonly numbers: Readonly<Record<Numbered, string>>
}

const draftOf = ({ proto = 'udp', df, ...numbers }: Partial<Sent>): Draft => ({
  proto,
  df: df === true,
  numbers: Object.fromEntries(
    NUMBERED.map((n) => [n, String(numbers[n] ?? '')]),
  ) as Draft['numbers'],
})

/** What was filled in, of what such a packet has; what is empty is left out. */
function sentOf({ proto, df, numbers }: Draft): unknown {
  const said = NUMBERED.filter((n) => hasNumber(proto, n) && numbers[n] !== '')
  return {
    proto,
    ...Object.fromEntries(said.map((n) => [n, Number(numbers[n])])),
    ...(df && proto !== 'tcp' ? { df: true } : {}),
  }
}

/** A packet of the reader's own: all that a flow can be. */
export function Packet() {
  const { dispatch } = useSandboxStore()
  const box = useSandbox((_, s) => s.box)
  const [draft, setDraft] = useState(() => draftOf(box.sends ?? { port: portOf(box) }))
  const [wrong, setWrong] = useState(false)
  const { proto, df, numbers } = draft
  if (box.whole) return null
  const send = (): void => {
    const made = sentOf(draft)
    setWrong(!isSent(made))
    if (isSent(made)) dispatch({ type: 'set', to: { sends: made } })
  }
  return (
    <details className={css.asked}>
      <summary>{words().packet}</summary>
      <form
        className={css.controls}
        onSubmit={(e) => {
          e.preventDefault()
          send()
        }}
      >
        <Choice
          name={words().proto}
          value={proto}
          of={PROTOS}
          choose={(to) => setDraft({ ...draft, proto: PROTOS.find((p) => p === to)! })}
        />
        {NUMBERED.filter((n) => hasNumber(proto, n)).map((n) => (
          <label key={n}>
            {words().number(n)}{' '}
            <input
              type="number"
              min={NUMBERS[n][0]}
              max={NUMBERS[n][1]}
              value={numbers[n]}
              onChange={(e) => setDraft({ ...draft, numbers: { ...numbers, [n]: e.target.value } })}
            />
          </label>
        ))}
        {proto !== 'tcp' && (
          <label>
            {words().df}{' '}
            <input
              type="checkbox"
              checked={df}
              onChange={(e) => setDraft({ ...draft, df: e.target.checked })}
            />
          </label>
        )}
        <button type="submit">{words().send}</button>
        {box.sends !== null && (
          <button type="button" onClick={() => dispatch({ type: 'set', to: { sends: null } })}>
            {words().noSend}
          </button>
        )}
        {wrong && <p role="alert">{words().missingPort}</p>}
      </form>
    </details>
  )
}
