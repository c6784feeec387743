import type { mediaTypes } from './media.ts'

type MimeType = (typeof mediaTypes)[number]

/** So many bytes tell what a file is. */
export const headBytes = 512

/**
 * The beginning of a file of each type that may be kept. A table rather than a library: `file-type` costs 20 KB gzipped for
 * hundreds of types, and tells audio from video in MP4 and WebM differently from what phones declare.
 */
const signatures: Record<MimeType, (head: Uint8Array) => boolean> = {
  'image/jpeg': (head) => startsWith(head, [0xff, 0xd8, 0xff]),
  'image/png': (head) => startsWith(head, [0x89, ...ascii('PNG\r\n'), 0x1a, 0x0a]),
  'image/webp': (head) => startsWith(head, ascii('RIFF')) && startsWith(head, ascii('WEBP'), 8),
  // By a brand of HEVC: `mif1` is AVIF's as well.
  'image/heic': (head) => isIsoMedia(head, /^(?:hei[cxms]|hev[cxms])/),
  'audio/mp4': (head) => isIsoMedia(head, /^(?:M4A |M4B |mp4[12]|iso[m2-9]|dash|3gp)/),
  // ADTS: twelve set bits, then two that are never set. ADIF has a name.
  'audio/aac': (head) =>
    startsWith(head, ascii('ADIF')) || (head[0] === 0xff && ((head[1] ?? 0) & 0xf6) === 0xf0),
  'audio/ogg': (head) => startsWith(head, ascii('OggS')),
  // EBML with a DocType: Matroska begins the same.
  'audio/webm': (head) => startsWith(head, [0x1a, 0x45, 0xdf, 0xa3]) && textOf(head).includes('webm'),
  // ID3, or a frame of MP3: eleven set bits, a version that is not the reserved one, and layer III.
  'audio/mpeg': (head) => startsWith(head, ascii('ID3')) || isMp3Frame(head),
  'application/pdf': (head) => startsWith(head, ascii('%PDF-')),
}

/**
 * Whether a file that begins so can be what was announced. A picture that begins as a page too is refused: its header may be
 * right, and markup follow at once.
 */
export function isOfType(mimeType: string, head: Uint8Array): boolean {
  const hasSignature = (signatures as Record<string, ((head: Uint8Array) => boolean) | undefined>)[mimeType]
  if (!hasSignature?.(head)) return false
  return !mimeType.startsWith('image/') || !markup.test(textOf(head))
}

const markup = /<(?:!doctype|html|head|body|script|svg|iframe|img|style|meta)[\s>/]/i

/** One character a byte. */
const textOf = (head: Uint8Array): string => Buffer.from(head).toString('latin1')

const ascii = (text: string): number[] => [...Buffer.from(text, 'latin1')]

const startsWith = (head: Uint8Array, bytes: number[], offset = 0): boolean =>
  bytes.every((byte, index) => head[offset + index] === byte)

/** The first box is `ftyp`, whose major brand or one of its compatible ones (behind the minor version) is meant. */
function isIsoMedia(head: Uint8Array, brand: RegExp): boolean {
  if (!startsWith(head, ascii('ftyp'), 4)) return false
  const size = Buffer.from(head).readUInt32BE(0)
  const brands = textOf(head.subarray(8, Math.min(size, headBytes))).match(/.{4}/gs) ?? []
  return brands.some((name, index) => index !== 1 && brand.test(name))
}

function isMp3Frame(head: Uint8Array): boolean {
  const [sync = 0, flags = 0] = head
  const [version, layer] = [(flags >> 3) & 3, (flags >> 1) & 3]
  return sync === 0xff && (flags & 0xe0) === 0xe0 && version !== 1 && layer === 1
}
