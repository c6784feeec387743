import { callerTexts } from './callers.ts'
import { objectTexts } from './objects.ts'
import { preconditionTexts } from './preconditions.ts'
import { requestTexts } from './requests.ts'
import { serviceTexts } from './service.ts'

/** Refusals of no area in particular. */
export const generalTexts = {
  ...requestTexts,
  ...callerTexts,
  ...objectTexts,
  ...preconditionTexts,
  ...serviceTexts,
}
