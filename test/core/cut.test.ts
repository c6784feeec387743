import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cut } from '../../src/core/cut.ts'

it('cuts no character in half', () => {
  expect(cut('four', 3)).toBe('fou')
  expect(cut('no👍', 3)).toBe('no\ufffd')
  expect(cut('no👍', 4)).toBe('no👍')
})

it('makes a text that can be stored of any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(20), (text, limit) => {
      const kept = cut(text, limit)
      expect(kept.isWellFormed() && kept.length <= limit).toBe(true)
    }),
  )
})
