import { BASE } from './base.ts'

interface Props extends Omit<React.ComponentProps<'a'>, 'href'> {
  /** Its address below the base path: '/sandbox/'. */
  readonly page: string
}

/** A link to another page. Each page is a document of its own, with its text and pictures as they were built: none is put together in the browser. */
export const To = ({ page, children, ...rest }: Props) => (
  <a href={`${BASE}${page}`} {...rest}>
    {children}
  </a>
)
