import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { areas } from '../../src/areas/index.ts'

it('docs/operations.md lists every job that runs by itself, once', async () => {
  const parts = await Promise.all(areas.map((area) => ('jobs' in area ? area.jobs() : { jobs: {} })))
  const jobs = parts.flatMap((part) => Object.keys(part.jobs))
  const [, chapter = ''] = readFileSync('docs/operations.md', 'utf8').split('## What runs by itself')
  const cells = chapter.split('\n## ')[0]?.matchAll(/^\| (`.+`) \| \S/gm) ?? []
  const named = [...cells].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([a-zA-Z]+)`/g)].map(([, name]) => name),
  )
  expect(named.sort()).toEqual(jobs.sort())
})
