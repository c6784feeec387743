import type { InvalidValue, InvalidValueCode } from './problems.ts'
import { said } from './said.ts'

/** The finding of `khidma.refused_answers` about one answer to a question of a category. */
export interface RefusedInput {
  name: string
  code: InvalidValueCode
  /** JSON type that was expected. */
  type?: string
  limit?: number
  options?: string
}

/** Points at the answer, and says what would pass. */
export const invalidInput = (refused: RefusedInput): InvalidValue => ({
  pointer: `/structuredInputs/${refused.name}`,
  code: refused.code,
  message: textOf(refused),
})

function textOf({ code, type = '', limit, options }: RefusedInput): string {
  switch (code) {
    case 'required':
      return said({ en: 'is required', ar: 'مطلوب' })
    case 'wrong_type':
      return typeTexts[type] ?? typeTexts.string ?? ''
    case 'unknown_value':
      return said({ en: `must be one of ${options}`, ar: `يجب أن يكون إحدى القيم: ${options}` })
    case 'too_small':
    case 'too_short':
      return said({ en: `must be at least ${limit}`, ar: `يجب ألا يقل عن ${limit}` })
    case 'too_large':
    case 'too_long':
      return said({ en: `must be at most ${limit}`, ar: `يجب ألا يزيد على ${limit}` })
    default:
      return said({ en: 'is not asked for', ar: 'غير مطلوب في هذه الفئة' })
  }
}

const typeTexts: Record<string, string> = {
  string: said({ en: 'must be text', ar: 'يجب أن يكون نصًا' }),
  number: said({ en: 'must be a number', ar: 'يجب أن يكون رقمًا' }),
  boolean: said({ en: 'must be true or false', ar: 'يجب أن يكون صحيحًا أو خطأ' }),
  array: said({ en: 'must be a list', ar: 'يجب أن يكون قائمة' }),
}
