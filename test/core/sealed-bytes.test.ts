import { describe, expect, it } from 'vitest'
import { newDataKey, openBytes, pieceBytes, sealBytes, sealedLength } from '../../src/core/sealed-bytes.ts'

const tag = 16
const streamOf = (bytes: Uint8Array): ReadableStream<Uint8Array> => new Blob([new Uint8Array(bytes)]).stream()

function noise(length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let from = 0; from < length; from += 65_536)
    crypto.getRandomValues(bytes.subarray(from, Math.min(length, from + 65_536)))
  return bytes
}

async function sealed(key: Uint8Array<ArrayBuffer>, bytes: Uint8Array): Promise<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const [result] = await Promise.all([
    new Response(readable).arrayBuffer(),
    sealBytes(key, streamOf(bytes), writable),
  ])
  return new Uint8Array(result)
}

const opened = (key: Uint8Array<ArrayBuffer>, bytes: Uint8Array) =>
  openBytes(key, streamOf(bytes), bytes.length)

describe('sealed bytes', () => {
  it.each([0, 1, 1_000, pieceBytes - 1, pieceBytes, pieceBytes + 1, 3 * pieceBytes, 3 * pieceBytes + 7])(
    'open as they were, for %i bytes, and take the announced length',
    async (length) => {
      const [key, bytes] = [newDataKey(), noise(length)]
      const result = await sealed(key, bytes)
      expect(result.length).toBe(sealedLength(length))
      expect(Buffer.from(await opened(key, result)).equals(Buffer.from(bytes))).toBe(true)
    },
  )

  const size = pieceBytes + tag
  const pieces = (bytes: Uint8Array) =>
    [0, 1, 2].map((index) => bytes.subarray(index * size, (index + 1) * size))
  const joined = (...parts: (Uint8Array | undefined)[]) =>
    new Uint8Array(Buffer.concat(parts.map((part) => part ?? new Uint8Array())))

  it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['a changed byte', (bytes) => bytes.map((byte, index) => (index === size + 9 ? byte ^ 1 : byte))],
    [
      'swapped pieces',
      (bytes) => {
        const [a, b, c] = pieces(bytes)
        return joined(b, a, c)
      },
    ],
    [
      'a piece twice',
      (bytes) => {
        const [a, b, c] = pieces(bytes)
        return joined(a, a, b, c)
      },
    ],
    [
      'a piece left out',
      (bytes) => {
        const [a, , c] = pieces(bytes)
        return joined(a, c)
      },
    ],
    ['the last piece cut off', (bytes) => bytes.subarray(0, 2 * size)],
    ['some of the last piece cut off', (bytes) => bytes.subarray(0, bytes.length - 1)],
    ['nothing left', () => new Uint8Array()],
    ['a piece behind the end', (bytes) => joined(bytes, pieces(bytes)[2])],
  ])('do not open after %s', async (_name, change) => {
    const key = newDataKey()
    const result = await sealed(key, noise(2 * pieceBytes + 5))
    await expect(opened(key, change(result))).rejects.toThrow()
  })

  it('do not open with another key', async () => {
    await expect(opened(newDataKey(), await sealed(newDataKey(), noise(10)))).rejects.toThrow()
  })
})
