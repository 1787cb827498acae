// Prints the widths of signs for components/diagram/layout/advances.ts, as Chromium measures them in the site's own font.
import { readFileSync } from 'node:fs'
import { chromium } from 'playwright-core'

const font = readFileSync(new URL('../../../app/fonts/inter.woff2', import.meta.url))
const browser = await chromium.launch({
  executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
})
const page = await browser.newPage()
await page.setContent(
  `<style>@font-face{font-family:T;src:url(data:font/woff2;base64,${font.toString('base64')});font-weight:400 750}</style>`,
)
const widths = await page.evaluate(async () => {
  await document.fonts.load('700 1000px T')
  const pen = document.createElement('canvas').getContext('2d')
  pen.font = '700 1000px T'
  return Array.from({ length: 95 }, (_, i) =>
    Math.round(pen.measureText(String.fromCharCode(32 + i)).width),
  )
})
console.log(widths.join(','))
await browser.close()
