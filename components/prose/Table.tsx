import { Children, isValidElement } from 'react'
import { prose } from '#components/words/en/prose.ts'

/** A table of a chapter: it scrolls where it has no room, and is called by the heads of its columns. */
export function Table(p: React.ComponentProps<'table'>) {
  const [head] = Children.toArray(p.children)
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={prose.table(textOf(head))}>
      <table {...p} />
    </div>
  )
}

const textOf = (node: React.ReactNode): string =>
  Children.toArray(node)
    .map((n) => {
      if (isValidElement<{ readonly children?: React.ReactNode }>(n))
        return textOf(n.props.children)
      return typeof n === 'string' || typeof n === 'number' ? `${n}` : ''
    })
    .map((t) => t.trim())
    .filter((t) => t !== '')
    .join(', ')
