import Link from 'next/link'
import { Theme } from './Theme.tsx'

/** What stands around every page but the embeds. */
export function Frame({ children }: { readonly children: React.ReactNode }) {
  return (
    <>
      <a className="skip" href="#main">Skip to the text</a>
      <header className="site"><Link href="/" prefetch={false} className="brand">Packet Walk</Link><nav aria-label="Site"><Link href="/flannel/" prefetch={false}>Flannel</Link><Link href="/vpc-cni/" prefetch={false}>VPC CNI</Link><Link href="/sandbox/" prefetch={false}>Sandbox</Link></nav><Theme /></header>
      <main id="main">{children}</main>
      <footer className="site"><p>Every walk is computed in this page from the tables shown, in real header bytes. Nothing is sent anywhere.</p></footer>
    </>
  )
}
