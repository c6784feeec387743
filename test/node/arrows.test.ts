import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, it } from 'vitest'

/** Imports point one way: routes → verbs → db, core. Types may be named across a border; values may not. */
interface Border {
  files: string
  except?: RegExp
  mayNotImport: RegExp
  because: string
}

const borders: Border[] = [
  {
    files: 'src/areas/*/*/**/*.ts',
    except: /routes\.ts$|schemas\.ts$|frames\.ts$/,
    mayNotImport: /^src\/http\/|^hono|^@hono\/|^src\/app\.ts|routes\.ts$|^durable-objects\//,
    because: 'a verb knows no HTTP',
  },
  { files: 'src/core/*.ts', mayNotImport: /^src\/(areas|http|db|queues)\//, because: 'core is pure' },
  { files: 'src/db/**/*.ts', mayNotImport: /^src\/(areas|http|queues)\//, because: 'tables know no verbs' },
  { files: 'src/http/*.ts', mayNotImport: /^src\/areas\//, because: 'what every route shares knows no area' },
  {
    files: '{durable-objects,src/queues}/**/*.ts',
    mayNotImport: /^src\/http\/|^hono$|routes\.ts$/,
    because: 'objects and consumers call verbs, not routes',
  },
]

const importPattern = /^(?:import|export)\s+(?!type\b)[^'"]*?from\s+['"]([^'"]+)['"]/gm

function valueImports(file: string): string[] {
  const source = readFileSync(file, 'utf8')
  return [...source.matchAll(importPattern)].map(([, target = '']) =>
    target.startsWith('.') ? normalize(join(dirname(file), target)) : target,
  )
}

it.each(borders.map((border) => [border.because, border] as const))('%s', (_because, border) => {
  const files = globSync(border.files).filter((file) => !border.except?.test(file))
  expect(files.length).toBeGreaterThan(0)
  const crossings = files.flatMap((file) =>
    valueImports(file)
      .filter((target) => border.mayNotImport.test(target) && !allowed.has(`${file} → ${target}`))
      .map((target) => `${file} → ${target}`),
  )
  expect(crossings).toEqual([])
})

/** A shrink-only list. */
const allowed = new Set<string>([])

it('nothing in the Worker imports what stands beside it', () => {
  const files = globSync(['src/**/*.ts', 'durable-objects/**/*.ts'])
  const outside = files.flatMap((file) =>
    valueImports(file)
      .filter((target) => /^(tools|test)\//.test(target) || target.startsWith('../'))
      .map((target) => `${file} → ${target}`),
  )
  expect(outside).toEqual([])
})
