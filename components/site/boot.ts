// How a page comes alive: what it was built from stands in it as scripts/alive.mjs wrote it, and React takes over the markup that is there. A page is a document of its own: nothing here fetches or shows another.
import { createElement, Fragment, startTransition, type ElementType, type ReactNode } from 'react'
import { hydrateRoot } from 'react-dom/client'

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
interface Alive {
  /** Components: the module, and its name there. */
  readonly parts: readonly (readonly [number, string])[]
  readonly chunks: readonly string[]
  readonly tree: Json
}

/* What Turbopack puts in the place of these names: a module that is there, and the script at an address. */
declare const __turbopack_require__: (module: number) => Readonly<Record<string, ElementType>>
declare const __turbopack_load_by_url__: (chunk: string) => Promise<void>

const AS_IT_IS = { __html: '' }

/** Text that stands in the page already, marked by `data-is`: the tree has their numbers in its order. React keeps what it finds. Should it make the text anew, as for another language or where somebody else has put something into the page, it is copied from where it stood. */
function Standing({ of }: { readonly of: Element }): ReactNode {
  const heard = (now: Element | null): void => {
    if (now === null || now === of) return
    for (const { name, value } of of.attributes) now.setAttribute(name, value)
    now.innerHTML = of.innerHTML
  }
  return createElement(of.localName, { ref: heard, dangerouslySetInnerHTML: AS_IT_IS })
}

function made(of: Json, parts: readonly ElementType[], standing: readonly Element[]): unknown {
  if (Array.isArray(of)) return of.map((x: Json) => made(x, parts, standing))
  if (of === null || typeof of !== 'object') return of
  const { $: type, ...rest } = of as Readonly<Record<string, Json>>
  if (typeof rest['='] === 'number') return createElement(Standing, { of: standing[rest['=']]! })
  const props = Object.fromEntries(
    Object.entries(rest).map(([k, v]) => [k, made(v, parts, standing)]),
  )
  if (type === undefined) return props
  return createElement(
    typeof type === 'number' ? parts[type]! : (type as string) || Fragment,
    props,
  )
}

async function wake(): Promise<void> {
  const { parts, chunks, tree } = JSON.parse(
    document.querySelector('#alive')!.textContent!,
  ) as Alive
  const standing = [...document.querySelectorAll('[data-is]')]
  await Promise.all(chunks.map((chunk) => __turbopack_load_by_url__(chunk)))
  const all = parts.map(([module, name]) => __turbopack_require__(module)[name]!)
  startTransition(() => {
    hydrateRoot(document.body, made(tree, all, standing) as ReactNode)
  })
}

if (document.readyState === 'loading')
  document.addEventListener('DOMContentLoaded', () => void wake())
else void wake()
