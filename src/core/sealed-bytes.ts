/**
 * Bytes that are sealed in pieces, as WebCrypto has no streaming AES-GCM: every piece of 256 KiB has a tag of its own, so that a file
 * of any size needs the memory of one. The nonce of a piece is its number and whether it is the last one: pieces that were swapped,
 * left out, repeated or cut off do not open. A key seals one file and nothing else, so that nonces never meet.
 */
export const pieceBytes = 262_144
const tagBytes = 16

export const newDataKey = (): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(32))

export const sealedLength = (plainBytes: number): number =>
  plainBytes + tagBytes * Math.max(1, Math.ceil(plainBytes / pieceBytes))

const keyOf = (dataKey: Uint8Array<ArrayBuffer>, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', dataKey, 'AES-GCM', false, [use])

function algorithmOf(index: number, isLast: boolean): { name: 'AES-GCM'; iv: Uint8Array<ArrayBuffer> } {
  const iv = new Uint8Array(12)
  const view = new DataView(iv.buffer)
  view.setUint32(4, index)
  view.setUint8(11, isLast ? 1 : 0)
  return { name: 'AES-GCM', iv }
}

/** Cuts a stream into pieces of a size; the last one, which may be shorter, is known as such. */
async function* piecesOf(
  bytes: ReadableStream<Uint8Array>,
  size: number,
): AsyncGenerator<{ index: number; piece: Uint8Array<ArrayBuffer>; isLast: boolean }> {
  let piece = new Uint8Array(size)
  let length = 0
  let index = 0
  for await (const chunk of bytes as unknown as AsyncIterable<Uint8Array>) {
    for (let from = 0; from < chunk.length; ) {
      if (length === size) {
        yield { index, piece, isLast: false }
        index += 1
        piece = new Uint8Array(size)
        length = 0
      }
      const part = chunk.subarray(from, from + size - length)
      piece.set(part, length)
      length += part.length
      from += part.length
    }
  }
  yield { index, piece: piece.subarray(0, length), isLast: true }
}

/** Writes the sealed bytes of a stream into another one, and closes it. */
export async function sealBytes(
  dataKey: Uint8Array<ArrayBuffer>,
  bytes: ReadableStream<Uint8Array>,
  into: WritableStream<Uint8Array>,
): Promise<void> {
  const key = await keyOf(dataKey, 'encrypt')
  const writer = into.getWriter()
  for await (const { index, piece, isLast } of piecesOf(bytes, pieceBytes)) {
    await writer.write(new Uint8Array(await crypto.subtle.encrypt(algorithmOf(index, isLast), key, piece)))
  }
  await writer.close()
}

/** Returns the bytes that were sealed, and nothing of them unless all are there, unchanged and in order: else it throws. */
export async function openBytes(
  dataKey: Uint8Array<ArrayBuffer>,
  bytes: ReadableStream<Uint8Array>,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const key = await keyOf(dataKey, 'decrypt')
  const opened = new Uint8Array(length)
  let at = 0
  for await (const { index, piece, isLast } of piecesOf(bytes, pieceBytes + tagBytes)) {
    const plain = new Uint8Array(await crypto.subtle.decrypt(algorithmOf(index, isLast), key, piece))
    opened.set(plain, at)
    at += plain.length
  }
  return opened.subarray(0, at)
}
