/** In pages as they come, for readers without scripts: what is here, and what is missing. The style sheet takes the controls away, `@media (scripting: none)`. */
export function NoScript() {
  return <noscript><p className="noscript">JavaScript is off. Text, pictures and each walk in words are here; stepping, changing the network and the sandbox need it.</p></noscript>
}
