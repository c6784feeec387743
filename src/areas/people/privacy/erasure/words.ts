/** Text that replaces whatever named a person who was erased. */
const erased = '[erased]'
/** For terms that are shorter: a text at the limit of its column stays within it. */
const erasedShort = '***'

/** The same as `khidma.pattern_of`: any of the words, as a word, whatever its case; numbers however they are grouped. */
function patternOf(words: string[]): RegExp | null {
  if (words.length === 0) return null
  const longestFirst = [...words].sort((a, b) => b.length - a.length)
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${longestFirst.map(spelling).join('|')})(?![\\p{L}\\p{N}])`, 'giu')
}

const spelling = (word: string): string =>
  /^[0-9]{7,}$/.test(word)
    ? `\\+?${[...word].join('[ .()/-]*')}`
    : word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** The same as `khidma.mask`. Null: there are no words. */
export function maskOf(words: string[]): ((text: string) => string) | null {
  if (words.length === 0) return null
  const isLong = (word: string): boolean => [...word].length >= erased.length
  const long = patternOf(words.filter(isLong))
  const short = patternOf(words.filter((word) => !isLong(word)))
  return (text) => {
    const masked = long ? text.replace(long, erased) : text
    return short ? masked.replace(short, erasedShort) : masked
  }
}

/** Masks every text in a JSON value; its keys are ours. */
export function masked(value: unknown, mask: (text: string) => string): unknown {
  if (typeof value === 'string') return mask(value)
  if (Array.isArray(value)) return value.map((item) => masked(item, mask))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item, mask)]))
}
