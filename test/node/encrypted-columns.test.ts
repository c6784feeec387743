import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { encryptedColumns } from '../../src/core/encryption.ts'

const folder = join(import.meta.dirname, '../../src/db/schema')

/** `table.column` of every column whose comment says that its values are encrypted. */
function saidToBeEncrypted(source: string): string[] {
  return source
    .split(/pgTable\(\s*/)
    .slice(1)
    .flatMap((text) => {
      const table = /^'([a-z_]+)'/.exec(text)?.[1]
      const columns = text.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*\w+: \w+\('([a-z_]+)'/g)
      return [...columns]
        .filter(([, comment = '']) => /\b(encrypted|sealed)/i.test(comment))
        .map(([, , column]) => `${table}.${column}`)
    })
}

it('a key rotation covers every encrypted column of the schema', () => {
  const said = globSync('**/*.ts', { cwd: folder }).flatMap((file) =>
    saidToBeEncrypted(readFileSync(join(folder, file), 'utf8')),
  )
  expect(said).toContain('mfa_factors.secret')
  const known = encryptedColumns.map(({ table, column }) => `${table}.${column}`)
  expect(said.filter((column) => !known.includes(column))).toEqual([])
})
