// Serves the exported site from out/, on loopback, as a plain static host would.
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname, extname, join, normalize, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(dirname(fileURLToPath(import.meta.url))), 'out')
const TYPES = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.json': 'application/json', '.svg': 'image/svg+xml',
  '.png': 'image/png', '.ico': 'image/x-icon', '.woff2': 'font/woff2', '.txt': 'text/plain; charset=utf-8', '.map': 'application/json',
}

/** A server of the exported site; not listening yet. */
export function site() {
  return createServer((req, res) => {
    const url = new URL(req.url ?? '/', 'http://localhost')
    let path
    try { path = normalize(decodeURIComponent(url.pathname)) } catch { res.writeHead(400).end(); return }
    const file = join(root, path)
    if (file !== root && !file.startsWith(root + sep)) { res.writeHead(400).end(); return }
    if (req.method !== 'GET' && req.method !== 'HEAD') { res.writeHead(405).end(); return }
    if (existsSync(file) && statSync(file).isDirectory() && !path.endsWith('/')) { res.writeHead(308, { location: `${url.pathname}/${url.search}` }).end(); return }
    const found = path.endsWith('/') ? join(file, 'index.html') : file
    const ok = existsSync(found) && statSync(found).isFile()
    const send = ok ? found : join(root, '404.html')
    if (!existsSync(send)) { res.writeHead(404).end('not found'); return }
    const asset = path.startsWith('/_next/static/')
    res.writeHead(ok ? 200 : 404, {
      'content-type': TYPES[extname(send)] ?? 'application/octet-stream', 'content-length': statSync(send).size, 'x-content-type-options': 'nosniff',
      'cache-control': asset ? 'public, max-age=31536000, immutable' : 'no-cache', 'referrer-policy': 'no-referrer',
      // Any page may frame the embeds; the rest only itself.
      'content-security-policy': `frame-ancestors ${path.startsWith('/embed/') ? '*' : "'self'"}`,
    })
    if (req.method === 'HEAD') res.end()
    else createReadStream(send).pipe(res)
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const port = Number(process.env.PORT ?? 3000)
  if (!Number.isInteger(port) || port < 1 || port > 65535) { process.stderr.write(`PORT=${process.env.PORT}: a number from 1 to 65535\n`); process.exit(1) }
  const server = site()
  server.on('error', (e) => {
    process.stderr.write(e.code === 'EADDRINUSE' ? `Port ${port} is in use. Choose another: PORT=${port + 1} npm start\n` : `Cannot listen on port ${port}: ${e.message}\n`)
    process.exit(1)
  })
  server.listen(port, 'localhost', () => process.stdout.write(`Packet Walk is at http://localhost:${port}/ (Ctrl-C ends it)\n`))
  const parent = process.ppid
  setInterval(() => { if (process.ppid !== parent) process.exit(0) }, 500).unref()
}
