-- Refuses to change what a version says: an edit makes another version. A picture that was deleted leaves the version without one.
create or replace function khidma.guard_version_content() returns trigger language plpgsql as $$
begin
  if (new.profile_id, new.user_id, new.number, new.display_name, new.bio, new.location, new.business_name, new.experience_years,
      new.attributes, new.tags, new.price_amount, new.price_currency)
     is distinct from
     (old.profile_id, old.user_id, old.number, old.display_name, old.bio, old.location, old.business_name, old.experience_years,
      old.attributes, old.tags, old.price_amount, old.price_currency)
     or (new.avatar_media_id is distinct from old.avatar_media_id and new.avatar_media_id is not null) then
    raise exception 'a version of a role profile is written once';
  end if;
  return new;
end $$;

-- Guards the two pointers of a profile: the public one moves only to an approved version of the same profile, the pending one only to an open
-- one. This is what keeps an unapproved edit from the public, whoever writes the pointer.
create or replace function khidma.guard_version_pointers() returns trigger language plpgsql as $$
begin
  if new.public_version_id is not null and not exists (
       select from role_profile_versions v
        where v.id = new.public_version_id and v.profile_id = new.id and v.approval_status = 'approved') then
    raise exception 'the public version of a role profile must be an approved version of it';
  end if;
  if new.pending_version_id is not null and not exists (
       select from role_profile_versions v
        where v.id = new.pending_version_id and v.profile_id = new.id and v.approval_status in ('draft', 'pending')) then
    raise exception 'the pending version of a role profile must be an open version of it';
  end if;
  return new;
end $$;

-- Writes a new version of a profile from its newest one and the changes, by the names of columns. It takes the place of a version that is
-- still open, and waits for a decision where the profile was submitted. Nothing is written where nothing differs. The caller holds the
-- lock of the profile.
create or replace function khidma.revise_role_profile(p_profile uuid, p_version uuid, p_changes jsonb) returns void language plpgsql as $$
declare
  profile role_profiles;
  newest role_profile_versions;
  revised role_profile_versions;
begin
  select * into strict profile from role_profiles p where p.id = p_profile for update;
  select * into newest from role_profile_versions v where v.profile_id = p_profile order by v.number desc limit 1;
  revised := jsonb_populate_record(newest, p_changes);
  if newest.id is not null and to_jsonb(revised) = to_jsonb(newest) then
    return;
  end if;
  update role_profiles set pending_version_id = null where id = p_profile and pending_version_id is not null;
  update role_profile_versions set approval_status = 'superseded' where profile_id = p_profile and approval_status in ('draft', 'pending');
  insert into role_profile_versions (id, profile_id, user_id, number, display_name, bio, location, avatar_media_id, business_name,
                                     experience_years, attributes, tags, price_amount, price_currency, approval_status)
  values (p_version, p_profile, profile.user_id, coalesce(newest.number, 0) + 1, revised.display_name, revised.bio, revised.location,
          revised.avatar_media_id, revised.business_name, revised.experience_years, revised.attributes, coalesce(revised.tags, '{}'),
          revised.price_amount, revised.price_currency, case when profile.status = 'draft' then 'draft' else 'pending' end);
  update role_profiles set pending_version_id = p_version, approval_status = 'pending', rejection_reason = null where id = p_profile;
end $$;

-- Locks the profile of a version before the version, in which order edits lock them too. Refuses a version that is not there (404), and staff
-- who decide about themselves (403).
create or replace function khidma.lock_version_for_decision(p_version uuid) returns void language plpgsql as $$
declare
  owner uuid;
begin
  select p.user_id into owner from role_profiles p join role_profile_versions v on v.profile_id = p.id
   where v.id = p_version and p.deleted_at is null for update of p;
  if owner is null then
    perform khidma.refuse(404, 'not_found');
  end if;
  if owner = khidma.actor_id() then
    perform khidma.refuse(403, 'forbidden');
  end if;
  perform from role_profile_versions v where v.id = p_version for update;
end $$;

-- Approves a version that waits, of a profile that has all that is required: it is public from now on. The machine refuses every other state, so that a version which was edited
-- since is never approved.
create or replace function khidma.approve_role_profile_version(version_id uuid) returns void language plpgsql as $$
begin
  perform khidma.lock_version_for_decision(version_id);
  perform khidma.require_all('role_profile', v.profile_id) from role_profile_versions v where v.id = version_id;
  update role_profile_versions set approval_status = 'approved', reviewed_at = now(), reviewed_by = khidma.actor_id() where id = version_id;
end $$;

-- Rejects a version that waits. The public version stays.
create or replace function khidma.reject_role_profile_version(version_id uuid, reason text) returns void language plpgsql as $$
begin
  perform khidma.lock_version_for_decision(version_id);
  perform khidma.give_reason(reason);
  update role_profile_versions set approval_status = 'rejected', rejection_reason = reason, reviewed_at = now(), reviewed_by = khidma.actor_id()
   where id = version_id;
end $$;

-- Marks a profile whose first version was submitted as waiting.
create or replace function khidma.after_role_profile_version_pending(v role_profile_versions) returns void language plpgsql as $$
begin
  update role_profiles set approval_status = 'pending' where id = v.profile_id and approval_status <> 'pending';
end $$;

-- Makes an approved version the public one.
create or replace function khidma.after_role_profile_version_approved(v role_profile_versions) returns void language plpgsql as $$
begin
  update role_profiles set public_version_id = v.id, pending_version_id = null, approval_status = 'approved', rejection_reason = null,
                           approved_at = now()
   where id = v.profile_id;
end $$;

-- Tells the profile why its newest version was rejected.
create or replace function khidma.after_role_profile_version_rejected(v role_profile_versions) returns void language plpgsql as $$
begin
  update role_profiles set pending_version_id = null, approval_status = 'rejected', rejection_reason = v.rejection_reason where id = v.profile_id;
end $$;

-- Approves the version that waits in the system's name, where policy lets the system decide alone about its owner and nothing required is
-- missing. It fires where both the case is open and the profile points at the version: on the pointer after an edit, on the version as a draft is
-- submitted.
create or replace function khidma.approve_version_alone() returns trigger language plpgsql as $$
declare
  profile uuid := case tg_table_name when 'role_profiles' then to_jsonb(new) ->> 'id' else to_jsonb(new) ->> 'profile_id' end;
begin
  if khidma.approves_alone('role_profile_version', new.user_id) and khidma.requirements_met('role_profile', profile) then
    update role_profile_versions v set approval_status = 'approved', reviewed_at = now(), reviewed_by = null from role_profiles p
     where p.id = profile and p.status = 'active' and v.id = p.pending_version_id and v.approval_status = 'pending';
  end if;
  return null;
end $$;

-- Ends the version that waits when its profile is deleted: nobody is to decide about it any more.
create or replace function khidma.end_open_versions() returns trigger language plpgsql as $$
begin
  update role_profiles set pending_version_id = null where id = new.id and pending_version_id is not null;
  update role_profile_versions set approval_status = 'superseded' where profile_id = new.id and approval_status in ('draft', 'pending');
  return null;
end $$;

-- Returns whether a profile is listed: the one condition for the directory, the public page of a profile, its pictures and the booking of its
-- services. Listed is who can be booked.
create or replace function khidma.is_role_profile_listed(p role_profiles) returns boolean language plpgsql stable as $$
begin
  return (
    select p.deleted_at is null and p.status = 'active' and p.is_public and p.public_version_id is not null and p.verification_status <> 'rejected'
       and exists (select from tasker_profiles t join users u on u.id = t.user_id
                    where t.user_id = p.user_id and t.status in ('active', 'at_risk') and u.status = 'active'));
end $$;
