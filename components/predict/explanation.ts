import { isValidElement, type ReactNode } from 'react'
import { Be } from './Be.tsx'
import { Predict } from './Predict.tsx'

interface Kids {
  readonly id?: string
  readonly children?: ReactNode
}

/** What an author says behind the answer to a question of this text, whose elements nobody has shown yet. Undefined: nothing. */
export function explanationIn(text: ReactNode, id: string): ReactNode {
  if (Array.isArray(text)) {
    for (const part of text as readonly ReactNode[]) {
      const found = explanationIn(part, id)
      if (found !== undefined) return found
    }
    return undefined
  }
  if (!isValidElement<Kids>(text)) return undefined
  if (text.type === Predict || text.type === Be)
    return text.props.id === id ? text.props.children : undefined
  return explanationIn(text.props.children, id)
}
