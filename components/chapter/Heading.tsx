import { isValidElement, type ReactNode } from 'react'
import { prose } from '#components/words/en/prose.ts'
import css from './Chapter.module.css'

interface Props {
  readonly id?: string | undefined
  /** It is called what its scene is called, and the scene has that address already. */
  readonly scenes?: string | undefined
  readonly children?: ReactNode
}

function textOf(node: ReactNode): string {
  if (Array.isArray(node)) return node.map((x: ReactNode) => textOf(x)).join('')
  if (isValidElement<Props>(node)) return textOf(node.props.children)
  return typeof node === 'string' || typeof node === 'number' ? String(node) : ''
}

const Permalink = ({ id, children }: Props) =>
  id === undefined ? null : (
    <a className={css.permalink} href={`#${id}`} aria-label={prose.permalink(textOf(children))}>
      #
    </a>
  )

/* Each heading has an address, and says it. */
export const Heading2 = ({ id, scenes, children }: Props) => (
  <h2 id={scenes === undefined ? id : undefined}>
    {children}
    <Permalink id={id}>{children}</Permalink>
  </h2>
)
export const Heading3 = ({ id, children }: Props) => (
  <h3 id={id}>
    {children}
    <Permalink id={id}>{children}</Permalink>
  </h3>
)
