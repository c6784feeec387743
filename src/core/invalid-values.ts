import type { z } from 'zod'
import type { Locale } from './context.ts'
import type { InvalidValue, InvalidValueCode } from './problems.ts'

/** Sentences that tell people what is wrong with a value that a schema refuses, in words that know no programming language. */

type Issue = z.core.$ZodRawIssue
type Sentences = (issue: Issue) => string

export const sentenceIn: Record<Locale, Sentences> = {
  en: (issue) => {
    if (isMissing(issue)) return 'is required'
    const { kind, ...facts } = factsOf(issue)
    switch (kind) {
      case 'type':
        return `must be ${englishTypes[facts.name] ?? 'of another type'}`
      case 'one':
        return `must be ${facts.values}`
      case 'oneOf':
        return `must be one of ${facts.values}`
      case 'empty':
        return 'must not be empty'
      case 'size':
        return `must have ${englishBounds[facts.bound]} ${facts.count} ${englishUnits[facts.name]}`
      case 'bound':
        return `must be ${englishBounds[facts.bound]} ${facts.count}`
      case 'multiple':
        return `must be a multiple of ${facts.count}`
      case 'format':
        return `must be ${englishFormats[facts.name] ?? 'in another format'}`
      case 'unknown':
        return 'is unknown'
      case 'key':
        return 'has a name that is not allowed'
      default:
        return 'is not valid'
    }
  },
  ar: (issue) => {
    if (isMissing(issue)) return 'مطلوب'
    const { kind, ...facts } = factsOf(issue)
    switch (kind) {
      case 'type':
        return `يجب أن يكون ${arabicTypes[facts.name] ?? 'من نوع آخر'}`
      case 'one':
        return `يجب أن يكون ${facts.values}`
      case 'oneOf':
        return `يجب أن يكون إحدى القيم: ${facts.values}`
      case 'empty':
        return 'يجب ألا يكون فارغًا'
      case 'size':
        return `يجب أن يكون عدد ${arabicUnits[facts.name]} ${arabicBounds[facts.bound]} ${facts.count}`
      case 'bound':
        return `يجب أن يكون ${arabicBounds[facts.bound]} ${facts.count}`
      case 'multiple':
        return `يجب أن يكون من مضاعفات ${facts.count}`
      case 'format':
        return `يجب أن يكون ${arabicFormats[facts.name] ?? 'بصيغة أخرى'}`
      case 'unknown':
        return 'غير معروف'
      case 'key':
        return 'يحمل اسمًا غير مسموح به'
      default:
        return 'غير صالح'
    }
  },
}

/** Whatever else a schema asks of it: it is not there. */
const isMissing = ({ code, input }: Issue): boolean =>
  input === undefined && (code === 'invalid_type' || code === 'invalid_value' || code === 'invalid_union')

/** Key of a JSON object as a part of a pointer (RFC 6901). */
export const escapePointer = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')

/**
 * Values that an issue of zod refuses, with pointers into the body, or below `place` (`query`, `path`, `header`). `at` leads to the value
 * that was parsed, where that is a part of the body.
 */
export function invalidValuesOf(
  issue: z.core.$ZodIssue,
  place?: string,
  at: readonly PropertyKey[] = [],
): InvalidValue[] {
  const { path, message } = issue
  const keys = issue.code === 'unrecognized_keys' ? issue.keys : undefined
  const code = invalidValueCode(issue as Issue)
  const paths = keys ? keys.map((key) => [...at, ...path, key]) : [[...at, ...path]]
  return paths.map((segments) => {
    const pointer = segments.map((segment) => escapePointer(String(segment))).join('/')
    return {
      pointer: place ? `${place}/${pointer}` : segments.length > 0 ? `/${pointer}` : '',
      code,
      message,
    }
  })
}

/** Code of the same finding, for programs. Reads the value that was sent: the schema has to be asked with `reportInput`. */
function invalidValueCode(issue: Issue): InvalidValueCode {
  if (isMissing(issue)) return 'required'
  const { kind, bound } = factsOf(issue)
  const isUpper = bound === 'atMost' || bound === 'below'
  switch (kind) {
    case 'type':
      return 'wrong_type'
    case 'one':
    case 'oneOf':
      return 'unknown_value'
    case 'empty':
      return 'too_short'
    case 'size':
      return isUpper ? 'too_long' : 'too_short'
    case 'bound':
      return isUpper ? 'too_large' : 'too_small'
    case 'format':
      return 'wrong_format'
    case 'unknown':
    case 'key':
      return 'unknown_field'
    default:
      return 'invalid'
  }
}

type Bound = 'exactly' | 'atMost' | 'atLeast' | 'below' | 'above'

interface Facts {
  kind:
    | 'type'
    | 'one'
    | 'oneOf'
    | 'empty'
    | 'size'
    | 'bound'
    | 'multiple'
    | 'format'
    | 'unknown'
    | 'key'
    | 'other'
  name: string
  values: string
  bound: Bound
  count: string
}

function factsOf(issue: Issue): Facts {
  const facts = { name: '', values: '', bound: 'exactly' as Bound, count: '' }
  switch (issue.code) {
    case 'invalid_type':
      return { ...facts, kind: 'type', name: issue.expected }
    case 'invalid_value':
      return {
        ...facts,
        kind: issue.values.length === 1 ? 'one' : 'oneOf',
        values: issue.values.map(String).join(', '),
      }
    case 'too_big':
      return sized({ ...facts, count: String(issue.maximum), bound: boundOf('most', issue) }, issue.origin)
    case 'too_small': {
      if (issue.origin === 'string' && Number(issue.minimum) === 1 && !issue.exact)
        return { ...facts, kind: 'empty' }
      return sized({ ...facts, count: String(issue.minimum), bound: boundOf('least', issue) }, issue.origin)
    }
    case 'not_multiple_of':
      return { ...facts, kind: 'multiple', count: String(issue.divisor) }
    case 'invalid_format':
      return { ...facts, kind: 'format', name: issue.format }
    case 'unrecognized_keys':
      return { ...facts, kind: 'unknown' }
    case 'invalid_key':
      return { ...facts, kind: 'key' }
    default:
      return { ...facts, kind: 'other' }
  }
}

const sized = (facts: Omit<Facts, 'kind'>, origin: string): Facts =>
  origin in englishUnits ? { ...facts, kind: 'size', name: origin } : { ...facts, kind: 'bound' }

function boundOf(
  side: 'most' | 'least',
  { exact, inclusive = true }: { exact?: boolean; inclusive?: boolean },
): Bound {
  if (exact) return 'exactly'
  if (side === 'most') return inclusive ? 'atMost' : 'below'
  return inclusive ? 'atLeast' : 'above'
}

const englishTypes: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  null: 'null',
}

const arabicTypes: Record<string, string> = {
  string: 'نصًا',
  number: 'رقمًا',
  int: 'عددًا صحيحًا',
  boolean: 'true أو false',
  object: 'كائنًا',
  record: 'كائنًا',
  array: 'قائمة',
  null: 'null',
}

const englishUnits: Record<string, string> = {
  string: 'characters',
  array: 'entries',
  set: 'entries',
  map: 'entries',
}

const arabicUnits: Record<string, string> = {
  string: 'الأحرف',
  array: 'العناصر',
  set: 'العناصر',
  map: 'العناصر',
}

const englishBounds: Record<Bound, string> = {
  exactly: 'exactly',
  atMost: 'at most',
  atLeast: 'at least',
  below: 'less than',
  above: 'more than',
}

const arabicBounds: Record<Bound, string> = {
  exactly: 'بالضبط',
  atMost: 'على الأكثر',
  atLeast: 'على الأقل',
  below: 'أقل من',
  above: 'أكثر من',
}

const englishFormats: Record<string, string> = {
  uuid: 'an id (a UUID)',
  email: 'an e-mail address',
  url: 'an address beginning with https://',
  datetime: 'a time such as 2026-11-21T08:30:00Z',
  date: 'a date such as 2026-11-21',
}

const arabicFormats: Record<string, string> = {
  uuid: 'معرّفًا (UUID)',
  email: 'بريدًا إلكترونيًا',
  url: 'عنوانًا يبدأ بـ https://',
  datetime: 'وقتًا مثل 2026-11-21T08:30:00Z',
  date: 'تاريخًا مثل 2026-11-21',
}
