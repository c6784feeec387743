import { sql } from 'drizzle-orm'
import { type Holding, owned } from './holding.ts'

/** Who somebody is. */
export const people: Record<string, Holding> = {
  user_profiles: {
    of: owned('user_id'),
    personal: 'bio date_of_birth gender avatar_media_id job_title website_url linkedin_url twitter_handle',
    other: 'user_id created_at updated_at version',
    erasure: 'delete',
  },
  user_settings: {
    of: owned('user_id'),
    personal: 'theme text_size reduce_motion distance_unit time_format week_starts_on start_screen',
    other: 'user_id created_at updated_at version',
    erasure: 'delete',
  },
  user_languages: {
    of: owned('user_id'),
    personal: 'language_code proficiency',
    other: 'user_id created_at',
    erasure: 'delete',
  },
  user_verifications: {
    of: owned('user_id'),
    personal:
      'national_id_hash national_id_last4 document_type document_country front_media_id back_media_id selfie_media_id rejection_reason',
    other:
      'user_id phone_verified verification_status verified_at submitted_at reviewed_at reviewed_by created_at updated_at version',
    hidden: 'national_id_hash reviewed_by',
    erasure: 'delete',
  },
  client_profiles: {
    of: owned('user_id'),
    personal: 'display_name city district preferred_payment_method contact_preference note_for_taskers',
    other: 'user_id created_at updated_at version',
    erasure: 'delete',
  },
  company_profiles: {
    of: owned('user_id'),
    personal:
      'company_name business_type industry registration_number contact_person_name contact_person_title email phone city country bio website_url logo_media_id rejection_reason',
    other: 'user_id status approval_status reviewed_at reviewed_by created_at updated_at version',
    hidden: 'reviewed_by',
    erasure: 'delete',
  },
  candidate_profiles: {
    of: owned('user_id'),
    personal:
      'display_name bio city experience_years preferred_roles skills experience education expected_salary_amount expected_salary_currency resume_media_id',
    other: 'user_id status created_at updated_at version',
    erasure: 'delete',
  },
  addresses: {
    of: owned('user_id'),
    personal: 'label address city district region postal_code country instructions lat lng location',
    other: 'id user_id is_default created_at updated_at version',
    hidden: 'location',
    erasure: 'delete',
  },
  favourite_taskers: {
    of: ({ user }) => sql`${user} in (t.client_id, t.tasker_id)`,
    exportOf: owned('client_id'),
    other: 'id client_id tasker_id created_at',
    erasure: 'delete',
  },
  notification_preferences: {
    of: owned('user_id'),
    personal: 'push_enabled sms_enabled email_enabled preferences',
    other: 'user_id updated_at version',
    erasure: 'delete',
  },
  user_roles: {
    of: owned('user_id'),
    personal: 'reason decision_reason end_reason',
    other:
      'id user_id role_id status assigned_by assigned_at decided_by decided_at ended_by ended_at expires_at created_at updated_at version',
    hidden: 'assigned_by decided_by ended_by',
    erasure: 'delete',
  },
  employees: {
    of: owned('user_id'),
    personal: 'employee_code',
    other:
      'id user_id department_id designation_id joining_date employment_status manager_employee_id created_at updated_at version',
    erasure: 'keep',
    why: 'whose decisions stand in the books: a code and a place, no name',
  },
}
