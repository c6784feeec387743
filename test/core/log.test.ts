import { afterEach, expect, it, vi } from 'vitest'
import { logFailure } from '../../src/core/log.ts'

afterEach(() => vi.restoreAllMocks())

it('a failure is one line with its code, its data and the stack of its error', () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  const error = new Error('No route')
  logFailure('timer.failed', error, { name: 'expiry' })
  logFailure('timer.failed', 'thrown as it is')
  expect(logged.mock.calls).toEqual([
    [{ message: 'timer.failed', name: 'expiry', error: error.stack }],
    [{ message: 'timer.failed', error: 'thrown as it is' }],
  ])
  expect(error.stack).toContain('log.test')
})
