import type { Holding } from './holding.ts'

/** Nobody's. */
export const ours: Record<string, Holding> = {
  departments: {
    personal: 'department_head department_email',
    other: 'id name code description is_active visibility transfers_enabled created_at updated_at version',
    erasure: 'keep',
    masks: { text: ['department_head', 'department_email', 'description'] },
    why: 'ours',
  },
  designations: {
    other:
      'id name code department_id description level can_manage_team can_approve is_active created_at updated_at version',
    erasure: 'keep',
    why: 'ours',
  },
  roles: {
    other:
      'id name display_name description audience department_id can_approve_requests can_manage_system_settings is_system_role is_active created_at updated_at version',
    erasure: 'keep',
    why: 'ours',
  },
  permissions: {
    other: 'id name resource action description created_at',
    erasure: 'keep',
    why: 'ours',
  },
  role_permissions: {
    other: 'role_id permission_id granted_at',
    erasure: 'keep',
    why: 'ours',
  },
  languages: {
    other: 'code name native_name is_active is_default sort_order created_at updated_at',
    erasure: 'keep',
    why: 'ours',
  },
  pricing_bands: {
    other: 'id category_id city min_amount max_amount currency active created_at updated_at version',
    erasure: 'keep',
    why: 'ours',
  },
  task_categories: {
    other:
      'id slug name_en name_ar parent_id icon_url active sort_order created_at updated_at deleted_at version',
    erasure: 'keep',
    why: 'ours',
  },
  state_transitions: {
    other: 'machine name from_state to_state party drives_to event',
    erasure: 'keep',
    why: 'ours',
  },
  consent_documents: {
    other: 'id kind document_version url is_required published_at',
    erasure: 'keep',
    why: 'ours',
  },
  audit_days: {
    other: 'day row_count previous_hash head_hash sealed_at purged_at',
    erasure: 'keep',
    why: 'ours',
  },
  removals: {
    other: 'id kind key attempts next_at decided_at',
    erasure: 'keep',
    why: 'names of what is about to go, gone with it',
  },
  retention_runs: {
    other: 'id job outcome report error started_at duration_ms',
    erasure: 'keep',
    why: 'ours',
  },
}
