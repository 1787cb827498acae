import { prose } from '#components/words/en/prose.ts'
import { recorded } from './recorded.ts'

/** What a plugin answered to the verbs that write nothing, as it was recorded. */
export function Answers({ of }: { readonly of: string }) {
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={prose.answers.name}>
      <table>
        <thead>
          <tr>
            <th scope="col">{prose.answers.verb}</th>
            <th scope="col">{prose.answers.answer}</th>
          </tr>
        </thead>
        <tbody>
          {recorded(of).answers.map(({ verb, stdout }) => (
            <tr key={verb}>
              <th scope="row">{verb}</th>
              <td>
                <code>{told(stdout)}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** The error and its number, or the versions. */
function told(stdout: unknown): string {
  const { code, msg, supportedVersions } = stdout as {
    readonly code?: number
    readonly msg?: string
    readonly supportedVersions?: readonly string[]
  }
  return code === undefined ? (supportedVersions ?? []).join(', ') : `${code}: ${msg}`
}
