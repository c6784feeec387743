/**
 * The one declaration of who sees which field of a person through the API. `test/contract/visibility.test.ts` walks all fields and
 * all callers, over every operation that reads.
 *
 * `self` the person · `counterparty` the other side of a booking or conversation · `assigned` the tasker of a booking, from accepted
 * on, until it is canceled · `company` an approved company · `public` everybody, without an account · `staff` operators, by the
 * operations for their work (not the audit log, which records changes).
 */
export type Audience = 'self' | 'counterparty' | 'assigned' | 'company' | 'public' | 'staff'

/** Audiences of a field of a client (or anybody who is no tasker), and of a tasker, whose profile is public. */
export interface Visibility {
  client: readonly Audience[]
  tasker: readonly Audience[]
}

const own: Visibility = { client: ['self'], tasker: ['self'] }
const ownAndStaff: Visibility = { client: ['self', 'staff'], tasker: ['self', 'staff'] }
/** Fields that people meet each other by. */
const met: Visibility = {
  client: ['self', 'counterparty', 'staff'],
  tasker: ['self', 'counterparty', 'public', 'staff'],
}
/** A candidate shows these to companies as well. */
const metOrApplied: Visibility = {
  client: [...met.client, 'company'],
  tasker: [...met.tasker, 'company'],
}
const toAssigned: Visibility = {
  client: ['self', 'assigned', 'staff'],
  // A tasker has tasks too, as a client: the tasker of those is another one.
  tasker: ['self', 'assigned', 'staff'],
}
const applied: Visibility = { client: ['self', 'company', 'staff'], tasker: ['self', 'company', 'staff'] }

/** By table and column. */
export const visibility = {
  'users.phone': ownAndStaff,
  'users.email': ownAndStaff,
  'users.username': ownAndStaff,
  'users.full_name': met,
  'users.locale': ownAndStaff,
  // The free times of a tasker are public, in the tasker's zone.
  'users.timezone': { client: ['self'], tasker: ['self', 'public'] },
  'users.country': own,
  'user_profiles.bio': met,
  'user_profiles.avatar_media_id': metOrApplied,
  'user_profiles.date_of_birth': own,
  'user_profiles.gender': own,
  'user_profiles.job_title': own,
  'user_profiles.website_url': own,
  'user_profiles.linkedin_url': own,
  'user_profiles.twitter_handle': own,
  'user_languages.language_code': metOrApplied,
  'client_profiles.display_name': toAssigned,
  'client_profiles.contact_preference': toAssigned,
  'client_profiles.note_for_taskers': toAssigned,
  'client_profiles.city': own,
  'client_profiles.district': own,
  'client_profiles.preferred_payment_method': own,
  'candidate_profiles.display_name': applied,
  'candidate_profiles.bio': applied,
  'candidate_profiles.city': applied,
  'candidate_profiles.experience_years': applied,
  'candidate_profiles.preferred_roles': applied,
  'candidate_profiles.skills': applied,
  'candidate_profiles.experience': applied,
  'candidate_profiles.education': applied,
  'candidate_profiles.expected_salary_amount': own,
  'candidate_profiles.expected_salary_currency': own,
  'candidate_profiles.resume_media_id': own,
  'candidate_profiles.visibility': own,
  'candidate_profiles.looking_for_work': own,
  // Companies that view them, for as long as the view is open.
  'candidate_profiles.contact_email': own,
  'candidate_profiles.contact_phone': own,
} as const satisfies Record<string, Visibility>

export type PersonalField = keyof typeof visibility
