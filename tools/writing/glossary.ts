/**
 * The glossary of `docs/writing.md` as far as a word is always wrong here: in comments, names of tests and prose of the
 * docs. Code in backquotes is not looked at.
 */
const words: { wrong: RegExp; say: string }[] = [
  { wrong: /(?<!round[- ])\btrips?\b/i, say: 'round trip' },
  { wrong: /\btripp(?:ed|ing)\b/i, say: 'open (of a breaker)' },
  { wrong: /\b(?:talk(?:s|ed)?|talking)\b/i, say: 'conversation, message' },
  { wrong: /\b(?:told|toldAs)\b/i, say: 'notified, exported, returned' },
  { wrong: /(?<!\bdead |-)\bletters?\b/i, say: 'security notification; character' },
  { wrong: /\b(?:a way|ways) in\b(?! which)/i, say: 'sign-in method, credential' },
  { wrong: /\bfaces?\b/i, say: 'caller' },
  { wrong: /\b(?:stands?|standing)\b(?!-in)/i, say: 'active, valid; is' },
  { wrong: /\blanes?\b/i, say: 'test project, test database' },
  { wrong: /\b(?:data map|holdings)\b/i, say: 'personal data inventory' },
  { wrong: /\bcom(?:es?|ing) to no end\b/i, say: 'dead letter, retry, sweep' },
]

export interface Line {
  line: number
  text: string
}

/** Returns the prose of a file: its comments, names of tests, or a whole page without code. */
export function proseOf(file: string, source: string): Line[] {
  const lines = source.split('\n').map((text, index) => ({ line: index + 1, text }))
  if (file.endsWith('.md')) return withoutFences(lines)
  const isTest = file.endsWith('.test.ts')
  return lines.flatMap(({ line, text }) => {
    const comment = file.endsWith('.sql') ? sqlComment.exec(text)?.[1] : commentIn(text)
    const name = isTest ? testName.exec(text)?.[2] : undefined
    return [comment, name].filter((part) => part !== undefined).map((part) => ({ line, text: part }))
  })
}

const commentIn = (text: string) => {
  const match = tsComment.exec(text)
  return match?.[1] ?? match?.[2]
}

const sqlComment = /(?:^|\s)-- ?(.*)$/
const tsComment = /^\s*(?:\/\*\*|\*(?!\/))\s?(.*)$|(?:^|\s)\/\/ (.*)$/
const testName = /\b(?:it|test|describe)(?:\.\w+)*(?:\([^'"`]*\))?\(\s*(['"`])(.*?)\1/

function withoutFences(lines: Line[]): Line[] {
  let isCode = false
  return lines.filter(({ text }) => {
    const isFence = /^\s*(?:`{3}|~{3})/.test(text)
    if (isFence) isCode = !isCode
    return !isCode && !isFence
  })
}

/** Returns what a line says that the glossary has another word for. */
export function wrongWords(text: string): string[] {
  const prose = text.replace(/`[^`]*`/g, '``')
  return words.flatMap(({ wrong, say }) => {
    const [found] = wrong.exec(prose) ?? []
    return found === undefined ? [] : [`"${found}": say ${say}`]
  })
}
