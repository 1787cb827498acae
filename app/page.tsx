import Link from 'next/link'
import { LateLab } from '#components/lab/LateLab.tsx'
import { Frame } from '#components/site/Frame.tsx'
import { CHAPTERS } from '#content/chapters.ts'

export default function Home() {
  return (
    <Frame>
      <article className="prose home">
        <h1>Follow one packet through Kubernetes</h1>
        <p className="lead">Kubernetes runs programs in pods, on machines called nodes. Step a packet from a pod on one node to a pod on another. Then change the network, and watch where it goes instead.</p>
        <LateLab id="seed" scenario="flannel-udp" flow="frontend-1-to-backend-2" alter={['stop-flanneld', 'drop-route', 'deny-security-group', 'lower-mtu']} />
        <h2>Lessons</h2>
        <ol className="cards">{CHAPTERS.map((c) => <li key={c.slug}><Link href={`/${c.slug}/`} prefetch={false}><b>{c.title}</b><span>{c.promise}</span></Link></li>)}</ol>
        <h2>Try your own</h2>
        <p>In the <Link href="/sandbox/" prefetch={false}>sandbox</Link> you choose the network, add nodes and pods, delete any row of any table, and the walk follows.</p>
        <h2>Teach with it</h2>
        <p>Put a figure into your own page: <code>{'<iframe src="…/embed/flannel-udp/" title="A packet through flannel"></iframe>'}</code></p>
        <p>Or print a walk in a terminal: <code>npx packet-walk trace flannel-udp --from web-app-frontend-1 --to backend-service-2:8080</code></p>
      </article>
    </Frame>
  )
}
