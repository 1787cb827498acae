import type { Metadata, Viewport } from 'next'
import localFont from 'next/font/local'
import './globals.css'

const text = localFont({ src: '../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2', variable: '--font-text', display: 'swap', weight: '100 900' })
const mono = localFont({ src: '../node_modules/@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2', variable: '--font-mono', display: 'swap', weight: '100 800', preload: false })

export const metadata: Metadata = { title: { default: 'Packet Walk: Kubernetes networking you can step through', template: '%s · Packet Walk' }, description: 'An interactive tutorial: step a Kubernetes packet through veth pairs, bridges, flannel and the AWS VPC, computed from real tables, in real header bytes.' }
export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' }
// Before the first paint, so that a remembered theme does not flash.
const THEME = "try{var t=localStorage.getItem('theme');if(t)document.documentElement.dataset.theme=t}catch(e){}"

export default function Layout({ children }: { readonly children: React.ReactNode }) {
  return <html lang="en" className={`${text.variable} ${mono.variable}`} suppressHydrationWarning><head><script dangerouslySetInnerHTML={{ __html: THEME }} /></head><body>{children}</body></html>
}
