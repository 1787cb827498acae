import {
  commands,
  KINDS,
  rowForm,
  spaces,
  tableAsTool,
  type Dev,
  type DevKind,
  type FormField,
  type Netns,
  type Scenario,
} from '#lib/index.ts'
import { reference } from '#components/words/en/reference.ts'
import { Marked } from '#components/words/Marked.tsx'
import { deviceDocs, kindDocs } from './docs.ts'
import { Entry, Index, Printed } from './Entry.tsx'
import { Fields } from './Fields.tsx'
import { worlds } from './seen.ts'
import css from './Reference.module.css'

/** A device of a world. */
interface Example {
  readonly world: Scenario
  readonly space: Netns
  readonly device: Dev
}

/** The fields that a row of each kind has. */
function fieldsOf(kind: string): readonly FormField[] {
  const form = rowForm('devs')
  const all = form.kind === 'either' ? form.of : [form]
  const groups = all.flatMap((s) => (s.kind === 'group' ? [s.fields] : []))
  const is = (f: FormField): boolean =>
    f.name === 'kind' && f.shape.kind === 'words' && f.shape.words.includes(kind)
  return groups.find((fields) => fields.some(is)) ?? []
}

function exampleOf(kind: DevKind, all: readonly Scenario[]): Example | null {
  for (const world of all)
    for (const space of spaces(world.topology))
      if (space.kind === 'netns')
        for (const device of space.devs) if (device.kind === kind) return { world, space, device }
  return null
}

function Shown({ world, space, device }: Example) {
  const row = space.devs.indexOf(device)
  const { command, lines } = tableAsTool(space, 'devs')
  const made = commands({ op: 'add', in: space.name, table: 'devs', row: device })
  return (
    <>
      <h3>{reference.made}</h3>
      <Printed>{made.join('\n').replaceAll(' && ', ' &&\n  ')}</Printed>
      <h3>{reference.shown}</h3>
      <Printed>
        {[`$ ${command}`, ...lines.filter((l) => l.row === row).map((l) => l.text)].join('\n')}
      </Printed>
      <p className={css.soft}>{reference.inWorld(world.id, space.name)}</p>
    </>
  )
}

/** Every kind of device. */
export async function Devices() {
  const all = await worlds()
  const docs = kindDocs()
  const { link, kind: apart } = deviceDocs()
  const kinds = Object.keys(KINDS) as DevKind[]
  const shared = (f: FormField): boolean => link.fields.has(f.name)
  return (
    <>
      <Index of={kinds.map((id) => ({ id, title: id }))} />
      <Entry id="all" title={reference.allHave}>
        <Fields
          label={reference.allHave}
          fields={fieldsOf(kinds[0]!).filter(shared)}
          docs={link.fields}
        />
      </Entry>
      {kinds.map((kind) => {
        const own = fieldsOf(kind).filter((f) => !shared(f) && f.name !== 'kind')
        const traits = Object.entries(KINDS[kind])
        const example = exampleOf(kind, all)
        return (
          <Entry key={kind} id={kind} title={kind} name>
            <p>
              <Marked text={docs.get(kind)?.says ?? ''} />
            </p>
            <h3>{reference.apart}</h3>
            {traits.length === 0 && <p>{reference.plainDevice}</p>}
            {traits.map(([trait, value]) => (
              <p key={trait}>
                <Marked text={reference.trait(trait, value)} />
                {' · '}
                <Marked text={apart.fields.get(trait) ?? ''} />
              </p>
            ))}
            {own.length > 0 && <h3>{reference.ownFields}</h3>}
            {own.length > 0 && (
              <Fields
                label={`${reference.ownFields}: ${kind}`}
                fields={own}
                docs={docs.get(kind)?.fields ?? new Map()}
              />
            )}
            {example !== null && <Shown {...example} />}
          </Entry>
        )
      })}
    </>
  )
}
