-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_user_profiles() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'user_id', jsonb_build_array(null, new.user_id),
      'avatar_media_id', jsonb_build_array(null, new.avatar_media_id),
      'job_title', jsonb_build_array(null, new.job_title),
      'website_url', jsonb_build_array(null, new.website_url),
      'linkedin_url', jsonb_build_array(null, new.linkedin_url),
      'twitter_handle', jsonb_build_array(null, new.twitter_handle));
    perform khidma.write_audit('profiles', 'user_profiles', 'insert', new.user_id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'user_id', jsonb_build_array(old.user_id, null),
      'avatar_media_id', jsonb_build_array(old.avatar_media_id, null),
      'job_title', jsonb_build_array(old.job_title, null),
      'website_url', jsonb_build_array(old.website_url, null),
      'linkedin_url', jsonb_build_array(old.linkedin_url, null),
      'twitter_handle', jsonb_build_array(old.twitter_handle, null));
    perform khidma.write_audit('profiles', 'user_profiles', 'delete', old.user_id::text, old.user_id, changes);
    return null;
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.avatar_media_id is distinct from old.avatar_media_id then
    changes := changes || jsonb_build_object('avatar_media_id', jsonb_build_array(old.avatar_media_id, new.avatar_media_id));
  end if;
  if new.job_title is distinct from old.job_title then
    changes := changes || jsonb_build_object('job_title', jsonb_build_array(old.job_title, new.job_title));
  end if;
  if new.website_url is distinct from old.website_url then
    changes := changes || jsonb_build_object('website_url', jsonb_build_array(old.website_url, new.website_url));
  end if;
  if new.linkedin_url is distinct from old.linkedin_url then
    changes := changes || jsonb_build_object('linkedin_url', jsonb_build_array(old.linkedin_url, new.linkedin_url));
  end if;
  if new.twitter_handle is distinct from old.twitter_handle then
    changes := changes || jsonb_build_object('twitter_handle', jsonb_build_array(old.twitter_handle, new.twitter_handle));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('profiles', 'user_profiles', 'update', new.user_id::text, new.user_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_client_profiles() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'user_id', jsonb_build_array(null, new.user_id),
      'city', jsonb_build_array(null, new.city),
      'district', jsonb_build_array(null, new.district),
      'preferred_payment_method', jsonb_build_array(null, new.preferred_payment_method),
      'contact_preference', jsonb_build_array(null, new.contact_preference));
    perform khidma.write_audit('profiles', 'client_profiles', 'insert', new.user_id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'user_id', jsonb_build_array(old.user_id, null),
      'city', jsonb_build_array(old.city, null),
      'district', jsonb_build_array(old.district, null),
      'preferred_payment_method', jsonb_build_array(old.preferred_payment_method, null),
      'contact_preference', jsonb_build_array(old.contact_preference, null));
    perform khidma.write_audit('profiles', 'client_profiles', 'delete', old.user_id::text, old.user_id, changes);
    return null;
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.city is distinct from old.city then
    changes := changes || jsonb_build_object('city', jsonb_build_array(old.city, new.city));
  end if;
  if new.district is distinct from old.district then
    changes := changes || jsonb_build_object('district', jsonb_build_array(old.district, new.district));
  end if;
  if new.preferred_payment_method is distinct from old.preferred_payment_method then
    changes := changes || jsonb_build_object('preferred_payment_method', jsonb_build_array(old.preferred_payment_method, new.preferred_payment_method));
  end if;
  if new.contact_preference is distinct from old.contact_preference then
    changes := changes || jsonb_build_object('contact_preference', jsonb_build_array(old.contact_preference, new.contact_preference));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('profiles', 'client_profiles', 'update', new.user_id::text, new.user_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_company_profiles() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'user_id', jsonb_build_array(null, new.user_id),
      'company_name', jsonb_build_array(null, new.company_name),
      'business_type', jsonb_build_array(null, new.business_type),
      'industry', jsonb_build_array(null, new.industry),
      'registration_number', jsonb_build_array(null, new.registration_number),
      'contact_person_name', jsonb_build_array(null, new.contact_person_name),
      'contact_person_title', jsonb_build_array(null, new.contact_person_title),
      'email', jsonb_build_array(null, new.email),
      'phone', jsonb_build_array(null, new.phone),
      'city', jsonb_build_array(null, new.city),
      'country', jsonb_build_array(null, new.country),
      'bio', jsonb_build_array(null, new.bio),
      'website_url', jsonb_build_array(null, new.website_url),
      'logo_media_id', jsonb_build_array(null, new.logo_media_id),
      'status', jsonb_build_array(null, new.status),
      'approval_status', jsonb_build_array(null, new.approval_status),
      'rejection_reason', jsonb_build_array(null, new.rejection_reason),
      'reviewed_at', jsonb_build_array(null, new.reviewed_at),
      'reviewed_by', jsonb_build_array(null, new.reviewed_by));
    perform khidma.write_audit('profiles', 'company_profiles', 'insert', new.user_id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'user_id', jsonb_build_array(old.user_id, null),
      'company_name', jsonb_build_array(old.company_name, null),
      'business_type', jsonb_build_array(old.business_type, null),
      'industry', jsonb_build_array(old.industry, null),
      'registration_number', jsonb_build_array(old.registration_number, null),
      'contact_person_name', jsonb_build_array(old.contact_person_name, null),
      'contact_person_title', jsonb_build_array(old.contact_person_title, null),
      'email', jsonb_build_array(old.email, null),
      'phone', jsonb_build_array(old.phone, null),
      'city', jsonb_build_array(old.city, null),
      'country', jsonb_build_array(old.country, null),
      'bio', jsonb_build_array(old.bio, null),
      'website_url', jsonb_build_array(old.website_url, null),
      'logo_media_id', jsonb_build_array(old.logo_media_id, null),
      'status', jsonb_build_array(old.status, null),
      'approval_status', jsonb_build_array(old.approval_status, null),
      'rejection_reason', jsonb_build_array(old.rejection_reason, null),
      'reviewed_at', jsonb_build_array(old.reviewed_at, null),
      'reviewed_by', jsonb_build_array(old.reviewed_by, null));
    perform khidma.write_audit('profiles', 'company_profiles', 'delete', old.user_id::text, old.user_id, changes);
    return null;
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.company_name is distinct from old.company_name then
    changes := changes || jsonb_build_object('company_name', jsonb_build_array(old.company_name, new.company_name));
  end if;
  if new.business_type is distinct from old.business_type then
    changes := changes || jsonb_build_object('business_type', jsonb_build_array(old.business_type, new.business_type));
  end if;
  if new.industry is distinct from old.industry then
    changes := changes || jsonb_build_object('industry', jsonb_build_array(old.industry, new.industry));
  end if;
  if new.registration_number is distinct from old.registration_number then
    changes := changes || jsonb_build_object('registration_number', jsonb_build_array(old.registration_number, new.registration_number));
  end if;
  if new.contact_person_name is distinct from old.contact_person_name then
    changes := changes || jsonb_build_object('contact_person_name', jsonb_build_array(old.contact_person_name, new.contact_person_name));
  end if;
  if new.contact_person_title is distinct from old.contact_person_title then
    changes := changes || jsonb_build_object('contact_person_title', jsonb_build_array(old.contact_person_title, new.contact_person_title));
  end if;
  if new.email is distinct from old.email then
    changes := changes || jsonb_build_object('email', jsonb_build_array(old.email, new.email));
  end if;
  if new.phone is distinct from old.phone then
    changes := changes || jsonb_build_object('phone', jsonb_build_array(old.phone, new.phone));
  end if;
  if new.city is distinct from old.city then
    changes := changes || jsonb_build_object('city', jsonb_build_array(old.city, new.city));
  end if;
  if new.country is distinct from old.country then
    changes := changes || jsonb_build_object('country', jsonb_build_array(old.country, new.country));
  end if;
  if new.bio is distinct from old.bio then
    changes := changes || jsonb_build_object('bio', jsonb_build_array(old.bio, new.bio));
  end if;
  if new.website_url is distinct from old.website_url then
    changes := changes || jsonb_build_object('website_url', jsonb_build_array(old.website_url, new.website_url));
  end if;
  if new.logo_media_id is distinct from old.logo_media_id then
    changes := changes || jsonb_build_object('logo_media_id', jsonb_build_array(old.logo_media_id, new.logo_media_id));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.approval_status is distinct from old.approval_status then
    changes := changes || jsonb_build_object('approval_status', jsonb_build_array(old.approval_status, new.approval_status));
  end if;
  if new.rejection_reason is distinct from old.rejection_reason then
    changes := changes || jsonb_build_object('rejection_reason', jsonb_build_array(old.rejection_reason, new.rejection_reason));
  end if;
  if new.reviewed_at is distinct from old.reviewed_at then
    changes := changes || jsonb_build_object('reviewed_at', jsonb_build_array(old.reviewed_at, new.reviewed_at));
  end if;
  if new.reviewed_by is distinct from old.reviewed_by then
    changes := changes || jsonb_build_object('reviewed_by', jsonb_build_array(old.reviewed_by, new.reviewed_by));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('profiles', 'company_profiles', 'update', new.user_id::text, new.user_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_candidate_profiles() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'user_id', jsonb_build_array(null, new.user_id),
      'city', jsonb_build_array(null, new.city),
      'experience_years', jsonb_build_array(null, new.experience_years),
      'preferred_roles', jsonb_build_array(null, new.preferred_roles),
      'skills', jsonb_build_array(null, new.skills),
      'expected_salary_currency', jsonb_build_array(null, new.expected_salary_currency),
      'resume_media_id', jsonb_build_array(null, new.resume_media_id),
      'status', jsonb_build_array(null, new.status),
      'visibility', jsonb_build_array(null, new.visibility),
      'looking_for_work', jsonb_build_array(null, new.looking_for_work));
    perform khidma.write_audit('profiles', 'candidate_profiles', 'insert', new.user_id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'user_id', jsonb_build_array(old.user_id, null),
      'city', jsonb_build_array(old.city, null),
      'experience_years', jsonb_build_array(old.experience_years, null),
      'preferred_roles', jsonb_build_array(old.preferred_roles, null),
      'skills', jsonb_build_array(old.skills, null),
      'expected_salary_currency', jsonb_build_array(old.expected_salary_currency, null),
      'resume_media_id', jsonb_build_array(old.resume_media_id, null),
      'status', jsonb_build_array(old.status, null),
      'visibility', jsonb_build_array(old.visibility, null),
      'looking_for_work', jsonb_build_array(old.looking_for_work, null));
    perform khidma.write_audit('profiles', 'candidate_profiles', 'delete', old.user_id::text, old.user_id, changes);
    return null;
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.city is distinct from old.city then
    changes := changes || jsonb_build_object('city', jsonb_build_array(old.city, new.city));
  end if;
  if new.experience_years is distinct from old.experience_years then
    changes := changes || jsonb_build_object('experience_years', jsonb_build_array(old.experience_years, new.experience_years));
  end if;
  if new.preferred_roles is distinct from old.preferred_roles then
    changes := changes || jsonb_build_object('preferred_roles', jsonb_build_array(old.preferred_roles, new.preferred_roles));
  end if;
  if new.skills is distinct from old.skills then
    changes := changes || jsonb_build_object('skills', jsonb_build_array(old.skills, new.skills));
  end if;
  if new.expected_salary_currency is distinct from old.expected_salary_currency then
    changes := changes || jsonb_build_object('expected_salary_currency', jsonb_build_array(old.expected_salary_currency, new.expected_salary_currency));
  end if;
  if new.resume_media_id is distinct from old.resume_media_id then
    changes := changes || jsonb_build_object('resume_media_id', jsonb_build_array(old.resume_media_id, new.resume_media_id));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.visibility is distinct from old.visibility then
    changes := changes || jsonb_build_object('visibility', jsonb_build_array(old.visibility, new.visibility));
  end if;
  if new.looking_for_work is distinct from old.looking_for_work then
    changes := changes || jsonb_build_object('looking_for_work', jsonb_build_array(old.looking_for_work, new.looking_for_work));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('profiles', 'candidate_profiles', 'update', new.user_id::text, new.user_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_languages() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'code', jsonb_build_array(null, new.code),
      'name', jsonb_build_array(null, new.name),
      'native_name', jsonb_build_array(null, new.native_name),
      'is_active', jsonb_build_array(null, new.is_active),
      'is_default', jsonb_build_array(null, new.is_default),
      'sort_order', jsonb_build_array(null, new.sort_order));
    perform khidma.write_audit('profiles', 'languages', 'insert', null::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'code', jsonb_build_array(old.code, null),
      'name', jsonb_build_array(old.name, null),
      'native_name', jsonb_build_array(old.native_name, null),
      'is_active', jsonb_build_array(old.is_active, null),
      'is_default', jsonb_build_array(old.is_default, null),
      'sort_order', jsonb_build_array(old.sort_order, null));
    perform khidma.write_audit('profiles', 'languages', 'delete', null::text, null, changes);
    return null;
  end if;
  if new.code is distinct from old.code then
    changes := changes || jsonb_build_object('code', jsonb_build_array(old.code, new.code));
  end if;
  if new.name is distinct from old.name then
    changes := changes || jsonb_build_object('name', jsonb_build_array(old.name, new.name));
  end if;
  if new.native_name is distinct from old.native_name then
    changes := changes || jsonb_build_object('native_name', jsonb_build_array(old.native_name, new.native_name));
  end if;
  if new.is_active is distinct from old.is_active then
    changes := changes || jsonb_build_object('is_active', jsonb_build_array(old.is_active, new.is_active));
  end if;
  if new.is_default is distinct from old.is_default then
    changes := changes || jsonb_build_object('is_default', jsonb_build_array(old.is_default, new.is_default));
  end if;
  if new.sort_order is distinct from old.sort_order then
    changes := changes || jsonb_build_object('sort_order', jsonb_build_array(old.sort_order, new.sort_order));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('profiles', 'languages', 'update', null::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_addresses() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'user_id', jsonb_build_array(null, new.user_id),
      'city', jsonb_build_array(null, new.city),
      'district', jsonb_build_array(null, new.district),
      'region', jsonb_build_array(null, new.region),
      'country', jsonb_build_array(null, new.country),
      'is_default', jsonb_build_array(null, new.is_default));
    perform khidma.write_audit('profiles', 'addresses', 'insert', new.id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'user_id', jsonb_build_array(old.user_id, null),
      'city', jsonb_build_array(old.city, null),
      'district', jsonb_build_array(old.district, null),
      'region', jsonb_build_array(old.region, null),
      'country', jsonb_build_array(old.country, null),
      'is_default', jsonb_build_array(old.is_default, null));
    perform khidma.write_audit('profiles', 'addresses', 'delete', old.id::text, old.user_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.city is distinct from old.city then
    changes := changes || jsonb_build_object('city', jsonb_build_array(old.city, new.city));
  end if;
  if new.district is distinct from old.district then
    changes := changes || jsonb_build_object('district', jsonb_build_array(old.district, new.district));
  end if;
  if new.region is distinct from old.region then
    changes := changes || jsonb_build_object('region', jsonb_build_array(old.region, new.region));
  end if;
  if new.country is distinct from old.country then
    changes := changes || jsonb_build_object('country', jsonb_build_array(old.country, new.country));
  end if;
  if new.is_default is distinct from old.is_default then
    changes := changes || jsonb_build_object('is_default', jsonb_build_array(old.is_default, new.is_default));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('profiles', 'addresses', 'update', new.id::text, new.user_id, changes);
  end if;
  return null;
end $$;
