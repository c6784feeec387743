import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Extension } from '@electric-sql/pglite'
import { postgis } from '@electric-sql/pglite-postgis'

const BLOCK = 512

/**
 * PostGIS without its rasters, topologies and ways to upgrade, which nobody here asks for: every start would unpack and
 * compile them, and that is half of what opening an embedded database takes. `path` is where the rest is kept.
 */
export function leanPostgis(path: string): Extension {
  return {
    name: postgis.name,
    async setup(database, options) {
      const whole = await postgis.setup(database, options)
      if (!isSound(path)) build(path)
      return { ...whole, bundlePath: pathToFileURL(path) }
    },
  }
}

function isSound(path: string): boolean {
  try {
    return existsSync(path) && gunzipSync(readFileSync(path)).length > 0
  } catch {
    return false
  }
}

/** Put in place whole, so that others who start meanwhile find the old one, none, or this one. */
function build(path: string): void {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite-postgis')
  const tar = gunzipSync(readFileSync(join(dirname(entry), 'postgis.tar.gz')))
  mkdirSync(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}`
  // Packed loosely: it is unpacked at every start, and written once.
  writeFileSync(draft, gzipSync(withoutTheRest(tar), { level: 0 }))
  renameSync(draft, path)
}

function withoutTheRest(tar: Buffer): Buffer {
  const kept: Buffer[] = []
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(text(tar, at + 124, 12), 8)
    const end = at + BLOCK + Math.ceil(size / BLOCK) * BLOCK
    const name = [text(tar, at + 345, 155), text(tar, at, 100)].filter(Boolean).join('/')
    if (isNeeded(name)) kept.push(tar.subarray(at, end))
    at = end
  }
  return Buffer.concat([...kept, Buffer.alloc(2 * BLOCK)])
}

const text = (tar: Buffer, from: number, length: number): string =>
  tar
    .toString('latin1', from, from + length)
    .replace(/\0.*$/s, '')
    .trim()

/** The library, its projections, and what `create extension postgis` reads. */
function isNeeded(name: string): boolean {
  const file = name.replace(/^\.\//, '')
  if (file.startsWith('share/proj/')) return true
  return /^(lib\/postgresql\/postgis-\d+\.so|share\/postgresql\/extension\/postgis(--\d+\.\d+\.\d+\.sql|\.control))$/.test(
    file,
  )
}
