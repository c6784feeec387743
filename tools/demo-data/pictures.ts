import { crc32, deflateSync } from 'node:zlib'
import { between, pick, type Random, seededRandom } from './random.ts'

/** Pictures of demo portfolios, drawn from a key: a frame of light, hills or shapes in the colours of a trade. PNG, a few kilobytes each. */

const width = 320
const height = 240

type Colour = readonly [red: number, green: number, blue: number]

const palettes: readonly (readonly [Colour, Colour, Colour])[] = [
  [
    [253, 231, 196],
    [214, 106, 79],
    [74, 47, 72],
  ],
  [
    [214, 236, 240],
    [58, 124, 137],
    [23, 54, 72],
  ],
  [
    [240, 240, 214],
    [122, 150, 92],
    [45, 70, 54],
  ],
  [
    [250, 222, 230],
    [190, 86, 122],
    [72, 32, 66],
  ],
  [
    [226, 226, 246],
    [104, 104, 186],
    [36, 34, 82],
  ],
]

export function demoPicture(key: string): Uint8Array {
  const random = seededRandom(`picture:${key}`)
  const [light, middle, dark] = pick(random, palettes)
  const pixels = new Uint8Array(height * (1 + width * 3))
  const isInShape = shapes(random)
  const hill = hills(random)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sky = mix(light, middle, y / height)
      const colour = y > hill(x) ? mix(middle, dark, (y - hill(x)) / (height - hill(x))) : sky
      const shown = isInShape(x, y) ? mix(colour, light, 0.55) : colour
      pixels.set(shown, y * (1 + width * 3) + 1 + x * 3)
    }
  }
  return png(pixels)
}

const mix = (from: Colour, to: Colour, share: number): Colour => [
  Math.round(from[0] + (to[0] - from[0]) * share),
  Math.round(from[1] + (to[1] - from[1]) * share),
  Math.round(from[2] + (to[2] - from[2]) * share),
]

function hills(random: Random): (x: number) => number {
  const [phase, waves, rise] = [random() * 6, 1 + random() * 2, between(random, 12, 34)]
  return (x) => height * 0.62 + rise * Math.sin(phase + (x / width) * Math.PI * waves)
}

/** Discs and one upright frame: a sun, lamps, a window. */
function shapes(random: Random): (x: number, y: number) => boolean {
  const discs = Array.from({ length: between(random, 1, 4) }, () => ({
    x: between(random, 30, width - 30),
    y: between(random, 25, 150),
    radius: between(random, 10, 34),
  }))
  const left = between(random, 40, width - 110)
  return (x, y) =>
    discs.some((disc) => Math.hypot(x - disc.x, y - disc.y) < disc.radius) ||
    (x > left && x < left + 70 && y > 110 && y < 210)
}

/** Eight bits a colour, no filter. */
function png(scanlines: Uint8Array): Uint8Array {
  const header = new DataView(new ArrayBuffer(13))
  header.setUint32(0, width)
  header.setUint32(4, height)
  header.setUint8(8, 8)
  header.setUint8(9, 2)
  return Buffer.concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', new Uint8Array(header.buffer)),
    chunk('IDAT', deflateSync(scanlines, { level: 9 })),
    chunk('IEND', new Uint8Array()),
  ])
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(named.length + 8)
  framed.writeUInt32BE(data.length, 0)
  framed.set(named, 4)
  framed.writeUInt32BE(crc32(named), named.length + 4)
  return framed
}
