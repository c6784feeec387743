import { inflateSync } from 'node:zlib'

/**
 * Reads the text of each page of a PDF that Chromium has printed: plain objects, streams by Flate, glyphs by number, and a map from these to
 * Unicode for each font. Text comes in the order in which it is drawn.
 */

const latin = (bytes: Buffer): string => bytes.toString('latin1')

function streamOf(object: string): string {
  const start = object.indexOf('stream\n') + 'stream\n'.length
  const bytes = Buffer.from(object.slice(start, object.lastIndexOf('endstream')), 'latin1')
  return /\/Filter\s*\/FlateDecode/.test(object) ? latin(inflateSync(bytes)) : latin(bytes)
}

const textOfHex = (hex: string): string =>
  (hex.match(/.{4}/g) ?? []).map((unit) => String.fromCharCode(Number.parseInt(unit, 16))).join('')

/** Characters of a glyph, not in the shape that joins them. Text from right to left is drawn from its end: those of a ligature turn with it. */
function drawn(glyph: string): string {
  const characters = glyph.normalize('NFKC')
  return characters.length > 1 && /\p{Script=Arabic}/u.test(characters)
    ? [...characters].reverse().join('')
    : characters
}

/** Glyphs of a font as text. */
function unicodeOf(map: string): Map<number, string> {
  const glyphs = new Map<number, string>()
  for (const [, section = ''] of map.matchAll(/beginbfchar([\s\S]*?)endbfchar/g))
    for (const [, from = '', to = ''] of section.matchAll(/<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>/g))
      glyphs.set(Number.parseInt(from, 16), textOfHex(to))
  for (const [, section = ''] of map.matchAll(/beginbfrange([\s\S]*?)endbfrange/g))
    for (const [, first = '', last = '', to = ''] of section.matchAll(
      /<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>/g,
    ))
      for (let code = Number.parseInt(first, 16); code <= Number.parseInt(last, 16); code++)
        glyphs.set(code, String.fromCharCode(Number.parseInt(to, 16) + code - Number.parseInt(first, 16)))
  return glyphs
}

export function pagesOfPdf(pdf: Buffer): string[] {
  const objects = new Map<string, string>()
  for (const [, id = '', body = ''] of latin(pdf).matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g))
    objects.set(id, body)
  const referred = (object: string, key: string): string[] =>
    [...object.matchAll(new RegExp(`/${key}\\s*\\[?\\s*((?:\\d+ 0 R\\s*)+)`, 'g'))].flatMap(([, ids = '']) =>
      [...ids.matchAll(/(\d+) 0 R/g)].map(([, id = '']) => id),
    )
  const fontsOf = (page: string): Map<string, Map<number, string>> => {
    const resources = [page, ...referred(page, 'Resources').map((id) => objects.get(id) ?? '')].join('\n')
    const fonts = new Map<string, Map<number, string>>()
    for (const [, name = '', id = ''] of resources.matchAll(/\/(F\d+)\s+(\d+) 0 R/g)) {
      const [map] = referred(objects.get(id) ?? '', 'ToUnicode')
      fonts.set(name, map ? unicodeOf(streamOf(objects.get(map) ?? '')) : new Map())
    }
    return fonts
  }
  return [...objects.values()]
    .filter((object) => /\/Type\s*\/Page\b(?!s)/.test(object))
    .map((page) => {
      const fonts = fontsOf(page)
      let font = new Map<number, string>()
      let text = ''
      for (const id of referred(page, 'Contents')) {
        for (const [, name, hex, ends] of streamOf(objects.get(id) ?? '').matchAll(
          /\/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>|(\bET\b)/g,
        )) {
          if (name) font = fonts.get(name) ?? new Map()
          else if (hex)
            for (const glyph of hex.match(/.{4}/g) ?? [])
              text += drawn(font.get(Number.parseInt(glyph, 16)) ?? '')
          else if (ends) text += ' '
        }
      }
      return text
    })
}
