import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { expect, it } from 'vitest'

/** Imports point one way: routes → verbs → db, core. Types count like values: what is named is depended on. */
interface Border {
  files: string
  except?: RegExp
  mayNotImport: RegExp
  because: string
}

const borders: Border[] = [
  {
    files: 'src/areas/*/*/**/*.ts',
    except: /routes\.ts$|schemas\.ts$|frames\.ts$|pages\.ts$|professions\/(profession|kinds\/index)\.ts$/,
    mayNotImport:
      /^src\/(http|queues)\/|^hono|^@hono\/|^src\/app\.ts|routes\.ts$|^durable-objects\/|^src\/env\.ts/,
    because: 'a verb knows no HTTP and no bindings',
  },
  {
    files: 'src/areas/*/*/{area,problems,events,machine,retention-policies}.ts',
    // Verbs of the area of that name.
    except: /platform\/events\/events\.ts$/,
    mayNotImport:
      /^src\/(?!core\/(area|machine|retention)\.ts|areas\/\w+\/[\w-]+\/(problems|events|machine|retention-policies)\.ts)|^@hono|^drizzle|^zod/,
    because: 'the entries of an area are light, as every layer reads them',
  },
  {
    files: 'src/areas/*/*/**/*.ts',
    mayNotImport: /^src\/queues\//,
    because: 'an area knows no consumer',
  },
  {
    files: 'src/core/**/*.ts',
    mayNotImport: /^src\/(?!core\/|areas\/(index|event-data)\.ts)|^durable-objects\//,
    because: 'core is pure',
  },
  {
    files: 'src/db/**/*.ts',
    mayNotImport:
      /^src\/(?!core\/|db\/|areas\/index\.ts|areas\/[^/]+\/[^/]+\/machine\.ts$)|^durable-objects\//,
    because: 'tables know no verbs and no bindings',
  },
  {
    files: 'src/areas/*/*/machine.ts',
    mayNotImport: /^(?!src\/core\/machine\.ts$)/,
    because: 'a machine is data, from which tables take their enums',
  },
  {
    files: 'src/http/**/*.ts',
    mayNotImport: /^src\/(areas\/(?!(index|paths)\.ts)|queues\/(?!reactions\.ts))/,
    because: 'what every route shares knows no area',
  },
  {
    files: '{durable-objects,src/queues}/**/*.ts',
    mayNotImport: /^src\/http\/|^hono$|routes\.ts$/,
    because: 'objects and consumers call verbs, not routes',
  },
]

/** A shrink-only list. */
const allowed = new Set<string>([
  // Each reaches a queue, a provider or an object by a binding of its own.
  'src/areas/people/identity/codes/deliver.ts → src/env.ts',
])

const importPattern =
  /^(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm

/** An area names its routes by a lazy import, which nothing of the area needs at load: no arrow. */
const isEntry = (file: string): boolean => file.endsWith('/area.ts')

function importsOf(file: string): string[] {
  const source = readFileSync(file, 'utf8')
  const found = [...source.matchAll(importPattern)].filter(([, named]) => named || !isEntry(file))
  return found.map(([, named = '', dynamic = named]) =>
    dynamic.startsWith('.') ? normalize(join(dirname(file), dynamic)) : dynamic,
  )
}

const arrowsOf = (files: string[], isCrossing: (file: string, target: string) => boolean): string[] =>
  files.flatMap((file) =>
    importsOf(file)
      .filter((target) => isCrossing(file, target))
      .map((target) => `${file} → ${target}`),
  )

it.each(borders.map((border) => [border.because, border] as const))('%s', (_because, border) => {
  const files = globSync(border.files).filter((file) => !border.except?.test(file))
  expect(files.length).toBeGreaterThan(0)
  const crossings = arrowsOf(files, (_file, target) => border.mayNotImport.test(target))
  expect(crossings.filter((crossing) => !allowed.has(crossing))).toEqual([])
})

it('every allowed import still exists', () => {
  const all = new Set(arrowsOf(globSync('src/areas/*/*/**/*.ts'), () => true))
  expect([...allowed, ...upwards].filter((arrow) => !all.has(arrow))).toEqual([])
})

/** From the bottom up: an area uses those of its own domain and of the domains before it. */
const domains = ['people', 'platform', 'supply', 'money', 'commerce', 'work', 'contact', 'trust']

/** A shrink-only list. */
const upwards = new Set<string>([
  'src/areas/money/payments/payments.ts → src/areas/work/bookings/bookings.ts',
  'src/areas/money/payments/payments.ts → src/areas/work/bookings/machine.ts',
  'src/areas/money/payments/schemas.ts → src/areas/work/bookings/schemas.ts',
])

const heightOf = (file: string): number =>
  domains.indexOf(/^src\/areas\/([a-z]+)\/[a-z-]+\//.exec(file)?.[1] ?? '')

it('a domain imports only those below it', () => {
  const files = globSync('src/areas/*/*/**/*.ts')
  expect(new Set(files.map(heightOf))).toEqual(new Set(domains.keys()))
  const crossings = arrowsOf(files, (file, target) => heightOf(target) > heightOf(file))
  expect(crossings.filter((crossing) => !upwards.has(crossing))).toEqual([])
})

it('no import cycle includes an area, the core or the tables', () => {
  const imports = new Map(
    globSync(['src/**/*.ts', 'durable-objects/**/*.ts']).map((file) => [file, importsOf(file)] as const),
  )
  const reaches = (file: string): Set<string> => {
    const seen = new Set<string>()
    const ahead = [...(imports.get(file) ?? [])]
    for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
      if (seen.has(next)) continue
      seen.add(next)
      ahead.push(...(imports.get(next) ?? []))
    }
    return seen
  }
  const files = [...imports.keys()].filter((file) => /^src\/(areas|core|db)\//.test(file))
  expect(files.length).toBeGreaterThan(100)
  expect(files.filter((file) => reaches(file).has(file))).toEqual([])
})

/** Tables that have a file of their own beside their area's. */
const besides: Readonly<Record<string, string>> = { 'people/credentials': 'people/identity' }

it('tables and tests are in the folder of their area', () => {
  const areas = globSync('src/areas/*/*/').map((path) => path.slice('src/areas/'.length).replace(/\/$/, ''))
  expect(areas.length).toBeGreaterThan(20)
  const schemas = globSync('src/db/schema/*/*.ts').map(
    (path) => `${basename(dirname(path))}/${basename(path, '.ts')}`,
  )
  const tests = globSync('test/areas/*/*/').map((path) => path.slice('test/areas/'.length).replace(/\/$/, ''))
  const strays = [...schemas, ...tests].filter((path) => !areas.includes(besides[path] ?? path))
  expect(strays).toEqual([])
  expect(areas.filter((area) => !existsSync(`src/db/schema/${area}.ts`))).toEqual([])
})

it('what is imported late is declared by `lazy`', () => {
  const files = globSync(['src/**/*.ts', 'durable-objects/**/*.ts']).filter((file) => !isEntry(file))
  const late = files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => /\bimport\(/.test(line))
      .map((line) => ({ file, line })),
  )
  expect(late.length).toBeGreaterThan(10)
  // A development build's own, loaded by `otherRoutes`.
  const strays = late.filter(({ file, line }) => !/\blazy\(/.test(line) && file !== 'src/app.ts')
  expect(strays).toEqual([])
})

it('nothing in the Worker imports test or tool code', () => {
  const files = globSync(['src/**/*.ts', 'durable-objects/**/*.ts'])
  const outside = arrowsOf(
    files,
    (_file, target) => /^(tools|test)\//.test(target) || target.startsWith('../'),
  )
  expect(outside).toEqual([])
})
