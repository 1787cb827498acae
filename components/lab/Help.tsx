import css from './Lab.module.css'

const KEYS: readonly (readonly [string, readonly string[]])[] = [
  ['Next, previous step', ['→', '←']], ['Next, previous decision', ['Shift →', 'Shift ←']], ['First, last step', ['Home', 'End']],
  ['Play, pause', ['Space', 'k']], ['Slower, faster', [',', '.']], ['The answer, and back', ['b']],
  ['Story, network, kernel', ['1', '2', '3']], ['Compare with another network', ['c']], ['Copy the link to this step', ['l']],
  ['In the picture: from box to box', ['← → ↑ ↓']], ['In the picture: open the box, leave it', ['Enter', 'Esc']], ['This list', ['?']],
]

/** The keys that work here, while the figure has the focus. */
export function Help({ close }: { readonly close: () => void }) {
  return (
    <div className={css.help} role="region" aria-label="Keys">
      <dl>{KEYS.map(([what, keys]) => <div key={what}><dt>{keys.map((k) => <kbd key={k}>{k}</kbd>)}</dt><dd>{what}</dd></div>)}</dl>
      <p>They work while the figure has the focus. <button type="button" className={css.plain} onClick={close}>Close</button></p>
    </div>
  )
}
