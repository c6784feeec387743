import { randomDigits } from '../../src/core/crypto.ts'

let block = Number(randomDigits(4))

/**
 * Egyptian, and nobody else's in this file's database: random ones would meet. No two are in one block of 10,000 numbers,
 * under which codes are counted.
 */
export function aPhone(): string {
  block = (block + 1_237) % 10_000
  return `+2012${String(block).padStart(4, '0')}${randomDigits(4)}`
}
