import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { failureCodes } from '../../src/core/log.ts'

it('docs/operations.md explains exactly the codes of the log', () => {
  const [, table = ''] = readFileSync('docs/operations.md', 'utf8').split('## Codes in the log')
  const rows = table.split('\n## ')[0]?.matchAll(/^\| `([a-z_.]+)` \| \S/gm) ?? []
  expect([...rows].map(([, code]) => code)).toEqual([...failureCodes])
})

it('every code is written somewhere', () => {
  const source = globSync(['src/**/*.ts', 'durable-objects/**/*.ts'])
    .filter((file) => file !== 'src/core/log.ts')
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
  const written = [...source.matchAll(/\blog(?:Failure|Alarm)\(\s*'([a-z_.]+)'/g)].map(([, code]) => code)
  expect([...new Set(written)].sort()).toEqual([...failureCodes])
})

it('errors reach the log with their stack, by way of one function', () => {
  const others = globSync(['src/**/*.ts', 'durable-objects/**/*.ts']).filter(
    (file) => file !== 'src/core/log.ts' && readFileSync(file, 'utf8').includes('console.error('),
  )
  expect(others).toEqual([])
})
