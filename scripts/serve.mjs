// Serves the exported site from out/, on loopback unless BIND names another address, as a plain static host would.
import { createReadStream, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { networkInterfaces } from 'node:os'
import { dirname, extname, join, posix } from 'node:path'
import { pipeline } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { basePath, headersFor } from './hosting.mjs'

const top = dirname(dirname(fileURLToPath(import.meta.url)))
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.yaml': 'text/plain; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
  '.map': 'application/json',
}

/** What gets smaller: a classroom asks for it all at once. */
const TEXT = new Set(['.html', '.js', '.css', '.json', '.svg', '.txt', '.yaml', '.md', '.map'])
const pack = promisify(gzip)

/** The file's facts, or undefined if there is none. */
const stat = (path) => {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

/** Does the client take gzip? (RFC 9110, 12.5.3; a weight of 0 is a no.) */
const takesGzip = (accept = '') =>
  /(^|,)\s*(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*(,|$))[\d.]+\s*)?(,|$)/.test(accept)

/** A request's path, decoded and without dots or double slashes, always below `/`; undefined if it is none. */
function pathOf(target) {
  const [raw] = target.split(/[?#]/, 1)
  try {
    const path = posix.normalize(decodeURIComponent(raw))
    return path.startsWith('/') && !/[\0\\]/.test(path) ? path : undefined
  } catch {
    return undefined
  }
}

/** A server of the exported site below a base path ('' or '/walks'); not listening yet. */
export function site(root = join(top, 'out'), base = basePath()) {
  /** What was compressed already, by file: when it was written, and the bytes to come. */
  const packed = new Map()
  const small = (file, written) => {
    const known = packed.get(file)
    if (known?.written === written) return known.bytes
    const bytes = readFile(file).then((b) => pack(b))
    packed.set(file, { written, bytes })
    bytes.catch(() => packed.delete(file))
    return bytes
  }
  return createServer((req, res) => {
    const whole = pathOf(req.url ?? '/')
    if (whole === base && base !== '') {
      res.writeHead(308, { location: `${base}/` }).end()
      return
    }
    if (whole !== undefined && !whole.startsWith(`${base}/`)) {
      res.writeHead(404).end(`The site is below ${base}/ here.`)
      return
    }
    const path = whole?.slice(base.length)
    if (path === undefined) {
      res.writeHead(400).end()
      return
    }
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      res.writeHead(405, { allow: 'GET, HEAD' }).end()
      return
    }
    if (!path.endsWith('/') && stat(join(root, path))?.isDirectory() === true) {
      res
        .writeHead(308, {
          location: `${base}${path.split('/').map(encodeURIComponent).join('/')}/${req.url.match(/\?[^#]*/)?.[0] ?? ''}`,
        })
        .end()
      return
    }
    const wanted = join(root, path.endsWith('/') ? `${path}index.html` : path)
    const ok = stat(wanted)?.isFile() === true
    const send = ok ? wanted : join(root, '404.html')
    const file = stat(send)
    if (file === undefined) {
      res.writeHead(404).end('not found')
      return
    }
    const text = TEXT.has(extname(send))
    const head = (length, coding) =>
      res.writeHead(ok ? 200 : 404, {
        'content-type': TYPES[extname(send)] ?? 'application/octet-stream',
        'content-length': length,
        ...coding,
        ...(text ? { vary: 'accept-encoding' } : {}),
        ...headersFor(ok ? path : '/404.html'),
      })
    // A file that goes away while it is sent (a build beside us) ends that answer, not the server.
    if (text && takesGzip(req.headers['accept-encoding'])) {
      small(send, file.mtimeMs).then(
        (bytes) => {
          head(bytes.length, { 'content-encoding': 'gzip' })
          res.end(req.method === 'HEAD' ? undefined : bytes)
        },
        () => res.destroy(),
      )
      return
    }
    head(file.size)
    if (req.method === 'HEAD') res.end()
    else pipeline(createReadStream(send), res, () => {})
  })
}

/** The port that `PORT` asks for, or what is wrong with it. */
export function portOf(text = '') {
  const port = text === '' ? 3000 : Number(text)
  return Number.isInteger(port) && port >= 1 && port <= 65535
    ? port
    : `PORT=${text} is not a port; give a number from 1 to 65535.`
}

/** Listens, or says in one line why not: resolves to undefined or to that line. */
export function listen(server, port, host = '127.0.0.1') {
  return new Promise((done) => {
    server.once('error', (e) =>
      done(
        e.code === 'EADDRINUSE'
          ? `Port ${port} is in use. Choose another: PORT=${port === 65535 ? 3000 : port + 1} npm start`
          : e.code === 'EACCES'
            ? `Port ${port} needs more rights than this user has. Choose one above 1023: PORT=4000 npm start`
            : e.code === 'EADDRNOTAVAIL' || e.code === 'ENOTFOUND'
              ? `BIND=${host} is no address of this machine. BIND=0.0.0.0 listens on all there are.`
              : `Cannot listen on port ${port} of ${host}: ${e.message}`,
      ),
    )
    server.listen(port, host, () => done(undefined))
  })
}

/** Where a browser finds a server that listens on `host`: of all addresses those of this machine, IPv4 first, and localhost. */
export function addresses(host = '127.0.0.1', port = 3000, interfaces = networkInterfaces()) {
  const at = (a) => `http://${a.includes(':') ? `[${a}]` : a}:${port}/`
  if (['127.0.0.1', 'localhost', ''].includes(host)) return [at('localhost')]
  if (host !== '0.0.0.0' && host !== '::') return [at(host)]
  // One that holds on a link only (fe80::/10) would need the other machine's name of the link.
  const own = Object.values(interfaces)
    .flat()
    .filter(
      (a) => !a.internal && !/^fe[89ab]/i.test(a.address) && (host === '::' || a.family === 'IPv4'),
    )
  return [...own.filter((a) => a.family === 'IPv4'), ...own.filter((a) => a.family === 'IPv6')]
    .map((a) => at(a.address))
    .concat(at('localhost'))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const port = portOf(process.env.PORT)
  const wrong =
    typeof port === 'string' ? port : await listen(site(), port, process.env.BIND || undefined)
  if (wrong !== undefined) {
    process.stderr.write(`${wrong}\n`)
    process.exit(1)
  }
  process.stdout.write(
    `Packet Walk is at ${addresses(process.env.BIND || undefined, port)
      .map((address) => address.replace(/\/$/, `${basePath()}/`))
      .join(' and ')} (Ctrl-C ends it)\n`,
  )
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0)
  }, 500).unref()
}
