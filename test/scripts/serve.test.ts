import { spawn } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

interface Interface {
  readonly address: string
  readonly family: string
  readonly internal: boolean
}
interface Serve {
  readonly addresses: (
    host: string | undefined,
    port: number,
    interfaces?: Readonly<Record<string, readonly Interface[]>>,
  ) => string[]
}
const path = fileURLToPath(new URL('../../scripts/serve.mjs', import.meta.url))
const { addresses } = (await import(path)) as Serve

const MACHINE = {
  lo: [
    { address: '127.0.0.1', family: 'IPv4', internal: true },
    { address: '::1', family: 'IPv6', internal: true },
  ],
  eth0: [
    { address: 'fe80::1', family: 'IPv6', internal: false },
    { address: '2001:db8::7', family: 'IPv6', internal: false },
    { address: '192.0.2.7', family: 'IPv4', internal: false },
  ],
  wlan0: [{ address: '198.51.100.7', family: 'IPv4', internal: false }],
}

describe('the address that is printed can be opened', () => {
  it.each<[string | undefined, string[]]>([
    [undefined, ['http://localhost:4000/']],
    ['127.0.0.1', ['http://localhost:4000/']],
    ['localhost', ['http://localhost:4000/']],
    ['::1', ['http://[::1]:4000/']],
    ['192.0.2.7', ['http://192.0.2.7:4000/']],
    ['0.0.0.0', ['http://192.0.2.7:4000/', 'http://198.51.100.7:4000/', 'http://localhost:4000/']],
    [
      '::',
      [
        'http://192.0.2.7:4000/',
        'http://198.51.100.7:4000/',
        'http://[2001:db8::7]:4000/',
        'http://localhost:4000/',
      ],
    ],
  ])('BIND=%s: %j', (host, there) => {
    expect(addresses(host, 4000, MACHINE)).toEqual(there)
  })

  it('BIND=0.0.0.0: each of those printed answers; no address of this machine is said so', async () => {
    const probe = createServer()
    const port = await new Promise<number>((done) => {
      probe.listen(0, '127.0.0.1', () => done((probe.address() as AddressInfo).port))
    })
    await new Promise((done) => {
      probe.close(done)
    })
    const start = (bind: string): Promise<{ said: string; stop: () => void }> =>
      new Promise((done) => {
        const child = spawn(process.execPath, [path], {
          env: { ...process.env, PORT: String(port), BIND: bind },
          stdio: ['ignore', 'pipe', 'pipe'],
        })
        for (const out of [child.stdout, child.stderr])
          out.on('data', (b: Buffer) => done({ said: b.toString(), stop: () => child.kill() }))
      })
    const { said, stop } = await start('0.0.0.0')
    try {
      const urls = said.match(/http:\/\/\S+/g)!
      expect(urls).toEqual(addresses('0.0.0.0', port))
      expect(urls.at(-1)).toBe(`http://localhost:${port}/`)
      // 200 with a build there, 404 without; either is this server's.
      for (const url of urls)
        expect((await fetch(url)).headers.get('x-content-type-options') ?? 'none there').toMatch(
          /nosniff|none there/,
        )
    } finally {
      stop()
    }
    expect((await start('192.0.2.250')).said).toBe(
      'BIND=192.0.2.250 is no address of this machine. BIND=0.0.0.0 listens on all there are.\n',
    )
  })
})
