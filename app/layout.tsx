import type { Metadata, Viewport } from 'next'
import localFont from 'next/font/local'
// What a figure looks like, before its script is there.
import '#components/figure/Figure.module.css'
import '#components/compare/Compare.module.css'
import '#components/diagram/Diagram.module.css'
import '#components/diagram/Picture.module.css'
import '#components/drawer/Drawer.module.css'
import '#components/transport/Transport.module.css'
import '#components/print/Storyboard.module.css'
import '#components/save/Save.module.css'
import { Spoken } from '#components/site/shell.ts'
import { NoScript } from '#components/site/NoScript.tsx'
import { pages } from '#components/words/pages.ts'
import { site } from '#components/words/site.ts'
import './globals.css'

// Inter and JetBrains Mono, as @fontsource-variable 5.3.0 has them (SIL Open Font License, fonts/OFL.txt), cut with fonttools to the weights and signs used here:
// fonttools varLib.instancer in.woff2 wght=400:750 (mono 400:700), then pyftsubset --layout-features=kern,tnum --flavor=woff2
// --unicodes=U+20-7E,U+A0,U+A7,U+B7,U+D7,U+2013,U+2014,U+2018,U+2019,U+201C,U+201D,U+2026,U+2190-2194,U+2212,U+2248,U+2260,U+2264,U+2265
const text = localFont({
  src: './fonts/inter.woff2',
  variable: '--font-text',
  display: 'swap',
  weight: '400 750',
})
const mono = localFont({
  src: './fonts/jetbrains-mono.woff2',
  variable: '--font-mono',
  display: 'swap',
  weight: '400 700',
  preload: false,
})

const SITE = process.env.NEXT_PUBLIC_SITE_URL

export const metadata: Metadata = {
  ...(SITE === undefined || SITE === '' ? {} : { metadataBase: new URL(SITE) }),
  title: {
    default: pages().title,
    template: `%s · ${site().name}`,
  },
  description: pages().description,
}
export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  colorScheme: 'light dark',
}
// Before the first paint, so that a theme does not flash. The address goes before what was remembered: a frame in another's page has its own.
const THEME =
  "var t=/[?&]theme=(light|dark|projector)(&|$)/.exec(location.search);try{t=t?t[1]:localStorage.getItem('theme')}catch(e){}if(typeof t==='string')document.documentElement.dataset.theme=t"

export default function Layout({ children }: { readonly children: React.ReactNode }) {
  return (
    <html lang="en" className={`${text.variable} ${mono.variable}`} suppressHydrationWarning>
      <head>
        <script dangerouslySetInnerHTML={{ __html: THEME }} />
      </head>
      <body>
        <NoScript />
        <Spoken>{children}</Spoken>
      </body>
    </html>
  )
}
