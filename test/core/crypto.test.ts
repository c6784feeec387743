import { describe, expect, it } from 'vitest'
import {
  constantTimeEqual,
  fromBase64Url,
  hmacHex,
  open,
  randomDigits,
  seal,
  sha256Hex,
  toBase64Url,
} from '../../src/core/crypto.ts'

const key = (id: string, fill: number) => ({ id, key: Buffer.alloc(32, fill).toString('base64') })

describe('sealing', () => {
  const old = JSON.stringify([key('k1', 1)])
  const rotated = JSON.stringify([key('k2', 2), key('k1', 1)])

  it('decrypts what it encrypted, with any known key', async () => {
    const sealed = await seal(old, 'otp', 'رمز 123456')
    expect(sealed).toMatch(/^k1\.[\w-]{16}\.[\w-]+$/)
    expect(await open(rotated, 'otp', sealed)).toBe('رمز 123456')
    expect(await seal(rotated, 'otp', 'x')).toMatch(/^k2\./)
    expect(await seal(old, 'otp', 'x')).not.toBe(await seal(old, 'otp', 'x'))
  })

  it('refuses another purpose, key or text', async () => {
    const sealed = await seal(old, 'otp', 'secret')
    const [, iv, ciphertext = ''] = sealed.split('.')
    const changed = `${ciphertext[0] === 'A' ? 'B' : 'A'}${ciphertext.slice(1)}`
    await expect(open(old, 'webhook', sealed)).rejects.toThrow()
    await expect(open(JSON.stringify([key('k1', 9)]), 'otp', sealed)).rejects.toThrow()
    for (const bad of [`k9.${iv}.${ciphertext}`, `k1.${iv}.${changed}`, `${sealed}.x`, 'k1', '']) {
      await expect(open(old, 'otp', bad)).rejects.toThrow()
    }
  })
})

describe('hashes', () => {
  it('match the standard’s test vectors', () => {
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    const secret = Buffer.from('key').toString('base64')
    expect(hmacHex(secret, 'a', 'text')).not.toBe(hmacHex(secret, 'b', 'text'))
    expect(hmacHex(secret, 'a', 'text')).toBe(hmacHex(secret, 'a', 'text'))
  })

  it('are compared in full length', () => {
    expect(constantTimeEqual('abc', 'abc')).toBe(true)
    expect(constantTimeEqual('abc', 'abd')).toBe(false)
    expect(constantTimeEqual('abc', 'abcd')).toBe(false)
  })
})

describe('random digits', () => {
  it('have the requested length, and a uniform distribution', () => {
    expect(randomDigits(6)).toMatch(/^\d{6}$/)
    const counts = new Array<number>(10).fill(0)
    const drawn = 400_000
    for (const digit of randomDigits(drawn)) counts[Number(digit)] = (counts[Number(digit)] ?? 0) + 1
    // Chi-squared with 9 degrees of freedom: above 33.7 once in ten thousand runs. The naive `byte % 10` gives about 150.
    const chiSquared = counts.reduce((sum, seen) => sum + (seen - drawn / 10) ** 2 / (drawn / 10), 0)
    expect(chiSquared).toBeLessThan(40)
  })
})

it('base64url accepts the canonical spelling only', () => {
  const bytes = new Uint8Array([251, 255, 190])
  expect(toBase64Url(bytes)).toBe('-_--')
  expect(fromBase64Url('-_--')).toEqual(bytes)
  for (const text of ['+/++', '-_--=', 'a', '-_-- ', 'AB']) expect(fromBase64Url(text)).toBeNull()
})
