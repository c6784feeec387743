/** Text that replaces whatever named a person who was erased. */
export const erased = '[erased]'

/** The same as `khidma.pattern_of`: any of the words, as a word, whatever its case; numbers however they are grouped. */
export function patternOf(words: string[]): RegExp | null {
  if (words.length === 0) return null
  const longestFirst = [...words].sort((a, b) => b.length - a.length)
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${longestFirst.map(spelling).join('|')})(?![\\p{L}\\p{N}])`, 'giu')
}

const spelling = (word: string): string =>
  /^[0-9]{7,}$/.test(word)
    ? `\\+?${[...word].join('[ .()/-]*')}`
    : word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Every text in a JSON value; its keys are ours. */
export function masked(value: unknown, pattern: RegExp): unknown {
  if (typeof value === 'string') return value.replace(pattern, erased)
  if (Array.isArray(value)) return value.map((item) => masked(item, pattern))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item, pattern)]))
}
