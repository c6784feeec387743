-- Readers of an active candidate profile: nobody, companies, or everybody.
alter table candidate_profiles
  add column visibility text not null default 'companies',
  add constraint candidate_profiles_visibility check (visibility in ('private', 'companies', 'public'));
