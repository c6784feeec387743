import type { Document, Json } from './json.ts'

/** Examples whose text was never filled in: a placeholder is left in it, or the choice between several texts. */
export function lintGaps(document: Document): string[] {
  return [...examplesIn(document)].flatMap(([place, example]) =>
    [...textsIn(example)]
      .filter((text) => gap.test(text))
      .map((text) => `example of ${place} has a gap: ${text}`),
  )
}

/** `{limit}`, and `{days, plural, …}` of ICU MessageFormat. */
const gap = /\{\s*\w+\s*[,}]/

function* examplesIn(node: unknown, place: string[] = []): Generator<[string, Json]> {
  if (typeof node !== 'object' || node === null) return
  for (const [key, part] of Object.entries(node)) {
    if (key === 'example' || key === 'examples') yield [place.join('/'), part]
    else yield* examplesIn(part, [...place, key])
  }
}

function* textsIn(value: Json): Generator<string> {
  if (typeof value === 'string') yield value
  else if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(value)) yield* textsIn(inner)
}
