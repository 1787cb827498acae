import Link from 'next/link'
import { Frame } from '#components/site/Frame.tsx'

export default function NotFound() {
  return <Frame><article className="prose"><h1>No route to this page</h1><p>There is nothing at this address. <Link href="/" prefetch={false}>The lessons start here.</Link></p></article></Frame>
}
