import { expect, it } from 'vitest'
import { hasCardNumber } from '../../src/core/card-numbers.ts'
import { all, exampleBody, named } from './call.ts'
import { refusalOfBody } from './deciding.ts'

/** The body with another text in the place of each of its texts in turn, and where that is. */
function* withTextReplaced(value: unknown, text: string, pointer = ''): Generator<[string, unknown]> {
  if (typeof value === 'string') yield [pointer, text]
  if (typeof value !== 'object' || value === null) return
  for (const [name, part] of Object.entries(value))
    for (const [place, replaced] of withTextReplaced(part, text, `${pointer}/${name}`))
      yield [
        place,
        Array.isArray(value) ? value.with(Number(name), replaced) : { ...value, [name]: replaced },
      ]
}

const withTexts = all.filter(({ body, operationId }) => {
  const [first] = withTextReplaced(exampleBody(operationId), '')
  return body && first
})

it.each(named(withTexts))('%s takes no number of a payment card', async (operationId, operation) => {
  for (const text of ['4242424242424242', 'My card is ٤٢٤٢ ٤٢٤٢ ٤٢٤٢ ٤٢٤٢ 12/29'])
    for (const [pointer, body] of withTextReplaced(exampleBody(operationId), text)) {
      const problem = await refusalOfBody(operation, body)
      expect(problem?.code, pointer).toBe('invalid_request')
      expect(problem?.errors?.map((error) => error.pointer)).toEqual([pointer])
      expect(JSON.stringify(problem?.errors)).not.toContain('4242')
    }
})

it('is not seen in a hash that has its digits', () => {
  const hash = `a4242424242424242${'b'.repeat(47)}`
  expect(hasCardNumber(hash)).toBe(false)
  expect(hasCardNumber(`${hash}c`)).toBe(true)
})
