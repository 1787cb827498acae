import { COMMAND_NAMES, help, helpOf } from '#lib/index.ts'
import { reference } from '#components/words/en/reference.ts'
import { Entry, Index, Printed } from './Entry.tsx'

/** The command line, as its help says it. */
export function Commands() {
  return (
    <>
      <Index of={COMMAND_NAMES.map((id) => ({ id, title: id }))} />
      <Entry id="help" title={reference.general} name>
        <Printed>{help()}</Printed>
      </Entry>
      {COMMAND_NAMES.map((name) => (
        <Entry key={name} id={name} title={name} name>
          <Printed>{helpOf(name)}</Printed>
        </Entry>
      ))}
    </>
  )
}
