'use client'
import { Component, type ReactNode } from 'react'
import { notLoaded } from '#components/save/take.ts'
import type { LatePart } from '#components/words/en/site.ts'
import { site } from '#components/words/site.ts'

interface Props {
  readonly what: LatePart
  /** The parts of a link that are about it. */ readonly ids: string
  readonly children: ReactNode
}
interface State {
  readonly error: Error | null
}

/** What could not be shown says so and leaves the rest of the page alone, its link included. A class, since React has no other way to catch. */
export class Boundary extends Component<Props, State> {
  override readonly state: State = { error: null }
  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }
  override render(): ReactNode {
    const { error } = this.state
    if (error === null) return this.props.children
    const away = /chunk|module|import/i.test(`${error.name} ${error.message}`)
    const again = (): void => {
      const rest = location.hash
        .slice(1)
        .split('&')
        .filter((p) => !this.props.ids.split(' ').includes(p.split(/=|\.view=/)[0]!))
        .join('&')
      history.replaceState(
        null,
        '',
        `${location.pathname}${location.search}${rest === '' ? '' : `#${rest}`}`,
      )
      this.setState({ error: null })
    }
    return (
      <div className="failed" role="alert">
        <p>
          {away
            ? site().away(this.props.what, notLoaded())
            : site().broken(this.props.what, error.message)}
        </p>
        <label>
          {site().linkAsItIs}{' '}
          <input readOnly value={location.href} onFocus={(e) => e.currentTarget.select()} />
        </label>
        {!away && (
          <button type="button" onClick={again}>
            {site().startOver}
          </button>
        )}
      </div>
    )
  }
}
