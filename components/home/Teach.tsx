'use client'
import { Marked } from '#components/words/Marked.tsx'
import { pages } from '#components/words/pages.ts'
import css from './Home.module.css'

const COMMAND =
  'npx packet-walk trace flannel-udp --from web-app-frontend-1 --to backend-service-2:8080'

/** What a teacher may take with him. */
export function Teach() {
  const says = pages()
  const frame = `<iframe src="…/embed/flannel-udp/" title="${says.frameTitle}"></iframe>`
  return (
    <section aria-labelledby="teach">
      <h2 id="teach">{says.teachTitle}</h2>
      <ul className={css.teach}>
        {[says.teachText, says.tryText, says.teachFrame(frame), says.teachTerminal(COMMAND)].map(
          (text) => (
            <li key={text}>
              <Marked text={text} />
            </li>
          ),
        )}
      </ul>
    </section>
  )
}
