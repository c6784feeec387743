/**
 * Kinds of requirements; what each asks for is `khidma.requirement_status`. Computed ones are read from data, `terms` are attested,
 * `identity` and `business` are verified by staff or a provider, `document` is one paper that the row names.
 */
export const requirementKinds = [
  'phone',
  'name',
  'bio',
  'service_area',
  'category',
  'registration_number',
  'terms',
  'identity',
  'business',
  'document',
] as const

export const requirementStatuses = ['complete', 'incomplete', 'pending', 'rejected', 'waived'] as const
