import { createElement, type ReactNode } from 'react'
import { At } from '#components/prose/At.tsx'
import { Send } from '#components/prose/Send.tsx'
import { BASE } from '#components/site/base.ts'

/* What is said behind an answer, as the page of the answer has it (app/answers). A file of its own: until somebody has answered nobody asks for it. */

/** Its elements, those that act on a figure alive. Rejects where the page does not come. */
export async function explanationOf(id: string, figure: string): Promise<ReactNode> {
  const came = await fetch(`${BASE}/answers/${id}/`)
  if (!came.ok) throw new Error(`the answer to ${id}: ${came.status}`)
  const page = new DOMParser().parseFromString(await came.text(), 'text/html')
  const said = page.querySelector('[data-explains]')
  return said === null ? null : within(said, figure)
}

const within = (node: Element, figure: string): readonly ReactNode[] =>
  [...node.childNodes].map((child, i) => elementOf(child, figure, i))

function elementOf(node: Node, figure: string, key: number): ReactNode {
  if (!(node instanceof HTMLElement))
    return node.nodeType === Node.TEXT_NODE ? node.textContent : null
  const { at, send, label = '' } = node.dataset
  const inside = within(node, figure)
  if (at !== undefined)
    return (
      <At key={key} figure={figure} step={at}>
        {inside}
      </At>
    )
  if (send !== undefined)
    return (
      <Send key={key} figure={figure} flow={send} label={label}>
        {inside}
      </Send>
    )
  return createElement(node.localName, { key, ...propsOf(node) }, ...inside)
}

/** Attributes that React calls otherwise. */
const CALLED: Readonly<Record<string, string>> = {
  class: 'className',
  tabindex: 'tabIndex',
  colspan: 'colSpan',
}

function propsOf({ attributes, style }: HTMLElement): Readonly<Record<string, unknown>> {
  const named: Readonly<Record<string, string>> = Object.fromEntries(
    [...attributes]
      .filter((a) => a.name !== 'style')
      .map((a) => [CALLED[a.name] ?? a.name, a.value]),
  )
  const styled: Readonly<Record<string, string>> = Object.fromEntries(
    [...style].map((name) => [name, style.getPropertyValue(name)]),
  )
  return {
    ...named,
    ...(style.length === 0 ? {} : { style: styled }),
  }
}
