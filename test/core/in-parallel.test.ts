import { expect, it } from 'vitest'
import { inParallel } from '../../src/core/in-parallel.ts'

it('runs everything once, and never more at a time than it may', async () => {
  const done: number[] = []
  let running = 0
  let most = 0
  await inParallel(3, [1, 2, 3, 4, 5, 6, 7, 8], async (item) => {
    running += 1
    most = Math.max(most, running)
    // The later ones are faster: nobody waits for a slow one before them.
    for (let turns = item === 1 ? 20 : 1; turns > 0; turns--) await Promise.resolve()
    done.push(item)
    running -= 1
  })
  expect(most).toBe(3)
  expect(done.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  expect(done.at(-1)).toBe(1)
})

it('runs nothing of nothing', () => inParallel(3, [], () => Promise.reject(new Error('Nothing to run'))))
