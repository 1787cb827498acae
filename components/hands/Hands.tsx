import { prose } from '#components/words/en/prose.ts'
import { deeds, leftBy, type Act } from './hands.ts'
import { actsOf, recorded } from './recorded.ts'
import { Done, Stays } from './Rows.tsx'
import { Stepper } from './Stepper.tsx'
import css from './Hands.module.css'

interface Props {
  /** A file of content/hands. */
  readonly of: string
  readonly verb: string
}

/** What plugins do to one pod, call by call, as it was recorded: what each is handed, what it says, and the rows that it writes. After DEL stands what is left. */
export function Hands({ of, verb }: Props) {
  const { acts, plugins, conflist } = recorded(of)
  const mine = actsOf({ of, verb })
  const left = verb === 'DEL' ? leftBy(acts) : null
  return (
    <div className={css.hands} data-hands={verb}>
      <Stepper
        name={prose.calls(verb)}
        steps={[
          ...mine.map(({ hand, rows }) => ({
            hand,
            says: prose.hand(hand),
            rows: deeds(rows).length,
          })),
          ...(left === null ? [] : [{ hand: '', says: prose.left, rows: left.length }]),
        ]}
        words={{ previous: prose.previousCall, next: prose.nextCall, rows: prose.rows }}
      >
        {mine.map((act, i) => (
          <Call key={i} act={act} />
        ))}
        {left !== null && <Stays of={left} />}
      </Stepper>
      {verb === 'ADD' && <Json name={prose.conflist} of={JSON.stringify(conflist, null, 1)} />}
      <p className={css.source}>{prose.recordedOf(plugins)}</p>
    </div>
  )
}

function Call({ act }: { readonly act: Act }) {
  const { hand, verb, env, stdin, stdout, from, rows } = act
  return (
    <>
      <p className={css.call}>
        <b>{prose.hand(hand)}</b>{' '}
        {env === undefined ? prose.goesOn(hand, verb) : prose.isCalled(verb)}{' '}
        {from === 'source' && <em>{prose.fromSource}</em>}
      </p>
      {env !== undefined && (
        <Json
          name={prose.environment}
          of={Object.entries(env)
            .map(([k, v]) => `${k}=${v}`)
            .join('\n')}
        />
      )}
      {stdin !== undefined && <Json name={prose.handed} of={JSON.stringify(stdin, null, 1)} />}
      {stdout !== undefined && stdout !== null && (
        <Json name={prose.saysBack} of={JSON.stringify(stdout, null, 1)} />
      )}
      <Done hand={hand} rows={rows} />
    </>
  )
}

/** What is one press away. */
export function Json({ name, of }: { readonly name: string; readonly of: string }) {
  return (
    <details className={css.json}>
      <summary>{name}</summary>
      <pre tabIndex={0}>{of}</pre>
    </details>
  )
}
