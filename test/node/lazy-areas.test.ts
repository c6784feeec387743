import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { areas } from '../../src/areas/index.ts'

interface Loaded {
  /** Operations that were there after the first request of a new process, for a path of `system`. */
  first: string[]
  /** By area: the operations that are mounted with it. */
  own: Record<string, string[]>
  /** By area: those that its routes define besides. */
  foreign: Record<string, string[]>
}

const loaded: Loaded = JSON.parse(
  execFileSync('node', [join(import.meta.dirname, '../support/first-request.ts')], { encoding: 'utf8' }),
)

it('the first request defines the operations of the area that answers it, and no others', () => {
  expect(loaded.first.toSorted()).toEqual(loaded.own.system?.toSorted())
  expect(loaded.first).toContain('platform.health')
})

it('the routes of an area import those of no other', () => {
  expect(Object.keys(loaded.own)).toEqual(areas.filter((area) => 'routes' in area).map(({ name }) => name))
  expect(Object.entries(loaded.foreign).filter(([, foreign]) => foreign.length > 0)).toEqual([])
})
