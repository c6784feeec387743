/** Criteria that a review can score, by the side that is reviewed. Configuration picks of these; names are stored with the scores. */
export const criteriaOf = {
  professional: ['quality', 'punctuality', 'communication', 'tidiness', 'value', 'safety'],
  client: ['communication', 'clarity', 'access', 'respect', 'payment'],
  company: ['communication', 'clarity', 'access', 'respect', 'payment', 'organisation'],
} as const

export const entityTypes = ['professional', 'client', 'company'] as const
export type EntityType = (typeof entityTypes)[number]

export const criteria = [...new Set(Object.values(criteriaOf).flat())]
