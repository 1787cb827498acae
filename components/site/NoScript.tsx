import { site } from '#components/words/site.ts'

/** In pages as they come, for readers without scripts: what is here, and what is missing. The style sheet takes the controls away, `@media (scripting: none)`. */
export function NoScript() {
  return (
    <noscript>
      <p className="noscript">{site().withoutScript}</p>
    </noscript>
  )
}
